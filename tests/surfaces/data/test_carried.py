"""The user's data inside a recipe: exact, compact, and safe to unpack."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.surfaces import surface
from landscape.surfaces.data.carried import carry, check_digest, has_changed, restore
from landscape.surfaces.data.csv_table import read_csv
from landscape.surfaces.data.table import Table, categories

floats = st.floats(allow_nan=True, allow_infinity=True)
names = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=8)
texts = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8).map(str.strip)


def same(first: Table, second: Table) -> None:
    assert list(first.columns) == list(second.columns)
    for name, cells in first.columns.items():
        assert isinstance(cells, np.ndarray) == isinstance(second.columns[name], np.ndarray)
        if isinstance(cells, np.ndarray):
            assert cells.tobytes() == np.asarray(second.columns[name]).tobytes()
        else:
            assert cells == second.columns[name]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(names, min_size=2, max_size=3, unique=True),
    st.lists(st.tuples(floats, floats, texts), min_size=3, max_size=300),
)
def test_what_is_carried_comes_back_to_the_last_bit(
    header: list[str], rows: list[tuple[float, float, str]]
) -> None:
    numbers = np.array([row[:2] for row in rows])
    numbers[np.isnan(numbers)] = np.nan  # one NaN of the many
    columns: dict[str, object] = {header[0]: numbers[:, 0], header[1]: numbers[:, 1]}
    if len(header) > 2:
        columns[header[2]] = ("red", *(row[2] for row in rows[1:]))
    table = Table("mine.csv", columns, own=True)  # type: ignore[arg-type]
    text = carry(table, header)
    back = restore(text, "mine.csv")
    same(table, back)
    assert carry(back, header) == text


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="x,y;\t\n\"0123456789.-eE NA'é%", max_size=120))
def test_whatever_is_read_can_be_carried(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "carried.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        table = read_csv(str(path))
    except LandscapeError:
        return
    back = restore(carry(table, table.columns), "carried.csv")
    same(table, back)
    for name in table.columns:
        assert categories(table, name)[0] == categories(back, name)[0]


def table_of(rows: int, digits: int = 17) -> Table:
    draw = np.random.default_rng(0)
    values = {name: draw.normal(size=rows).round(digits) for name in ("x", "y", "z")}
    return Table("mine.csv", values, own=True, lines=range(2, rows + 2))


def test_the_form_goes_with_the_size() -> None:
    assert carry(table_of(4, 1), ["y", "x"]).startswith("x,y\n")
    middle = carry(table_of(1000), ["x", "y"])
    assert middle.startswith("zlib:")
    assert len(middle) < 30_000
    large = carry(table_of(30_000), ["x", "y"])
    assert large.startswith("sha256:")
    assert large.endswith(":x,y")
    # Ten thousand rows of all digits are carried.
    assert carry(table_of(10_000), ["x", "y"]).startswith("zlib:")


def test_a_digest_knows_its_columns() -> None:
    table = table_of(30_000)
    digest = carry(table, ["x", "y"])
    known = check_digest(digest, table)
    assert carry(known, ["x"]) == carry(known, ["x", "y"]) == digest
    assert carry(known, ["x", "z"]) not in (digest, "")
    wider = Table("mine.csv", {"new": np.zeros(30_000), **table.columns}, own=True)
    assert check_digest(digest, wider).carried == digest
    moved = {**table.columns, "x": np.nextafter(np.asarray(table.columns["x"]), 10)}
    with pytest.raises(LandscapeError, match=r"has changed since .* x, y hold other values"):
        check_digest(digest, Table("mine.csv", moved, own=True))
    with pytest.raises(LandscapeError, match=r"has changed since .* no column 'y'"):
        check_digest(digest, Table("mine.csv", {"x": table.columns["x"]}, own=True))
    for bad in ("sha256:", "sha256:12:x,y", f"{digest[:71]}", f"{digest[:72]}x"):
        with pytest.raises(LandscapeError, match="is damaged"):
            check_digest(bad, table)


def packed(data: bytes) -> str:
    return "zlib:" + base64.b64encode(zlib.compress(data)).decode()


GOOD = b"x,y\n1,2\n2,3\n3,5\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("zlib:", "is damaged"),
        ("zlib:not base64!", "is damaged"),
        ("zlib:AAAA", "is damaged"),
        (packed(GOOD)[:-8], "is damaged"),
        ("zlib:" + base64.b64encode(zlib.compress(GOOD) + b"more").decode(), "is damaged"),
        (packed(b"\xff\xfe\n" * 9), "is damaged"),
        (packed(b"x,y\n" + b"0" * 5_000_000), "more than 4 MB"),
        (packed(b"x,y\n" + b"1,2\n" * 10_000_000), "more than 4 MB"),
        ("x", "is damaged"),
        ("x,y\n1,2\n2\n3,5\n", "is damaged"),
        ("x,x\n1,2\n2,3\n3,5\n", "is damaged"),
        ("x,\n1,2\n2,3\n3,5\n", "is damaged"),
        ('x,y\n1,"2\n2,3\n3,5\n', "is damaged"),
        ("x,y\n1,2\n", "has 1 rows"),
    ],
)
def test_damaged_tables_are_told_in_one_line(text: str, words: str) -> None:
    with pytest.raises(LandscapeError, match=words) as caught:
        surface("data:mine.csv,target=y", table=text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_table_goes_with_a_file() -> None:
    for text in ("ravine", "x**2 + y**2", "data:line"):
        with pytest.raises(LandscapeError, match="CSV file"):
            surface(text, table=GOOD.decode())
    made = surface("data:nowhere.csv,target=y", table=GOOD.decode())
    assert made.examples == 3
    with pytest.raises(LandscapeError, match="unknown column"):
        surface("data:nowhere.csv,target=z", table=GOOD.decode())


def test_whether_the_file_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    text = GOOD.decode()
    assert not has_changed("mine.csv", text, tmp_path)
    path.write_text("id;x;y\n7;1,0;2\n8;2;3\n9;3;5\n")
    assert not has_changed("mine.csv", text, tmp_path)
    assert not has_changed(str(path), text)
    for other in ("x,y\n1,2\n2,3\n3,6\n", "x,z\n1,2\n2,3\n3,5\n", "", "x,y\n1,2\n2,3\n3,5\n4,6\n"):
        path.write_text(other)
        assert has_changed("mine.csv", text, tmp_path)
    path.unlink()
    path.mkdir()
    assert has_changed("mine.csv", text, tmp_path)
