"""The file of training runs: what is read is what was written, and what is no such file is said."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landscape.errors import LandscapeError
from landscape.networks.datasets import dataset
from landscape.networks.run import Run, load_run, load_runs, save_runs
from landscape.networks.training import network_for, train, train_all

DATA = dataset("xor:rows=60")
NETWORK = network_for(DATA, (4, 4), activation="relu", skip=True, l2=1e-3)


def assert_same(first: Run, second: Run) -> None:
    for field in fields(Run):
        ours, theirs = getattr(first, field.name), getattr(second, field.name)
        if isinstance(ours, np.ndarray):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)
        elif field.name != "seconds":
            assert ours == theirs


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = train(NETWORK, DATA, "adam:lr=0.01,schedule=cosine", epochs=3, initial="he_uniform")
    run.save(tmp_path / "one.npz")
    found = load_run(tmp_path / "one.npz")
    assert_same(run, found)
    assert found.network == NETWORK
    assert math.isnan(found.seconds)
    assert run.seconds > 0
    again = train(found.network, found.data, found.rule, epochs=3, initial=found.scheme)
    np.testing.assert_array_equal(again.final, run.final)


def test_several_runs_in_one_file(tmp_path: Path) -> None:
    runs = train_all(NETWORK, DATA, ["adam", "gd:lr=1e30", "momentum"], epochs=2)
    assert runs[1].ending == "diverged"
    save_runs(tmp_path / "all.npz", runs)
    found = load_runs(tmp_path / "all.npz")
    assert len(found) == 3
    for run, other in zip(runs, found, strict=True):
        assert_same(run, other)
    with pytest.raises(LandscapeError, match=r"holds 3 runs \(Adam, GD, Momentum\)"):
        load_run(tmp_path / "all.npz")


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        train(NETWORK, DATA, epochs=1).save(tmp_path / name)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_the_file_holds_plain_arrays(tmp_path: Path) -> None:
    train(NETWORK, DATA, epochs=1).save(tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as stored:
        assert all(stored[key].dtype.kind in "fiU" for key in stored.files)


def test_what_a_run_says_of_itself() -> None:
    run = train(NETWORK, DATA, epochs=1)
    assert run.describe_ending() == f"ran all {run.planned_steps} steps"
    assert repr(run).startswith("<run of Adam on xor:rows=60, 2-4-4-2 relu skip")


def changed(path: Path, **arrays: Any) -> Path:
    with np.load(path) as stored:
        kept = dict(stored)
    kept.update(arrays)
    other = path.with_name("changed.npz")
    np.savez(other, **kept)
    return other


def test_what_is_no_file_of_runs_is_said(tmp_path: Path) -> None:
    train(NETWORK, DATA, epochs=1).save(tmp_path / "a.npz")
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    (tmp_path / "text.npz").write_text("text", "utf-8")
    np.save(tmp_path / "array.npy", np.zeros(3))
    for path in ("other.npz", "text.npz", "array.npy"):
        with pytest.raises(LandscapeError, match="no file of training runs"):
            load_runs(tmp_path / path)
    with pytest.raises(LandscapeError, match="there is no file"):
        load_runs(tmp_path / "none.npz")
    with pytest.raises(LandscapeError, match="cannot read"):
        load_runs(tmp_path)
    with np.load(tmp_path / "a.npz") as stored:
        whole = json.loads(str(stored["runs"]))
    newer = changed(tmp_path / "a.npz", runs=np.array(json.dumps({**whole, "format": 99})))
    with pytest.raises(LandscapeError, match="is of format 99"):
        load_runs(newer)
    for arrays in (
        {"0/snapshots": np.zeros((5, 3), np.float32)},
        {"0/train_loss": np.zeros(1)},
        {"0/snapshot_steps": np.zeros(1, np.int64)},
        {"runs": np.array("{}")},
    ):
        with pytest.raises(LandscapeError, match="no file of training runs"):
            load_runs(changed(tmp_path / "a.npz", **arrays))


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    run = train(NETWORK, DATA, epochs=1)
    with pytest.raises(LandscapeError, match="does not exist"):
        run.save(tmp_path / "none" / "a.npz")
    assert list(tmp_path.iterdir()) == []
