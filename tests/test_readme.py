"""What the README shows runs as it stands."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.cli import _run

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


def parts(most: int = 4) -> list[list[str]]:
    """Return the commands in parts, one that takes a file in that of the one that makes it."""
    written = re.compile(r"(?:-o|--save) (\S+)")
    first: dict[str, str] = {}  # of each command, the one whose part it is in
    made: dict[str, str] = {}
    for command in SHELL:
        makers = [maker for file, maker in made.items() if file in command]
        first[command] = first[makers[0]] if makers else command
        made |= dict.fromkeys(written.findall(command), command)
    alone = [command for command in SHELL if first[command] == command]
    return [
        [command for command in SHELL if first[command] in alone[k : k + most]]
        for k in range(0, len(alone), most)
    ]


def test_every_command_is_run() -> None:
    assert sorted(SHELL) == sorted(command for part in parts() for command in part)


# What takes long is many frames and fine grids, which are all made in one way: fewer do here.
FEWER = {"animate": "--speed=8", "swarm": "--frames=20", "plane": "--resolution=15"}


@pytest.mark.parametrize(
    "fewer",
    [
        pytest.param(FEWER, id="fewer"),
        pytest.param({}, marks=pytest.mark.slow, id="as they stand"),
    ],
)
@pytest.mark.parametrize("commands", parts(), ids=lambda part: part[-1].split(" ")[1])
def test_the_shell_commands_run_in_their_order(
    commands: list[str],
    fewer: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In this process: that the command is one of its own is tested with its signals and pipes.
    monkeypatch.chdir(tmp_path)
    for command in commands:
        name, *words = shlex.split(command, comments=True)
        assert name == "landscape"
        code = _run([*words, *([fewer[words[0]]] if words[0] in fewer else [])])
        said = capsys.readouterr()
        assert code == 0, f"{command}: {said.err}"
        assert said.out


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
