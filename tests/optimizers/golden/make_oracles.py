"""Makes oracles.npz and moderns.npz anew, with torch, optax and the references.

Run `python -m tests.optimizers.golden.make_oracles` at the top of the checkout.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tests.optimizers.golden.cases import CASES, EVERY, HILLS, STEPS
from tests.optimizers.golden.modern_cases import MODERN_CASES
from tests.optimizers.golden.oracles import oracle_path
from tests.optimizers.golden.references import newton_path

FOLDER = Path(__file__).parent


def main() -> None:
    for file, cases in (("oracles.npz", CASES), ("moderns.npz", MODERN_CASES)):
        paths = {
            f"{name}/{hill}": oracle_path(case, hill)
            for name, case in cases.items()
            for hill in HILLS
        }
        if cases is MODERN_CASES:
            paths.update({f"newton/{hill}": newton_path(hill) for hill in HILLS})
        for key, path in paths.items():
            if not np.isfinite(path).all():
                raise ValueError(f"{key} diverges: it would compare nothing")
        np.savez_compressed(FOLDER / file, allow_pickle=False, **paths)
    made = {
        "made by": "python -m tests.optimizers.golden.make_oracles",
        "steps": STEPS,
        "rows": f"every {EVERY}th iterate, the start first",
        "versions": {lib: version(lib) for lib in ("numpy", "torch", "jax", "optax")},
    }
    (FOLDER / "oracles.json").write_text(json.dumps(made, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
