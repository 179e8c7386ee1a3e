"""The key names the marks that the picture has, and no others."""

from __future__ import annotations

from typing import Any

import pytest

from landscape.drawing.key import KeyMark, is_flat, key_marks, key_rows
from landscape.drawing.scene import picture_style
from landscape.drawing.text import format_levels, format_within
from landscape.prepare import prepare
from landscape.recipe import Recipe
from landscape.render import draw_still
from landscape.surfaces.lookup import surface


def said(surface: str, *rules: str, **values: Any) -> list[str]:
    ready = prepare(Recipe(kind="still", format="png", surface=surface, optimizers=rules, **values))
    marks = key_marks(ready.surface, ready.trajectories, started=bool(rules))
    return [mark.said for mark in marks]


@pytest.mark.parametrize(
    ("surface", "rules", "values", "wanted"),
    [
        ("sphere", (), {}, ["minimum"]),
        ("sphere", ("gd",), {}, ["start", "minimum"]),
        ("himmelblau", (), {}, ["minimum", "saddle"]),
        ("two_wells", (), {}, ["lowest minimum", "other minimum", "saddle"]),
        ("two_wells", (), {"bounds": (0.5, 2, -1, 1)}, ["minimum"]),
        ("saddle", ("gd", "adam"), {}, ["start", "saddle", "left"]),
        ("log(x) + y**2", ("gd:lr=1",), {"start": (0.5, 0.5)}, ["start", "no value"]),
        ("sphere", ("gd:lr=10",), {"steps": 600}, ["start", "minimum", "left"]),
    ],
)
def test_marks(
    surface: str, rules: tuple[str, ...], values: dict[str, Any], wanted: list[str]
) -> None:
    assert said(surface, *rules, **values) == wanted


@pytest.mark.parametrize(
    ("start", "steps", "more", "left"),
    [
        # The last iterate is beyond the domain, and in sight.
        ((0.5, 2.0), 3, {}, False),
        ((0.5, 2.0), 20, {}, True),
        ((0.5, 2.0), 3, {"view": "both"}, True),  # its contours end at the domain
        ((0.5, 0.1), 3, {}, False),
    ],
)
def test_the_key_says_which_paths_leave_a_page_of_three_dimensions(
    start: tuple[float, float], steps: int, more: dict[str, Any], left: bool
) -> None:
    given = {"view": "3d", "surface": "x**2 - y**2", "optimizers": ("gd:lr=0.1",)}
    assert ("left" in written(**{**given, "start": start, "steps": steps, **more})) == left


DATA = "data:line,n=40,noise=2,scaling=standard"


def written(**values: Any) -> list[str]:
    from matplotlib.text import Text

    given: dict[str, Any] = {"kind": "still", "format": "png", "surface": DATA, "steps": 4}
    with picture_style():
        figure = draw_still(prepare(Recipe(**{**given, **values})))
    return [text.get_text() for text in figure.findobj(Text)]


def test_the_key_says_whose_batch_has_level_lines() -> None:
    two = ("adam:lr=0.1", "gd:lr=0.1,batch=3,label=Three")
    assert "loss on Three's batch" in written(optimizers=two, batch_lines=True)
    assert "loss on Adam's batch" in written(optimizers=two, batch_lines=True, batch=8)
    assert not any("batch" in said for said in written(optimizers=("adam:lr=0.1",)))


def test_the_legend_says_how_large_batches_are() -> None:
    two = ("gd:lr=0.1", "gd:lr=0.1,batch=3,label=Three")
    said = written(optimizers=two, batch=8, caption="A caption of my own.")
    assert "lr 0.1, batch 8" in said
    assert "lr 0.1, batch 3" in said
    assert "gradients on 8 examples" not in " ".join(written(optimizers=two, batch=8))
    # Where the legend tells minima, or is not there, the line beneath the heading does.
    assert "gradients on 8 examples" in " ".join(written(optimizers=two[:1], batch=8, fan=3))
    assert "gradients on 8 examples" in " ".join(written(optimizers=two, batch=8, legend=False))


def test_a_batch_of_all_is_none() -> None:
    assert "lr 0.1" in written(optimizers=("gd:lr=0.1",))


def test_rows_are_no_wider_than_the_legend() -> None:
    marks = [KeyMark("start", word) for word in ("start", "minimum", "other minimum", "saddle")]
    assert [[mark.said for mark in row] for row in key_rows(marks)] == [
        ["start", "minimum"],
        ["other minimum", "saddle"],
    ]
    assert key_rows([]) == []


MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("levels", "wanted"),
    [
        ([0.0, 1.52, 5.7612, 10.5, 18.0], ["0", "1.52", "5.76", "10.5", "18"]),
        ([0.0, 2e-5, 3e-4], ["0", "2.0e" + MINUS + "5", "3.0e" + MINUS + "4"]),
        ([3.0, 145.0, 3386.0, 42700.0, 1015687.0], ["3", "145", "3386", "42700", "1015687"]),
        ([0.0, 725.0, 32020.0, 2.9e7], ["0", "7.2e2", "3.2e4", "2.9e7"]),
        ([1.99996, 2.0, 2.00004], ["1.99996", "2", "2.00004"]),
        ([1e8, 1e8 + 4.5, 1e8 + 18], ["1.0e8", "+4.5", "+18"]),
        ([-1e8 - 3, -1e8], [MINUS + "100000003", "+3"]),
    ],
)
def test_levels_have_one_style_and_are_told_apart(levels: list[float], wanted: list[str]) -> None:
    assert format_levels(levels) == wanted


def test_a_number_has_the_digits_that_its_range_needs() -> None:
    assert format_within(100.5, 0.5) == "100.5"
    assert format_within(100.5, 200.0) == "100"
    assert format_within(100000005.0, 10.0) == "100000005"
    assert format_within(1e8, 10.0) == "1.0e8"


def test_the_colours_tell_levels_apart() -> None:
    said = written(surface="1e8 + x**2 + y**2", optimizers=(), size="800x600")
    assert "1.0e8" in said
    assert sum(one.startswith("+") for one in said) >= 2
    near = written(surface="x**2 + y**2", bounds=(0.99999, 1.00001, 0.99999, 1.00001))
    assert "2" not in [one for one in near if near.count(one) > 1]
    assert any(one.startswith("1.9999") for one in near)


def test_a_flat_surface_is_found() -> None:
    assert is_flat(surface("0*x + 3"), [2.5, 3.0, 3.5])
    # Levels such as these may be those of a surface that is not.
    assert not is_flat(surface("3 + tanh(x)/2"), [2.5, 3.0, 3.5])
