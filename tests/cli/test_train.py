"""`landscape train`: what it prints, what it writes and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landscape.networks import Network, dataset, load_runs, train
from tests.cli.conftest import Run


def test_a_table_and_a_file(run: Run, folder: Path) -> None:
    done = run(
        *("train", "--data", "moons:rows=100", "--net", "8,8", "--opt", "adam"),
        *("--opt", "momentum:lr=0.1", "--epochs", 3, "--batch", 16, "--activation", "relu"),
        *("--skip", "--init", "he_uniform", "--l2", "1e-4", "--seed", 2, "--float64"),
        *("--schedule", "cosine", "--snapshots", 5, "--every", "epoch", "--save", "runs.npz"),
    )
    assert done.code == 0
    head, *lines, path = done.out.splitlines()
    assert head.split() == [
        "optimizer",
        "train",
        "loss",
        "test",
        "loss",
        "train",
        "acc",
        "test",
        "acc",
        "steps",
        "seconds",
    ]
    assert path == "runs.npz"
    assert [line.split()[0] for line in lines] == ["Adam", "Momentum"]
    assert "moons: 80 rows to learn from, 20 to test, 2 inputs, 2 classes" in done.err
    assert "2-8-8-2 relu skip, l2=0.0001: 114 parameters" in done.err
    assert "learning rate, as none was given: adam 0.005\n" in done.err

    runs = load_runs(folder / "runs.npz")
    network = Network((2, 8, 8, 2), "relu", True, "cross_entropy", 1e-4, "float64")
    assert [found.network for found in runs] == [network, network]
    for found, line in zip(runs, lines, strict=True):
        assert found.snapshots.shape == (4, 114)
        assert found.snapshots.dtype == np.float64
        again = train(
            network,
            dataset("moons:rows=100", "float64"),
            found.rule,
            epochs=3,
            batch=16,
            seed=2,
            initial="he_uniform",
        )
        np.testing.assert_array_equal(again.final, found.final)
        cells = line.split()[1:]
        assert cells[0] == f"{found.train_loss[-1]:#.4g}"
        assert cells[3] == f"{found.test_accuracy[-1]:.1%}"
        assert cells[4] == "15"


def test_numbers_to_predict_have_no_accuracy(run: Run) -> None:
    done = run("train", "--data", "diabetes", "--net", "none", "--batch", "all", "--epochs", 2)
    assert done.code == 0
    assert done.out.splitlines()[1].split()[3:6] == ["-", "-", "2"]
    assert "10-1 linear, squared error: 11 parameters" in done.err


def test_a_run_that_diverges_is_told(run: Run) -> None:
    done = run("train", "--data", "diabetes", "--net", "4", "--opt", "gd:lr=1e9", "--epochs", 9)
    assert done.code == 0
    assert "diverged at step" in done.out


def test_own_data(run: Run, folder: Path) -> None:
    lines = [f"{k},{k % 2},{'big' if k > 9 else 'small'}" for k in range(20)]
    (folder / "mine.csv").write_text("a,b,size\n" + "\n".join(lines), "utf-8")
    done = run("train", "--data", "mine.csv,target=size", "--epochs", 1)
    assert done.code == 0
    assert "mine.csv: 16 rows to learn from, 4 to test, 2 inputs, 2 classes" in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--data", "moon"], "unknown data set 'moon': did you mean moons"),
        (["--net", "4x"], "net is widths of hidden layers"),
        (["--net", "0"], "net is widths of hidden layers"),
        (["--net", "1001x4"], "at most 1000 layers"),
        (["--batch", "half"], "a whole number of rows, or all"),
        (["--batch", "0"], "a batch is a whole number"),
        (["--opt", "lbfgs"], "chooses its own steps"),
        (["--opt", "adam", "--opt", "shampoo"], "two coordinates of the plane"),
        (["--activation", "rellu"], "did you mean relu"),
        (["--loss", "entropy"], "cross_entropy"),
        (["--init", "hee_normal"], "he_normal"),
        (["--l2", "-1"], "l2"),
        (["--epochs", "0"], "epochs are a whole number"),
        (["--save", "runs.csv"], "runs are written as .npz"),
        (["--save", "none/runs.npz"], "does not exist"),
    ],
)
def test_bad_input_is_one_line(run: Run, folder: Path, options: list[str], said: str) -> None:
    done = run("train", *options)
    assert done.code == 2
    last = done.err.splitlines()[-1]
    assert last.startswith("landscape: ")
    assert said in last
    assert done.out == ""
    assert list(folder.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_where_no_file_can_be_made_nothing_is_trained(run: Run) -> None:
    done = run("train", "--data", "moons", "--save", "/proc/x.npz")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("landscape: cannot write /proc/x.npz: ")
