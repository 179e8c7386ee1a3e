"""A folder of numbered PNG frames and the recipe, for editors that make their own film of them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from landscape.animation.metadata import check_text
from landscape.animation.writers.base import Writer
from landscape.animation.writers.png import SIGNATURE, chunk, header, pack_pixels
from landscape.files import RECIPE_FILE, atomic_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["FolderWriter"]


class FolderWriter(Writer):
    """Writes frame-00000.png, frame-00001.png, … and recipe.toml; each `write` makes one file.

    `fps`, `hold` and `loop` have no place in a folder but in the recipe.
    """

    folder: ClassVar[bool] = True
    _place: Path

    def _output(self) -> AbstractContextManager[Path]:
        return atomic_folder(self.path)

    def _begin(self, temporary: Path) -> None:
        self._place = temporary
        (temporary / RECIPE_FILE).write_bytes(check_text(self.spec.recipe))

    def _add(self, frame: NDArray[np.uint8]) -> None:
        width, height = self.spec.size
        picture = chunk(b"IDAT", pack_pixels(frame)) + chunk(b"IEND", b"")
        name = f"frame-{self.count:05d}.png"
        (self._place / name).write_bytes(SIGNATURE + header(width, height, 3) + picture)

    def _finish(self) -> None:
        """Do nothing: every file is closed already."""

    def _release(self) -> None:
        """Do nothing, for the same reason."""
