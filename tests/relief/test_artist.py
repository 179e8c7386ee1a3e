"""The surface as an artist: the same picture as the rasteriser's, made anew when it is to be."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from threading import current_thread
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from landscape.errors import LandscapeError
from landscape.relief import artist as module
from landscape.relief.artist import SurfaceArtist
from landscape.relief.rendering import Look, Rendered, hidden, render
from landscape.relief.view import View, view_of
from tests.relief.cameras import camera
from tests.relief.raycast import triangles, waves

Array = NDArray[Any]
SVG = "{http://www.w3.org/2000/svg}"
SIZE = (200, 150)


def look(width: float = 0.0) -> Look:
    ramp = np.linspace([0.9, 0.95, 1.0], [0.3, 0.4, 0.5], 8)
    return Look(ramp, line=(0.8, 0.2, 0.3), line_width=width)


def made(seed: int = 2, width: float = 0.0, clip: Any = None) -> SurfaceArtist:
    field = waves(seed)
    axes = camera(seed, field, SIZE)
    axes.set_axis_off()
    artist = SurfaceArtist(axes, field, look(width), clip)
    axes.add_artist(artist)
    return artist


def canvas_of(artist: SurfaceArtist) -> Any:
    return artist.axes3d.get_figure(root=True).canvas


def drawn(artist: SurfaceArtist) -> Array:
    """Return the figure as RGB (h, w, 3) floats."""
    canvas = canvas_of(artist)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].astype(float)


def alone(artist: SurfaceArtist, factor: float = 1.0, width: float = 0.0) -> Rendered:
    """Return what the rasteriser makes of the axes as they are now."""
    view = view_of(artist.axes3d).scaled(factor)
    x0, y0, x1, y1 = (factor * side for side in artist.clip.extents)
    return render(artist.relief, view, look(width), (x0, y0, x1, y1))


def on_white(rendered: Rendered, size: tuple[int, int] = SIZE) -> Array:
    """Return a white canvas of `size` with the picture at its place."""
    canvas = np.full((size[1], size[0], 3), 255.0)
    height, width = rendered.depth.shape
    top = size[1] - rendered.bottom - height
    rows = slice(max(top, 0), min(top + height, size[1]))
    columns = slice(max(rendered.left, 0), min(rendered.left + width, size[0]))
    part = rendered.rgba[
        rows.start - top : rows.stop - top,
        columns.start - rendered.left : columns.stop - rendered.left,
    ].astype(float)
    share = part[..., 3:] / 255
    canvas[rows, columns] = share * part[..., :3] + (1 - share) * 255
    return canvas


@pytest.mark.parametrize("seed", range(3))
def test_the_figure_shows_the_rasterisers_picture_in_its_place(seed: int) -> None:
    artist = made(seed)
    found, expected = drawn(artist), on_white(alone(artist))
    assert (expected < 250).any(axis=2).mean() > 0.05
    assert np.abs(found - expected).max() <= 2  # of a blend


def test_nothing_is_drawn_outside_the_clip() -> None:
    from matplotlib.transforms import Bbox

    artist = made(1, clip=Bbox.from_extents(60.7, 40.7, 139.3, 109.3))
    found = drawn(artist)
    # Whole pixels, the nearest ones.
    assert (found[41:109, 61:139] < 250).any()
    found[40:110, 61:140] = 255
    assert (found == 255).all()


CHANGES: dict[str, Any] = {
    "turned": lambda axes: axes.view_init(40, 10),
    "limits": lambda axes: axes.set_xlim(-3, 5),
    "moved": lambda axes: axes.set_position((0.2, 0.1, 0.5, 0.6)),
    "resized": lambda axes: axes.get_figure().set_size_inches(2.6, 1.2),
    "finer": lambda axes: axes.get_figure().set_dpi(150),
    "aspect": lambda axes: axes.set_box_aspect((1, 2, 1)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_drawn_anew_for_another_view(change: str) -> None:
    artist, fresh = made(), made()
    before = drawn(artist)
    for one in (artist, fresh):
        CHANGES[change](one.axes3d)
    after = drawn(artist)
    np.testing.assert_array_equal(after, drawn(fresh))
    assert after.shape != before.shape or (after != before).any(axis=2).mean() > 0.02


def test_the_same_view_is_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    artist = made()
    calls: list[int] = []

    def counted(*args: Any) -> Rendered:
        calls.append(1)
        return render(*args)

    monkeypatch.setattr(module, "render", counted)
    first = drawn(artist)
    np.testing.assert_array_equal(first, drawn(artist))
    assert len(calls) == 1
    artist.axes3d.view_init(20, 20)
    drawn(artist)
    assert len(calls) == 2


def turned(artist: SurfaceArtist, azimuths: list[float]) -> list[View]:
    """Return the views of cameras; the axes are left at the last one."""
    views = []
    for azimuth in azimuths:
        artist.axes3d.view_init(30.0, azimuth)
        views.append(view_of(artist.axes3d))
    return views


def test_what_is_foreseen_is_painted_once_and_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    artist = made()
    artist.axes3d.view_init(30.0, 0.0)
    artist.foresee(turned(artist, [10.0]))  # of which picture is not known yet
    assert not artist._coming
    drawn(artist)
    threads: list[str] = []

    def painted(*given: Any) -> Rendered:
        threads.append(current_thread().name)
        return render(*given)

    monkeypatch.setattr(module, "render", painted)
    angles = [20.0, 30.0, 40.0]
    artist.foresee(turned(artist, angles))
    artist.foresee(turned(artist, [30.0, 40.0, 50.0]))
    pictures = []
    for azimuth in (*angles, 50.0):
        artist.axes3d.view_init(30.0, azimuth)
        pictures.append(drawn(artist))
    assert len(threads) == 4
    assert all(name.startswith("landscape-painter") for name in threads)
    for azimuth, picture in zip((*angles, 50.0), pictures, strict=True):
        other = made()
        other.axes3d.view_init(30.0, azimuth)
        np.testing.assert_array_equal(picture, drawn(other))


def test_what_is_asked_for_instead_is_painted_and_the_rest_given_up() -> None:
    artist = made()
    drawn(artist)
    artist.foresee(turned(artist, [20.0, 30.0]))
    artist.axes3d.view_init(50.0, -100.0)
    np.testing.assert_allclose(drawn(artist), on_white(alone(artist)), atol=1.0)
    assert not artist._coming


def test_an_error_while_painting_ahead_is_raised_where_the_picture_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    artist = made()
    drawn(artist)

    def broken(*given: Any) -> Rendered:
        raise MemoryError("no room")

    with monkeypatch.context() as patch:
        patch.setattr(module, "render", broken)
        artist.foresee(turned(artist, [20.0]))
        with pytest.raises(MemoryError, match="no room"):
            drawn(artist)
    drawn(artist)  # the next one is painted again


@pytest.mark.parametrize("dpi", [100, 200])
def test_a_lines_width_is_in_points(dpi: int) -> None:
    artist = made(2, width=1.44)
    artist.axes3d.get_figure().set_dpi(dpi)
    found = drawn(artist)
    expected = on_white(alone(artist, width=1.44 * dpi / 72), (2 * dpi, 3 * dpi // 2))
    other = on_white(alone(artist, width=1.44), (2 * dpi, 3 * dpi // 2))
    away = (np.abs(found - expected).max(axis=2) > 2).mean()
    assert away < 0.01
    assert (np.abs(found - other).max(axis=2) > 2).mean() > 0.02


def test_what_lies_behind_is_hidden() -> None:
    artist = made()
    points = triangles(artist.relief).mean(axis=1)
    seen = artist.view.project(points)
    assert not artist.hidden(seen).any()  # nothing is drawn yet
    drawn(artist)
    found = artist.hidden(seen)
    np.testing.assert_array_equal(found, hidden(alone(artist).scene, seen))
    assert 0.05 < found.mean() < 0.95


def test_a_page_that_scales_pictures_has_one_of_three_pixels_for_one() -> None:
    artist = made()
    points = artist.view.project(triangles(artist.relief).mean(axis=1))
    drawn(artist)
    coarse = artist.hidden(points)
    file = io.BytesIO()
    artist.axes3d.get_figure().savefig(file, format="svg")
    images = ET.fromstring(file.getvalue()).findall(f".//{SVG}image")
    assert len(images) == 1
    from base64 import b64decode

    from PIL import Image

    link = images[0].get("{http://www.w3.org/1999/xlink}href")
    assert link is not None
    with Image.open(io.BytesIO(b64decode(link.partition(",")[2]))) as picture:
        found = np.asarray(picture.convert("RGBA")).astype(int)
    # A point of an SVG is a pixel of 72 to an inch.
    figure = artist.axes3d.get_figure()
    figure.set_dpi(72)
    expected = alone(artist, 3.0)
    figure.set_dpi(100)
    assert found.shape == expected.rgba.shape
    numbers = images[0].get("transform", "")[len("matrix(") : -1].split()
    across, _, _, up, left, low = map(float, numbers)
    rows = expected.rgba[:: -1 if up < 0 else 1]
    assert np.abs(found - rows).max() <= 1
    assert (across, abs(up)) == pytest.approx((1 / 3, 1 / 3), abs=1e-5)
    # Up is down on that page, which is 108 points high.
    bottom = low if up < 0 else low + found.shape[0] / 3
    assert (left, 108 - bottom) == pytest.approx((expected.left / 3, expected.bottom / 3), abs=1e-4)
    # On the screen again it is as before.
    drawn(artist)
    np.testing.assert_array_equal(artist.hidden(points), coarse)


def test_a_point_is_hidden_in_a_finer_picture_as_in_a_coarse_one() -> None:
    artist = made()
    figure = artist.axes3d.get_figure()
    figure.set_dpi(72)
    points = artist.view.project(triangles(artist.relief).mean(axis=1))
    drawn(artist)
    coarse = artist.hidden(points)
    figure.savefig(io.BytesIO(), format="svg")
    fine = artist.hidden(points)
    assert (fine != coarse).mean() < 0.1  # beside outlines alone
    assert 0.05 < fine.mean() < 0.95


def test_an_artist_that_is_not_visible_draws_nothing() -> None:
    artist = made()
    artist.set_visible(False)
    assert (drawn(artist) == 255).all()


def test_axes_that_are_not_linear_are_refused() -> None:
    artist = made()
    artist.axes3d.xaxis.get_scale = lambda: "log"
    with pytest.raises(LandscapeError, match="linear"):
        drawn(artist)
