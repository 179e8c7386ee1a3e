"""Every comparison in one run, peer and ours in turns: `python benchmarks/run.py [--quick]`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from films import film, formats, render, sizes, slide, trail, warm_up
from grids import grids
from maps import maps
from measure import FOLDER, Row, scratch
from memory import memory
from networks import networks
from space import space
from startup import first, help_
from training import training

BENCHMARKS: dict[str, Callable[[bool], Iterator[Row]]] = {
    "film": film,
    "render": render,
    "size": sizes,
    "first": first,
    "grid": grids,
    "networks": networks,
    "training": training,
    "trail": trail,
    "space": space,
    "maps": maps,
    "help": help_,
    "memory": memory,
    "slide": slide,
    "formats": formats,
}
HEAD = ["what", "peer", "ours", "ratio", "target", "verdict", "spread"]
README = FOLDER / "README.md"
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"
FAILED = "failed"
LIBRARIES = ("numpy", "numba", "matplotlib", "pillow", "av", "click")


def main() -> int:
    """Measure, print the table; return 1 if one failed or missed its target."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="one; may be repeated")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the rows as JSON")
    parser.add_argument(
        "--update", action="store_true", help="write the table into benchmarks/README.md"
    )
    given = parser.parse_args()
    if given.update and (given.only or given.quick):
        parser.error("--update needs the full run: leave out --only and --quick")
    rows: list[Row] = []
    with scratch() as folder:
        # Byte code is kept, whatever the user's settings, and in one place for both sides.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder)
        warm_up()
        for name in given.only or BENCHMARKS:
            print(f"{name} …", file=sys.stderr, flush=True)
            try:
                for row in BENCHMARKS[name](given.quick):
                    rows.append(row)
                    print("  " + " | ".join(row.cells()), file=sys.stderr, flush=True)
            except RuntimeError as problem:
                # The others are still worth their minutes.
                print(problem, file=sys.stderr)
                rows.append(Row(name, "", "", note=FAILED))
    print(_plain(rows))
    if given.json is not None:
        found = {"versions": _versions(), "rows": [row.table() for row in rows]}
        given.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", "utf-8")
    if given.update and any(row.note == FAILED for row in rows):
        print("README.md is left as it was: a benchmark failed", file=sys.stderr)
    elif given.update:
        _update(rows)
    return 1 if any(row.met is False or row.note == FAILED for row in rows) else 0


def _versions() -> dict[str, str]:
    return {"python": python_version()} | {name: version(name) for name in LIBRARIES}


def _plain(rows: list[Row]) -> str:
    """Return the table for a terminal."""
    cells = [HEAD, *(row.cells() for row in rows)]
    widths = [max(len(line[k]) for line in cells) for k in range(len(HEAD))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return "\n".join(lines)


def _update(rows: list[Row]) -> None:
    """Put the table between the marks of the README."""
    text = README.read_text("utf-8")
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    table = [HEAD, ["---"] * len(HEAD), *(row.cells() for row in rows)]
    lines = ["| " + " | ".join(cell.strip() for cell in line) + " |" for line in table]
    made = ", ".join(f"{name} {number}" for name, number in _versions().items())
    middle = "\n".join([*lines, "", f"With {made}."])
    README.write_text(f"{before}{BEGIN}\n{middle}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
