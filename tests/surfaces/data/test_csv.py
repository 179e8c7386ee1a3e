"""What stands in the CSV files of the world: separators, decimals, encodings, gaps, headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.surfaces import surface
from landscape.surfaces.data.csv_table import read_csv
from tests.surfaces.data.oracles import make


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str | bytes) -> None:
    (folder / "mine.csv").write_bytes(text if isinstance(text, bytes) else text.encode())


def columns(folder: Path, text: str | bytes) -> dict[str, list[float] | list[str]]:
    write(folder, text)
    return {
        name: np.asarray(cells).tolist() for name, cells in read_csv("mine.csv").columns.items()
    }


XY = {"x": [1.0, 2.0, 3.0], "y": [2.0, 3.0, 5.0]}


@pytest.mark.parametrize(
    "text",
    [
        ",x,y\n0,1,2\n1,2,3\n2,3,5\n",
        "Unnamed: 0,x,y\n0,1,2\n1,2,3\n2,3,5\n",
        '"x","y"\n"1",1,2\n"2",2,3\n"3",3,5\n',
        '"x","y"\n"Ann",1,2\n"Bo",2,3\n"Cy",3,5\n',
        "x,y,\n1,2,\n2,3,\n3,5,\n",
        "x,y\n1,2,\n2,3,\n3,5,\n",
        "sep=;\nx;y\n1;2\n2;3\n3;5\n",
        "x,y\r1,2\r2,3\r3,5\r",
        "\ufeffx\ty\n1\t2\n2\t3\n3\t5\n",
        "x\ty\n1\t2\n2\t3\n3\t5\n".encode("utf-16"),
        "x;y\n1,0;2\n2,0;3,00\n3;5\n",
    ],
)
def test_the_same_table(here: Path, text: str | bytes) -> None:
    assert columns(here, text) == XY


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a, in m\tb, kg\n1\t2\n2\t3\n3\t5\n", ["a, in m", "b, kg"]),
        ("a, in m;b, kg\n1,5;2,5\n2,5;3,5\n3,5;5,5\n", ["a, in m", "b, kg"]),
        ("a;in m,b\n1,2\n2,3\n3,5\n", ["a;in m", "b"]),
        ('"a,b",c\n1,2\n2,3\n3,5\n', ["a,b", "c"]),
        ("who|what\nAnn, 5|1\nBo, 6|2\nCy, 7|3\n", ["who", "what"]),
        ("Größe;y\n1;2\n2;3\n3;5\n".encode("cp1252"), ["Größe", "y"]),
        ('"a\nb";y\n1;2\n2;3\n3;5\n', ["a b", "y"]),
    ],
)
def test_the_separator_is_the_one_that_fits_all_lines(
    here: Path, text: str | bytes, names: list[str]
) -> None:
    assert list(columns(here, text)) == names


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ('x,y\n"1,200",1\n"2,300.5",2\n3,3\n', [1200, 2300.5, 3]),
        ('x,y\n"1,200",1\n"2,300",2\n"3,100",3\n', [1200, 2300, 3100]),
        ('x,y\n"1,5",1\n"2,5",2\n3,3\n', [1.5, 2.5, 3]),
        ("x;y\n1.234,5;1\n2.100;2\n3;3\n", [1234.5, 2100, 3]),
        ("x;y\n1.234.567;1\n2.100;2\n3;3\n", [1234567, 2100, 3]),
        ("x;y\n1,234;1\n2,100;2\n3,500;3\n", [1.234, 2.1, 3.5]),
        # Another column tells that this one's points are between thousands, or are not.
        ("x;y\n1.234;1,5\n2.100;2\n3.500;3\n", [1234, 2100, 3500]),
        ("x;y\n1.234;1.5\n2.100;2\n3.500;3\n", [1.234, 2.1, 3.5]),
        ("x\ty\n1,234\t1,5\n2,100\t2\n3,500\t3\n", [1.234, 2.1, 3.5]),
        ("x\ty\n1,234\t1.5\n2,100\t2\n3,500\t3\n", [1234, 2100, 3500]),
        # A plain number between commas is never anything else.
        ('x,y\n1.234,"1,5"\n2.100,2\n3.500,3\n', [1.234, 2.1, 3.5]),
        ("x,y\n1 200,1\n2\u00a0300.5,2\n3\u202f000 000,3\n", [1200, 2300.5, 3000000]),
        ("x,y\n1'200,1\n2\u2019300,2\n−3,3\n", [1200, 2300, -3]),
    ],
)
def test_points_and_commas(here: Path, text: str, x: list[float]) -> None:
    assert columns(here, text)["x"] == x


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x,y\n1,2\n5%,3\n3,4\n", "'5%' came in line 3; write 5 without signs"),
        ("x,y\n1,2\n2,3\n€5,4\n", "'€5' came in line 4; write 5 without signs"),
        ("x,y\n5 kg,2\n6 kg,3\n7 kg,4\n", "'5 kg' came in line 2; write 5 without"),
        ("x\ty\n1,234\t1\n2,100\t2\n3,500\t3\n", "'1,234' came in line 2; .* as 1234.5"),
        ("x;y\n1,5;2\n2.5;3\n3;4\n", "'1,5' came in line 2; .* as 1234.5"),
        ("x,y\n1.234.567,2\n2.5,3\n3,4\n", "'1.234.567' came in line 2"),
        ("x,y\n1,200,2\n2,300,3\n3,400,4\n", "line 2 .* has 3 cells, the first line 2: put cells"),
        ("5.1,a\n4.9,b\n4.7,a\n4.6,b\n", "begins with numbers: its first line must name"),
        ("x,y\n1,2%\n2,3%\n3,4%\n", "'2%' came in line 2; write 2"),
    ],
)
def test_cells_that_are_no_numbers_are_named(here: Path, text: str, words: str) -> None:
    write(here, text)
    with pytest.raises(LandscapeError, match=words) as caught:
        surface("data:mine.csv,target=y")
    assert "\n" not in str(caught.value)


def test_a_first_line_of_years_is_a_header(here: Path) -> None:
    write(here, "land,2019,2020\nA,1,2\nB,2,3\nC,3,5\n")
    assert make("data:mine.csv,target=2020").features == ("2019",)


GAPS = "x,z,y\n1,5,2\n,3,3\n3,4,\n4,,7\n5,2,8\n6,1,9\n"


def test_rows_with_gaps_are_refused_or_left_out(here: Path) -> None:
    write(here, GAPS)
    with pytest.raises(LandscapeError, match=r"'y' .* no value in line 4: .*missing=drop"):
        surface("data:mine.csv,target=y")
    made = make("data:mine.csv,target=y,missing=drop")
    # The gap in z, which is not used, costs nothing.
    assert (made.examples, made.dropped) == (4, 2)
    assert made.spec.endswith(",missing=drop")
    write(here, "x,y\n1,2\n4,7\n5,8\n6,9\n")
    assert make("data:mine.csv,target=y").points == made.points


def test_gaps_in_the_classes(here: Path) -> None:
    write(here, "x,c\n1,a\n2,\n3,b\n4,a\n5,c\n2,b\n")
    assert make("data:mine.csv,target=c,classes=a/b").examples == 4
    with pytest.raises(LandscapeError, match=r"'c' .* no value in line 3"):
        surface("data:mine.csv,target=c,classes=a")
    assert make("data:mine.csv,target=c,classes=a,missing=drop").examples == 5
    write(here, "x,c\n1,none\n3,drug\n2,drug\n4,none\n")
    assert make("data:mine.csv,target=c").model == "logistic"


@pytest.mark.parametrize("column", ["q/r", "q,r", "q=r"])
@pytest.mark.parametrize("escaped", [False, True])
def test_names_with_signs_of_the_notation(here: Path, column: str, escaped: bool) -> None:
    write(here, f'"{column}",z,y\n1,5,2\n2,3,3\n3,4,6\n4,1,8\n')
    sign = column[1]
    name = column.replace(sign, f"\\{sign}") if escaped or sign == "," else column
    made = make(f"data:mine.csv,target=y,feature={name}")
    assert made.features == (column,)
    assert make(made.spec).features == (column,)


@pytest.mark.parametrize(
    ("column", "label"),
    [
        ("my x", "w_my_x"),
        ("x 1", "w_x_1"),
        ("x_1", "w1"),
        ("a$b", "w_a_b"),
        ("size (m²)", "w_size_m"),
        ("Fläche/m", "w_Fläche_m"),
        ("z%", "w1"),
        ("100%", "w_100"),
        ("x^2", "w_x_2"),
        ("$", "w1"),
        ("長さ", "w1"),
    ],
)
def test_labels_can_be_set(here: Path, column: str, label: str) -> None:
    from matplotlib.mathtext import MathTextParser

    from landscape.drawing.text import parameter_name

    write(here, f"{column},z,y\n1,5,2\n2,3,3\n3,4,6\n4,1,8\n")
    escaped = column.replace("/", "\\/")
    made = make(f"data:mine.csv,target=y,features={escaped}/z")
    assert made.labels == (label, "w2" if label == "w1" and column != "x_1" else "w_z")
    assert all(one.isidentifier() for one in made.labels)
    MathTextParser("path").parse(f"${parameter_name(label)}$")


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("x,z,y\n1,2,2\n2,4,3\n3,6,5\n", "features=x/z", "collinear .*: choose other features"),
        ("x,y\n1,2\n1,4\n1,6\n", "", "'x' .* is constant .1.: choose another"),
        ("x,y\n1,2\n2,2\n3,2\n", "", "'y' .* is constant .2.: choose another"),
        ("x,y\n1,a\n2,b\n3,a\n", "model=linear", "numbers: 'a' came .*model=logistic"),
        ("x,y\n1,a\n2,b\n3,c\n", "", r"has 3 .a, b, c.: add classes=a/b, or one class"),
        ("x,y\n1,a/b\n2,c\n3,d\n", "", r"add classes=a\\/b/c"),
        ("x,y\n1,1\n2,2\n3,3\n", "model=logistic", "add classes=1/2, .*model=linear"),
        ("x,y\n1,2\n2,inf\n3,5\n", "", "finite numbers: 'inf' came in line 3"),
        ("x,y\n1,2\n2,oops\n3,5\n", "", "'y' .*'oops' came in line 3"),
    ],
)
def test_columns_that_a_model_cannot_take(here: Path, text: str, options: str, words: str) -> None:
    write(here, text)
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(f"data:mine.csv,target=y,{options}".rstrip(","))
    assert "\n" not in str(caught.value)


def test_many_columns_are_not_all_named(here: Path) -> None:
    names = [f"sensor{k}" for k in range(3000)]
    rows = [",".join(str((k * j) % 7) for k in range(3000)) for j in range(1, 5)]
    write(here, ",".join(names) + "\n" + "\n".join(rows) + "\n")
    for options in ("", ",target=temperature"):
        with pytest.raises(LandscapeError) as caught:
            surface(f"data:mine.csv{options}")
        assert len(str(caught.value)) < 400
    write(here, "x" * 10 + "," * 20_000 + "\n1\n")
    with pytest.raises(LandscapeError, match="10000 is the most"):
        surface("data:mine.csv,target=y")
