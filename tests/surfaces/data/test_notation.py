"""From a text to a surface: data sets, options, CSV files, and what is said of bad input."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape.errors import LandscapeError
from landscape.surfaces import surface
from landscape.surfaces.data import data_names
from landscape.surfaces.data.csv_table import read_csv
from landscape.surfaces.data.generated import GENERATED
from landscape.surfaces.data.library import LIBRARY, library_table
from tests.surfaces.data.oracles import make


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("data:diabetes", "data:diabetes,model=linear,feature=bmi"),
        (
            "data:diabetes,model=linear2",
            "data:diabetes,model=linear,features=bmi/s5",
        ),
        (
            " Data : Diabetes , scaling = Standard , features = BMI / s5",
            "data:diabetes,model=linear,features=bmi/s5,scaling=standard",
        ),
        (
            "data:diabetes,target=bp,feature=age",
            "data:diabetes,model=linear,target=bp,feature=age",
        ),
        ("data:diabetes,target=sex", "data:diabetes,model=logistic,target=sex,features=age/bmi"),
        ("data:iris", "data:iris,model=linear,feature=petal_length"),
        (
            "data:iris,model=logistic",
            "data:iris,model=logistic,features=petal_length/petal_width",
        ),
        (
            "data:iris,classes=virginica,feature=sepal_width",
            "data:iris,model=logistic,feature=sepal_width,classes=virginica",
        ),
        (
            "data:wine,model=sigmoid_unit,scaling=minmax",
            "data:wine,model=sigmoid_unit,feature=alcohol,scaling=minmax",
        ),
        (
            "data:breast_cancer",
            "data:breast_cancer,model=logistic,features=mean_radius/mean_texture",
        ),
        ("data:line,noise=0.5,n=50", "data:line,model=linear,feature=x"),
        ("data:line,noise=2,seed=3", "data:line,model=linear,feature=x,noise=2,seed=3"),
        (
            "data:blobs,scaling=standard",
            "data:blobs,model=logistic,features=x1/x2,scaling=standard",
        ),
        ("data:blobs,model=tanh_unit", "data:blobs,model=tanh_unit,feature=x1"),
        ("data:scales,ratio=3", "data:scales,model=linear,features=x1/x2,ratio=3"),
        ("data:switch", "data:switch,model=logistic,feature=x"),
        ("data:line,model=two_layer_linear", "data:line,model=two_layer_linear,feature=x"),
    ],
)
def test_texts(text: str, spec: str) -> None:
    made = make(text)
    assert made.spec == spec
    assert make(spec).spec == spec


def test_every_data_set_makes_a_surface() -> None:
    assert set(data_names()) == {*GENERATED, *LIBRARY}
    for name, says in data_names().items():
        made = make(f"data:{name}")
        assert made.source == name
        assert made.examples >= 50
        assert says


def test_numbers_may_be_given_as_arguments() -> None:
    assert make("data:line", noise=2, n=20).spec == make("data:line,noise=2,n=20").spec
    assert make("data:line,noise=1", noise=2.0).spec == make("data:line,noise=2").spec
    assert make("data:line", scaling="minmax").scaling == "minmax"


def test_the_seed_decides_generated_data() -> None:
    first, same, other = (make(f"data:line,seed={seed}") for seed in (1, 1, 2))
    assert first.points == same.points != other.points


def test_generated_data_are_what_they_say() -> None:
    # Estimates from 100 000 examples are within 1 % or so of what they were drawn with.
    line = make("data:line,n=100000").minima[0]
    assert (line.x, line.y, line.value) == pytest.approx((0.5, 1, 0.125), rel=0.03)
    scales = make("data:scales,n=100000,ratio=20").minima[0]
    assert (scales.x, scales.y, scales.value) == pytest.approx((1, 1 / 20, 0.125), rel=0.03)
    # Two normal clouds with deviation 1 and middles `gap` apart: the odds are exp(gap·x).
    blobs = make("data:blobs,n=100000,gap=2").minima[0]
    assert (blobs.x, blobs.y) == pytest.approx((1.6, 1.2), rel=0.03)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("data", "names no data"),
        ("data:", "names no data"),
        ("data: ,target=y", "names no data"),
        ("data:diabetis", "did you mean diabetes"),
        ("data:nothing_like_it", "your own is a path that ends in .csv"),
        ("data:diabetes,", "write key=value"),
        ("data:diabetes,model", "write key=value"),
        ("data:diabetes,model=", "write key=value"),
        ("data:diabetes,model=linear,model=linear", "stands twice"),
        ("data:diabetes,mdel=linear", "did you mean model"),
        ("data:diabetes,n=5", "unknown option"),
        ("data:diabetes,bias=no", "unknown option"),
        ("data:diabetes,model=lineer", "did you mean linear"),
        ("data:diabetes,scaling=std", "scaling"),
        ("data:diabetes,feature=bmj", "did you mean bmi"),
        ("data:diabetes,features=bmi/s5/bp", "three|3 came"),
        ("data:diabetes,features=bmi/bmi", "stands twice"),
        ("data:diabetes,features=bmi/", "no name on one side"),
        ("data:diabetes,feature=bmi,features=bmi/s5", "give one of them"),
        ("data:diabetes,feature=progression", "cannot be a feature as well"),
        ("data:diabetes,model=linear2,feature=bmi", "linear2 takes two"),
        ("data:diabetes,model=two_layer_linear,features=bmi/s5", "takes one feature"),
        ("data:diabetes,model=logistic", "no target that goes with logistic"),
        ("data:diabetes,model=logistic,target=progression", "has 214 .*classes="),
        ("data:diabetes,classes=a/b,model=linear", "classes= goes with logistic"),
        ("data:breast_cancer,model=linear", "no target that goes with linear"),
        ("data:iris,model=linear,target=species", "must hold numbers: 'setosa'.*model=logistic"),
        ("data:iris,model=linear,feature=species", "must hold numbers: 'setosa'"),
        ("data:iris,missing=keep", "unknown missing"),
        ("data:iris,classes=setosa/rose", "unknown class"),
        ("data:iris,classes=setosa/setosa", "two different"),
        ("data:iris,classes=setosa/versicolor/virginica", "two different"),
        ("data:line,n=2", "whole number from 3"),
        ("data:line,n=10.5", "whole number from 3"),
        ("data:line,n=1e9", "whole number from 3"),
        ("data:line,seed=-1", "whole number from 0"),
        ("data:line,noise=-1", "from 0 to a million"),
        ("data:line,noise=much", "must be a number"),
        ("data:line,noise=inf", "finite"),
        ("data:line,gap=1", "unknown option"),
        ("data:scales,ratio=0", "from 0 to a million"),
        ("data:no/such/file.csv,target=y", "there is no file no/such/file.csv"),
        (r"data:C:\no\such file.csv,target=y", "there is no file"),
        ("data:/,target=y", "cannot read /"),
        ("dta", "unknown surface"),
    ],
)
def test_bad_texts_are_told_in_one_line(text: str, words: str) -> None:
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(text)
    assert "\n" not in str(caught.value)


def test_without_scikit_learn(monkeypatch: pytest.MonkeyPatch) -> None:
    library_table.cache_clear()
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(LandscapeError, match=r"pip install 'landscape-viz\[data\]'") as caught:
        surface("data:iris")
    assert "\n" not in str(caught.value)
    assert make("data:blobs").examples == 100


def test_little_is_imported() -> None:
    code = (
        "import sys; from landscape.surfaces import surface; surface('ravine'); "
        "print('landscape.surfaces.data' in sys.modules); s = surface('data:blobs'); "
        "s.grid(20, 20); print('sklearn' in sys.modules, 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == ["False", "False", "False"]


# -- CSV files -------------------------------------------------------------------------------


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


GOOD = "x,y\n1,2\n2,3.5\n3,6\n4,8\n"


def write(folder: Path, text: str | bytes, name: str = "mine.csv") -> None:
    content = text if isinstance(text, bytes) else text.encode()
    (folder / name).write_bytes(content)


def test_a_csv_file(here: Path) -> None:
    write(here, GOOD)
    made = make("data:mine.csv,target=y")
    assert made.spec == "data:mine.csv,model=linear,target=y,feature=x"
    assert made.name == "mine_linear_x"
    assert made.examples == 4
    slope, intercept = np.polyfit([1, 2, 3, 4], [2, 3.5, 6, 8], 1)
    assert (made.minima[0].x, made.minima[0].y) == pytest.approx((slope, intercept), rel=1e-12)
    assert make(made.spec).points == made.points


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace(",", "|"),
        GOOD.replace(",", ";").replace("3.5", "3,5"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\n", "\r\n").replace("x,y", '"x","y"'),
        "\ufeff" + GOOD,
        "\n" + GOOD.replace("\n", "\n\n"),
        GOOD.replace(",", " , "),
        GOOD.rstrip("\n"),
        GOOD.replace("1,2\n", "1.0,+2e0\n"),
    ],
)
def test_kinds_of_csv(here: Path, text: str) -> None:
    write(here, GOOD)
    right = make("data:mine.csv,target=y").points
    write(here, text, "other.csv")
    assert make("data:other.csv,target=y").points == right


def test_a_csv_file_is_as_good_as_the_library(here: Path) -> None:
    from sklearn.datasets import load_iris

    iris = load_iris()
    lines = ["length,width,kind"]
    for row, kind in zip(iris.data, iris.target, strict=True):
        lines.append(f"{row[2]},{row[3]},{iris.target_names[kind]}")
    write(here, "\n".join(lines))
    ours = make("data:mine.csv,target=kind,classes=versicolor/virginica")
    theirs = make("data:iris,model=logistic")
    assert ours.model == "logistic"
    assert ours.features == ("length", "width")
    assert ours.points == theirs.points
    assert make(ours.spec).points == ours.points
    assert make("data:mine.csv,target=width,feature=length").points == make("data:iris").points


@pytest.mark.parametrize(
    "name",
    ["my data.csv", "a,b.csv", "x=1.csv", "sub/mine.csv", "mine.txt", "Ü ö.csv", "C:\\d\\m.csv"],
)
def test_paths(here: Path, name: str) -> None:
    (here / "sub").mkdir()
    write(here, GOOD, name)
    escaped = name.replace(",", "\\,")
    made = make(f"data:{escaped},target=y")
    assert made.source == name
    assert make(made.spec).spec == made.spec
    assert not set(made.name) & set(" ,=/\\:.")


@pytest.mark.parametrize("column", ["a b", "a,b", "a/b", "a=b", "Größe (cm)", "1", "a:b", "x\\n"])
def test_column_names(here: Path, column: str) -> None:
    write(here, f'"{column}",z,y\n1,5,2\n2,3,3\n3,4,6\n4,1,8\n')
    escaped = column.replace(",", "\\,")
    one = make(f"data:mine.csv,target=y,feature={escaped}")
    assert one.features == (column,)
    assert make(one.spec).spec == one.spec
    slashed = escaped.replace("/", "\\/")
    two = make(f"data:mine.csv,target=y,features={slashed}/z")
    assert two.features == (column, "z")
    assert make(two.spec).features == two.features


def test_classes_of_numbers_and_of_texts(here: Path) -> None:
    rows = "1,0,no\n2,1,yes\n3,0,no\n4,1.0,no\n2.5,0,yes\n0,1,yes\n"
    write(here, "x,c,d\n" + rows)
    numeric, text = (make(f"data:mine.csv,target={name},feature=x") for name in "cd")
    assert numeric.model == text.model == "logistic"
    assert make("data:mine.csv,target=c,feature=x,classes=0/1").points == numeric.points
    turned = make("data:mine.csv,target=d,feature=x,classes=yes/no").minima[0]
    assert (turned.x, turned.y) == pytest.approx((-text.minima[0].x, -text.minima[0].y))


def test_a_unit_that_predicts_a_number(here: Path) -> None:
    write(here, "x,y\n0,10\n1,12\n2,17\n3,20\n")
    made = make("data:mine.csv,target=y,model=sigmoid_unit")
    # 10 … 20 becomes 0 … 1.
    said = 1 / (1 + np.exp(-(0.7 * np.arange(4) - 1)))
    right = np.mean((said - np.array([0, 0.2, 0.7, 1])) ** 2) / 2
    assert made.value_at(0.7, -1) == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        ("", "target=y", "is empty"),
        ("\n \n", "target=y", "is empty"),
        (",,\n,,\n", "target=y", "is empty"),
        ("x,y\n", "target=y", "0 rows"),
        ("x,y\n1,2\n2,3\n", "target=y", "2 rows"),
        ("1,2\n2,3\n3,4\n4,5\n", "target=2", "begins with numbers"),
        ("x,x\n1,2\n2,3\n3,4\n", "target=x", "stands twice"),
        ("x,\n1,2\n2,3\n3,4\n", "target=x", "column 2 .* has no name"),
        ("x\n1\n2\n3\n", "target=x", "one column alone .'x'"),
        ("x y\n1 2\n2 3\n3 4\n", "target=y", "one column alone"),
        ("x,y\n1,2\n2\n3,4\n4,5\n", "target=y", "line 3 .* has 1 cells"),
        ("x,y\n1,2\n2,3,4\n3,4\n4,5\n", "target=y", "line 3 .* has 3 cells"),
        ("x,y\n1,2\n,3\n3,4\n4,5\n", "target=y", "'x' .* no value in line 3:"),
        ("x,y\n1,2\nNA,3\n?,4\n4,5\n", "target=y", "no value in line 3 and 1 more"),
        ("x,y\n1,2\n2,nan\n3,4\n4,5\n", "target=y", "'y' .* no value in line 3"),
        ("x,y\n1,2\nParis,3\n3,4\n4,5\n", "target=y", "'x' .*'Paris' came in line 3; write a"),
        ("x,y\n1,2\nParis,3\n3,4\n4,5\n", "target=y,feature=x", "'Paris' came in line 3"),
        ("x,y\n1,2\n2,inf\n3,4\n4,5\n", "target=y,model=linear", "'inf' came in line 3"),
        ("x,y\n1,2\n1,3\n1,4\n1,5\n", "target=y,feature=x", "'x' .* is constant"),
        ("x,y\n1,2\n2,2\n3,2\n4,2\n", "target=y", "'y' .* is constant"),
        (GOOD, "", "needs a target: add target= and one of x, y"),
        (GOOD, "target=z", "unknown column of mine.csv 'z'"),
        (GOOD, "target=y,feature=why", "unknown column"),
        (GOOD, "target=y,model=logistic", "needs two classes"),
        (GOOD, "target=y,model=linear2", "linear2|takes 2"),
        ("x,z,y\n1,2,2\n2,4,3\n3,6,6\n4,8,8\n", "target=y,features=x/z", "choose other features"),
        (
            "x,z,y\n1,2,0\n2,4,1\n3,6,0\n4,8,1\n",
            "target=y,features=x/z",
            "cannot tell the two weights",
        ),
        ("x,c\n1,a\n2,\n3,b\n4,a\n", "target=c", "'c' .* no value in line 3"),
        ("x,c\n1,a\n2,a\n3,b\n4,a\n", "target=c,classes=b/c", "unknown class"),
        ("x,c\n1,a\n2,a\n3,b\n4,c\n", "target=c,classes=b/c", "has 2 examples of these classes"),
        ("x,y\n1,1e200\n2,-1e200\n3,5\n4,6\n", "target=y", "too large"),
        ("x,y\n1e200,1\n2,2\n3,5\n4,6\n", "target=y", "too large"),
        ("x,y\n1e200,0\n2,1\n3,0\n4,1\n", "target=y", "too large"),
        ("x,y\n1e200,1\n2,2\n3,5\n4,6\n", "target=y,model=two_layer_linear", "too large"),
        ("x,y\n-1,1\n1,1\n-1,-1\n1,-1\n", "target=y,model=two_layer_linear,feature=x", "says noth"),
        (b"x,y\n1,\xff\xfe\n", "target=y", "1 rows of data"),
        (bytes(range(256)) * 9, "target=y", "bytes that are no text"),
        (b"PK\3\4 and so on", "target=y", "save it as CSV in your spreadsheet"),
        (b"x,y\n1,\x00\n2,3\n", "target=y", "no CSV file"),
        ('x,y\n"1,2\n2,3\n3,4\n', "target=y", "line 4 .* has 1 cells.*not closed"),
        ("x,y\n" + "1" * 200_000 + ",2\n", "target=y", "no CSV file"),
        ('"a\nb",y\n1,2\n2,3\n3,4\n', "target=q", "unknown column"),
    ],
)
def test_bad_csv_is_told_in_one_line(
    here: Path, text: str | bytes, options: str, words: str
) -> None:
    write(here, text)
    with pytest.raises(LandscapeError, match=words) as caught:
        surface(f"data:mine.csv,{options}" if options else "data:mine.csv")
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_folders_and_locked_files(here: Path) -> None:
    (here / "folder.csv").mkdir()
    with pytest.raises(LandscapeError, match=r"cannot read folder\.csv: is a directory"):
        surface("data:folder.csv,target=y")
    with pytest.raises(LandscapeError, match="cannot read"):
        surface("data:a\0b.csv,target=y")


def test_a_huge_file_is_refused_unread(here: Path) -> None:
    with open(here / "huge.csv", "wb") as file:
        file.truncate(200_000_000)
    with pytest.raises(LandscapeError, match="200 MB: 100"):
        surface("data:huge.csv,target=y")


def test_what_is_nearly_constant_is_still_well_told(here: Path) -> None:
    # Years: far from zero, so that the two weights of a raw feature pull almost alike.
    years = np.arange(1990, 2020)
    lines = [f"{year},{0.3 * year - 500 + (year % 3)}" for year in years]
    write(here, "year,y\n" + "\n".join(lines))
    made = make("data:mine.csv,target=y")
    slope, intercept = np.polyfit(years - 2000, [float(line.split(",")[1]) for line in lines], 1)
    best = made.minima[0]
    assert best.x == pytest.approx(slope, rel=1e-9)
    assert best.y == pytest.approx(intercept - 2000 * slope, rel=1e-8)
    assert made.condition is not None
    assert made.condition > 1e10
    assert make("data:mine.csv,target=y,scaling=standard").condition == pytest.approx(1)


def check_one_line(problem: LandscapeError) -> None:
    assert "\n" not in str(problem)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="x,y;\n\"0123456789.-eE \tNA'é", max_size=120))
def test_any_text_is_a_surface_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        table = read_csv(str(path))
    except LandscapeError as problem:
        check_one_line(problem)
        return
    assert len(table) >= 3
    for target in table.columns:
        try:
            made = make(f"data:{path},target={target}")
        except LandscapeError as problem:
            check_one_line(problem)
            continue
        assert np.isfinite(made.value_at(*made.start))


def test_a_device_is_no_table() -> None:
    with pytest.raises(LandscapeError, match="no ordinary file"):
        surface("data:/dev/zero,target=y")
