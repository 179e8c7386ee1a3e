"""What the README shows runs as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
SHELL = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.startswith("landscape")
]
PYTHON = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


def test_there_is_something_to_run() -> None:
    assert len(SHELL) >= 6
    assert len(PYTHON) == 1


def parts(most: int = 6) -> list[list[str]]:
    """Return the commands in parts, each with those that make the files that it takes."""
    written = re.compile(r"(?:-o|--save) (\S+)")
    made = {file: command for command in SHELL for file in written.findall(command)}
    found = []
    for first in range(0, len(SHELL), most):
        part = SHELL[first : first + most]
        taken = [
            maker
            for file, maker in made.items()
            if maker not in part and any(file in command for command in part)
        ]
        found.append([*taken, *part])
    return found


def test_every_command_is_run() -> None:
    assert set(SHELL) == {command for part in parts() for command in part}


@pytest.mark.parametrize("commands", parts(), ids=lambda part: part[-1].split(" ")[1])
def test_the_shell_commands_run_in_their_order(commands: list[str], tmp_path: Path) -> None:
    for command in commands:
        done = subprocess.run(
            command.replace("landscape ", f"{sys.executable} -m landscape ", 1),
            shell=True,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}"
        assert done.stdout


def test_the_python_block_runs(folder: Path) -> None:
    script = folder / "readme.py"
    script.write_text("import matplotlib\nmatplotlib.use('Agg')\n" + PYTHON[0], "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "ravine.gif").stat().st_size > 10_000
    assert (folder / "bumps.gif").exists()
