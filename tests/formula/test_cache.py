from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from landscape.formula import Formula, cache

TEXT = "a*x**2*y + sin(x*y)"
# d/dx and d/dy at (1, 0) with a = 3.
EXPECTED = (0.0, 4.0)
ASK = (
    "import sys\n"
    "from landscape.formula import Formula\n"
    f"f = Formula({TEXT!r}, {{'a': 3.0}})\n"
    "assert f.value_at(1.0, 0.0) == 0.0\n"
    f"assert f.gradient_at(1.0, 0.0) == {EXPECTED}, f.gradient_at(1.0, 0.0)\n"
    "assert f.hessian(1.0, 0.0).tolist() == [[0.0, 7.0], [7.0, 0.0]]\n"
    "assert f.gradient_latex\n"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LANDSCAPE_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


def ask() -> None:
    """Derive in this process; a new Formula keeps nothing of an earlier one."""
    formula = Formula(TEXT, {"a": 3.0})
    assert formula.gradient_at(1.0, 0.0) == EXPECTED
    assert formula.hessian(1.0, 0.0).tolist() == [[0.0, 7.0], [7.0, 0.0]]


def run(code: str, folder: Path) -> None:
    environment = {**os.environ, "LANDSCAPE_CACHE_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def test_a_warm_run_imports_no_sympy(folder: Path) -> None:
    run(ASK + "assert 'sympy' in sys.modules", folder)
    assert [path.suffix for path in entries(folder)] == [".json"]
    run(ASK + "assert 'sympy' not in sys.modules", folder)


def test_values_alone_import_neither_sympy_nor_numpy(folder: Path) -> None:
    run(
        "import sys\nfrom landscape.formula import Formula\n"
        "assert Formula('x**2 + y').value_at(2.0, 1.0) == 5.0\n"
        "assert not {'sympy', 'numpy', 'matplotlib'} & set(sys.modules)\n",
        folder,
    )
    assert not folder.exists()


def test_an_entry_holds_text_only(folder: Path) -> None:
    ask()
    (entry,) = entries(folder)
    content = json.loads(entry.read_text("utf-8"))["content"]
    assert set(content) == {"nodes", "dx", "dy"}
    assert all(isinstance(text, str) for text in content.values())
    assert "_" not in content["nodes"]  # no name that could be more than a formula's


def test_keys_differ() -> None:
    keys = [
        cache.versioned_key("x", library="sympy"),
        cache.versioned_key("x", "a", library="sympy"),
        cache.versioned_key("xa", library="sympy"),
        cache.versioned_key("x", "a", "b", library="sympy"),
        cache.versioned_key("x", "ab", library="sympy"),
        cache.versioned_key("x", library="numpy"),
        cache.versioned_key("x", library="no-such-library"),
    ]
    assert len(set(keys)) == len(keys)


def test_the_same_text_with_other_parameters_is_another_entry(folder: Path) -> None:
    Formula("x*e1 + y", {"e1": 2.0}).gradient_at(0.0, 0.0)
    assert Formula("x*e1 + y", {"e1": 5.0}).gradient_at(0.0, 0.0) == (5.0, 1.0)
    assert len(entries(folder)) == 1  # a value is put in afterwards
    Formula("x*e1 + y", {"e1": 2.0, "more": 1.0}).gradient_at(0.0, 0.0)
    assert len(entries(folder)) == 2


def forged(nodes: object) -> str:
    """Return an entry whose checksum is right."""
    content = {"nodes": nodes, "dx": "", "dy": ""}
    return json.dumps({"sum": cache._checksum(content), "content": content})


def bent(text: str) -> str:
    return text.replace("cos", "sin", 1)


ZEROS = "ddx = 0; ddy = 0; ddxx = 0; ddxy = 0; ddyy = 0"
DAMAGE: dict[str, Callable[[str], str]] = {
    "empty": lambda text: "",
    "truncated": lambda text: text[: len(text) // 2],
    "one letter less": lambda text: text[:-1],
    "changed text, old checksum": bent,
    "other JSON": lambda text: "[1, 2, 3]",
    "null": lambda text: "null",
    "a number": lambda text: "1e999",
    "deep JSON": lambda text: "[" * 100_000,
    "no content": lambda text: json.dumps({"sum": ""}),
    "content that is a list": lambda text: json.dumps(
        {"sum": cache._checksum([1]), "content": [1]}
    ),
    "content that is text": lambda text: json.dumps({"sum": cache._checksum("x"), "content": "x"}),
    "nodes that are a number": lambda text: forged(5),
    "no nodes": lambda text: json.dumps({"sum": cache._checksum({}), "content": {}}),
    "empty nodes": lambda text: forged(""),
    "code": lambda text: forged("__import__('os').system('touch carried')"),
    "code in a statement": lambda text: forged("dx = ().__class__; " + ZEROS),
    "import": lambda text: forged("import os\n" + ZEROS),
    "dunder name": lambda text: forged("dx = __builtins__; " + ZEROS),
    "lambda": lambda text: forged("dx = (lambda: 0)(); " + ZEROS),
    "a name of ours": lambda text: forged("dx = _exp; " + ZEROS),
    "an unknown name": lambda text: forged(
        "dx = z; dy = z; dxx = z; dxy = z; dyy = z",
    ),
    "a tower of powers": lambda text: forged("dx = 9**9**9**9; " + ZEROS),
    "deep nesting": lambda text: forged("dx = " + "sin(" * 190 + "x" + ")" * 190),
    "a deep chain": lambda text: forged("t = x; " + "t = sin(t); " * 9000 + "dx = t"),
    "doubling": lambda text: forged("t = x; " + "t = t*t; " * 90 + "dx = t"),
    "null bytes": lambda text: "\0" * 100,
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_entry_is_derived_anew(
    kind: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ask()
    (entry,) = entries(folder)
    good = entry.read_text("utf-8")
    damaged = DAMAGE[kind](good)
    assert damaged != good
    entry.write_text(damaged, "utf-8")
    ask()
    assert entry.read_text("utf-8") == good  # and mended
    assert not (tmp_path / "carried").exists()


def test_an_entry_that_is_no_text(folder: Path) -> None:
    ask()
    (entry,) = entries(folder)
    entry.write_bytes(b"\xff\xfe\x00")
    ask()


def test_an_entry_that_is_a_folder(folder: Path) -> None:
    ask()
    (entry,) = entries(folder)
    entry.unlink()
    (entry / "inside").mkdir(parents=True)
    ask()
    assert entries(folder) == [entry]  # no temporary file stays behind


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    folder.write_text("a file in its place")
    ask()
    assert folder.read_text() == "a file in its place"


def test_a_parent_that_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDSCAPE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    ask()


def test_a_read_only_folder(folder: Path) -> None:
    ask()
    (entry,) = entries(folder)
    entry.unlink()
    folder.chmod(0o500)
    try:
        ask()
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write to a read-only folder")
        assert entries(folder) == []
    finally:
        folder.chmod(0o700)


@pytest.mark.parametrize("fails", ["tempfile.mkstemp", "json.dump", "os.replace"])
def test_what_the_system_refuses_is_no_error(
    fails: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(fails, refuse)
    ask()
    assert entries(folder) == []


def test_a_full_disk(folder: Path) -> None:
    pytest.importorskip("resource")
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))\n"
    run(limit + ASK, folder)
    assert entries(folder) == []
    run(ASK, folder)  # the next run, with room again, is not the worse for it
    assert len(entries(folder)) == 1


def test_interrupted_while_writing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ask()
    assert entries(folder) == []


def test_four_processes_at_once(folder: Path) -> None:
    environment = {**os.environ, "LANDSCAPE_CACHE_DIR": str(folder)}
    command = [sys.executable, "-W", "error", "-c", ASK]
    running = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(4)]
    errors = [process.communicate(timeout=120)[1] for process in running]
    assert errors == [b""] * 4
    assert [process.returncode for process in running] == [0] * 4
    assert [path.name.startswith(".") for path in entries(folder)] == [False]


def test_the_folder_is_the_users(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANDSCAPE_CACHE_DIR", raising=False)
    assert cache.cache_folder().is_absolute()
    assert "landscape" in cache.cache_folder().parts
