from __future__ import annotations

from pathlib import Path

import pytest

from landscape.checks import check_job, format_of
from landscape.errors import LandscapeError
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import write_film, write_still


@pytest.mark.parametrize(
    ("path", "kind", "format_"),
    [
        ("a.gif", "film", "gif"),
        ("a.GIF", "film", "gif"),
        ("a.png", "film", "apng"),
        ("a.png", "still", "png"),
        ("frames", "film", "frames"),
        ("v1.2/", "film", "frames"),
        ("./frames", "film", "frames"),
    ],
)
def test_the_format_of_a_path(path: str, kind: str, format_: str) -> None:
    assert format_of(path, kind) == format_


@pytest.mark.parametrize("path", ["a.gfi", "a.pdf", "a.gif.", "a.", "a.b.c"])
def test_no_format(path: str) -> None:
    with pytest.raises(LandscapeError, match="no film"):
        format_of(path, "film")


def test_a_check_writes_nothing(tmp_path: Path) -> None:
    recipe = Recipe()
    for name in ("a.gif", "a.mp4", "a.webp", "a.apng", "frames"):
        check_job(recipe, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("speed", [1, 3, 50])
def test_progress_and_frames(speed: int, tmp_path: Path) -> None:
    ready = prepare(Recipe(optimizers=("gd",), steps=10, speed=speed, size="240x220"))
    seen: list[tuple[int, int]] = []
    written = write_film(
        ready, tmp_path / "a.gif", progress=lambda done, total: seen.append((done, total))
    )
    assert written.bytes == (tmp_path / "a.gif").stat().st_size
    assert seen == [(k + 1, written.frames) for k in range(written.frames)]


def test_the_user_s_settings_change_nothing(tmp_path: Path) -> None:
    import matplotlib as mpl

    ready = prepare(Recipe(kind="still", format="svg", optimizers=("gd",), steps=2))
    first = write_still(ready, tmp_path / "a.svg").path.read_bytes()
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert write_still(ready, tmp_path / "b.svg").path.read_bytes() == first
        assert mpl.rcParams["font.size"] == 30
