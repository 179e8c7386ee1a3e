"""Makes networks.npz anew with PyTorch.

Run `python -m tests.networks.golden.make_networks` at the top of the checkout.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.networks.golden.cases import CASES, ROWS, inputs, parameters
from tests.networks.golden.oracle import answers, hessian

FOLDER = Path(__file__).parent


def main() -> None:
    stored: dict[str, NDArray[Any]] = {}
    for name, case in CASES.items():
        flat = parameters(case)
        rows, targets = inputs(case)
        found = answers(case, flat, rows, targets)
        found["hessian"] = hessian(case, flat, rows, targets)
        found |= {"flat": flat, "rows": rows, "targets": targets}
        stored |= {f"{name}/{key}": value for key, value in found.items()}
    np.savez_compressed(FOLDER / "networks.npz", allow_pickle=False, **stored)
    made = {
        "made by": "python -m tests.networks.golden.make_networks",
        "examples": ROWS,
        "versions": {lib: version(lib) for lib in ("numpy", "torch")},
    }
    (FOLDER / "networks.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
