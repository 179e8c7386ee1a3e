"""A film that shows itself in a notebook."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from landscape.checks import limit_in_bytes
from landscape.prepare import Prepared
from landscape.render import Progress, Written, write_film, write_still

__all__ = ["Animation"]


class Animation:
    """A film of optimizers moving over a surface; in a notebook it shows itself.

    Attributes: `recipe`, everything that the film depends on; `surface`; `trajectories`.
    """

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self.recipe = prepared.recipe
        self.surface = prepared.surface
        self.trajectories = prepared.trajectories

    def __repr__(self) -> str:
        names = ", ".join(path.label for path in self.trajectories)
        return f"<animation of {names} on {self.surface.name}: save(path) writes it>"

    def save(
        self,
        path: str | Path,
        *,
        max_mb: float | None = None,
        progress: Progress | None = None,
        report: Callable[[str], None] = lambda _: None,
    ) -> Written:
        """Write the film, or with a suffix of .svg or .pdf its last frame.

        Parameters: `path` ends in .gif, .mp4, .webm, .webp, .apng, or has no suffix for a folder of
        frames; `max_mb` is met by fewer frames, colours and pixels; `progress` is called with
        (frames done, frames in all); `report` is told what was done to meet `max_mb`.

        Raises LandscapeError if the file cannot be written.
        """
        if Path(path).suffix.lower() in (".svg", ".pdf"):
            return write_still(self._prepared, path)
        most = limit_in_bytes(max_mb)
        return write_film(self._prepared, path, max_bytes=most, progress=progress, report=report)

    @cached_property
    def _gif(self) -> bytes:
        import tempfile

        with tempfile.TemporaryDirectory(prefix="landscape-") as folder:
            path = Path(folder) / "film.gif"
            write_film(self._prepared, path)
            return path.read_bytes()

    def _repr_html_(self) -> str:
        from base64 import b64encode

        data = b64encode(self._gif).decode("ascii")
        names = ", ".join(path.label for path in self.trajectories)
        said = f"{names} on {self.surface.name}".replace("&", "&amp;").replace('"', "&quot;")
        said = said.replace("<", "&lt;")
        return f'<img alt="{said}" src="data:image/gif;base64,{data}">'
