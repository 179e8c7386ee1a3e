from __future__ import annotations

import io
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape.animation.metadata import (
    pack,
    read_recipe,
    still_metadata,
    unpack,
)
from landscape.animation.writers import FilmSpec, open_writer
from landscape.errors import LandscapeError

RECIPE = (
    "# é 😀 日本 ∇f ≤ −½ -- <b>&amp;</b> ]]> */ -->\n"
    'title = "a \\"quoted\\" \'name\' (with) [all] {kinds} \\\\ of %s"\n'
    "\n[surface]\n\tname = 'beale'   \n\n"
    'text = """\n  two\n  lines \u2028 \u0085 \ufeff"""\n' + "# filler\n" * 400 + "\n"
)
AWKWARD = [
    RECIPE,
    RECIPE.replace("\n", "\r\n"),
    "a = 1",
    "\n \t a = 1 \n\n",
    "base64:YQ==",
    "nul \0 escape \x1b noncharacter \uffff end",
    "(((\\) \\n \\051 unbalanced",
    "þÿ latin",
]
FILMS = [".gif", ".mp4", ".webm", ".webp", ".apng", ".png", ""]
STILLS = [".png", ".svg", ".pdf"]


def make_film(path: Path, recipe: str) -> Path:
    palette = np.array([[0, 0, 0], [200, 30, 60]], np.uint8)
    with open_writer(path, FilmSpec((16, 12), 10, 0, 0, recipe, palette)) as film:
        for index in range(2):
            frame = np.full((12, 16), index, np.uint8)
            film.write(frame if film.indexed else palette[frame])
    return path


def make_still(path: Path, recipe: str) -> Path:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "landscape"}):
        figure = Figure(figsize=(1, 1))
        figure.add_subplot().plot([1, 2])
        metadata: Any = still_metadata(path.suffix, recipe)
        figure.savefig(path, metadata=metadata)
    return path


@pytest.mark.parametrize("suffix", FILMS)
def test_films_keep_the_recipe(tmp_path: Path, suffix: str) -> None:
    for number, recipe in enumerate(AWKWARD):
        assert read_recipe(make_film(tmp_path / f"film{number}{suffix}", recipe)) == recipe


@pytest.mark.parametrize("suffix", STILLS)
def test_stills_keep_the_recipe(tmp_path: Path, suffix: str) -> None:
    for number, recipe in enumerate(AWKWARD):
        assert read_recipe(make_still(tmp_path / f"still{number}{suffix}", recipe)) == recipe


@pytest.mark.parametrize("suffix", STILLS)
def test_stills_repeat_and_name_landscape_only(tmp_path: Path, suffix: str) -> None:
    first = make_still(tmp_path / f"a{suffix}", "a = 1\n").read_bytes()
    assert first == make_still(tmp_path / f"b{suffix}", "a = 1\n").read_bytes()
    assert b"matplotlib v" not in first.lower()
    assert b"matplotlib version" not in first.lower()
    assert b"CreationDate" not in first
    assert b"dc:date" not in first


@given(st.text())
def test_packing_is_undone_and_safe(recipe: str) -> None:
    stored = pack(recipe)
    assert unpack(stored) == recipe
    assert "\0" not in stored
    assert "\r" not in stored


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.text(min_size=1, max_size=600), st.sampled_from([".gif", ".webp", ".apng"]))
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, text: str, end: str) -> None:
    place = tmp_path_factory.getbasetemp() / f"any{end}"
    assert read_recipe(make_film(place, text)) == text


def test_other_readers_see_the_recipe(tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(make_film(tmp_path / "film.gif", RECIPE)) as image:
        assert image.info["comment"].decode() == RECIPE
    with Image.open(make_film(tmp_path / "film.png", RECIPE)) as image:
        assert image.info["landscape-recipe"] == RECIPE
    with Image.open(make_film(tmp_path / "film.webp", RECIPE)) as image:
        assert "beale" in image.info["xmp"].decode()
    assert (make_film(tmp_path / "film", RECIPE) / "recipe.toml").read_bytes() == RECIPE.encode()


def test_a_gif_that_lost_the_mark_keeps_a_toml_recipe(tmp_path: Path) -> None:
    from landscape.animation.metadata import GIF_MAKER

    path = make_film(tmp_path / "film.gif", "a = 'é'\n")
    data = path.read_bytes()
    assert GIF_MAKER in data
    path.write_bytes(data.replace(GIF_MAKER, b""))
    assert read_recipe(path) == "a = 'é'\n"


@pytest.mark.parametrize("suffix", FILMS)
def test_a_film_without_recipe_is_told(tmp_path: Path, suffix: str) -> None:
    with pytest.raises(LandscapeError, match="has no recipe"):
        read_recipe(make_film(tmp_path / f"film{suffix}", ""))


def test_a_foreign_comment_is_no_recipe(tmp_path: Path) -> None:
    import av
    from matplotlib.figure import Figure
    from PIL import Image, PngImagePlugin

    picture = Image.new("P", (8, 8))
    picture.save(tmp_path / "a.gif", comment=b"Created with \xe9 GIMP")
    text = PngImagePlugin.PngInfo()
    text.add_text("Description", "a = 1")
    picture.save(tmp_path / "a.png", pnginfo=text)
    picture.convert("RGB").save(tmp_path / "a.webp")
    with av.open(str(tmp_path / "a.mp4"), "w") as film:
        film.metadata["comment"] = "a = 1"
        stream = film.add_stream("libx264", rate=5)
        stream.width = stream.height = 16
        film.mux(stream.encode(av.VideoFrame(16, 16, "yuv420p")))
        film.mux(stream.encode(None))
    figure = Figure(figsize=(1, 1))
    figure.savefig(tmp_path / "a.svg", metadata={"Description": "a = 1"})
    figure.savefig(tmp_path / "a.pdf", metadata={"Subject": "a = 1"})
    (tmp_path / "b.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>')
    (tmp_path / "folder").mkdir()
    for name in ["a.gif", "a.png", "a.webp", "a.mp4", "a.svg", "a.pdf", "b.svg", "folder"]:
        with pytest.raises(LandscapeError, match="has no recipe"):
            read_recipe(tmp_path / name)


@pytest.mark.parametrize("suffix", [".gif", ".mp4", ".webm", ".webp", ".png", ".svg", ".pdf"])
def test_damaged_and_missing_files_are_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"film{suffix}"
    with pytest.raises(LandscapeError, match="no such file"):
        read_recipe(path)
    for data in (b"", b"nonsense" * 50, b"\x89PNG\r\n\x1a\n\xff\xff\xff\xffiTXt", b"GIF89a"):
        path.write_bytes(data)
        with pytest.raises(LandscapeError, match="damaged") as caught:
            read_recipe(path)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png", ".mp4", ".webm", ".svg", ".pdf"])
def test_a_cut_file_ends_in_the_recipe_or_an_error(tmp_path: Path, suffix: str) -> None:
    make = make_still if suffix in (".svg", ".pdf") else make_film
    whole = make(tmp_path / f"whole{suffix}", "a = 'é'\n").read_bytes()
    cut = tmp_path / f"cut{suffix}"
    refused = 0
    for length in range(0, len(whole), max(1, len(whole) // 40)):
        cut.write_bytes(whole[:length])
        try:
            assert read_recipe(cut) == "a = 'é'\n"
        except LandscapeError:
            refused += 1
    assert refused > 0


def test_unknown_kinds_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(LandscapeError, match=r"unknown picture format '\.jpg'"):
        read_recipe(tmp_path / "a.jpg")
    with pytest.raises(LandscapeError, match=r"unknown picture format '\.gif'"):
        still_metadata(".gif", "")


def test_half_a_surrogate_is_told(tmp_path: Path) -> None:
    with pytest.raises(LandscapeError, match="character 4"):
        still_metadata(".png", "a = \ud800")
    for suffix in FILMS:
        with pytest.raises(LandscapeError, match="character 4"):
            make_film(tmp_path / f"film{suffix}", "a = \ud800")
    assert list(tmp_path.iterdir()) == []


def test_reading_needs_neither_pillow_nor_matplotlib(tmp_path: Path) -> None:
    path = make_film(tmp_path / "film.png", "a = 1\n")
    code = (
        "import sys; from landscape.animation.metadata import read_recipe\n"
        "print(repr(read_recipe(sys.argv[1])), {'av', 'PIL', 'matplotlib'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, path], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "'a = 1\\n' set()"


def test_matplotlib_takes_the_metadata_without_warning() -> None:
    from matplotlib.figure import Figure

    for suffix in STILLS:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            metadata: Any = still_metadata(suffix, RECIPE)
            Figure(figsize=(1, 1)).savefig(io.BytesIO(), format=suffix[1:], metadata=metadata)
