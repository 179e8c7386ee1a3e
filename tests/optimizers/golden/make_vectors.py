"""Makes vectors.npz anew, with torch.

Run `python -m tests.optimizers.golden.make_vectors` at the top of the checkout.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tests.optimizers.golden.vector_cases import EVERY, STEPS, VECTOR_CASES, torch_path

FOLDER = Path(__file__).parent


def main() -> None:
    paths = {
        f"{name}/{dtype}": torch_path(case, dtype)
        for name, case in VECTOR_CASES.items()
        for dtype in ("float64", "float32")
        if dtype == "float64" or case.single
    }
    np.savez_compressed(FOLDER / "vectors.npz", allow_pickle=False, **paths)
    made = {
        "made by": "python -m tests.optimizers.golden.make_vectors",
        "steps": STEPS,
        "rows": f"every {EVERY}th vector of parameters, the start first",
        "versions": {lib: version(lib) for lib in ("numpy", "torch")},
    }
    (FOLDER / "vectors.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
