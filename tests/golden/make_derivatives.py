"""Write landscape/formula/derivatives.json: what SymPy derives of the catalogue's formulas.

python tests/golden/make_derivatives.py
"""

from __future__ import annotations

import json

from landscape.formula import Formula
from landscape.formula.shipped import PATH, entry_name
from landscape.surfaces.catalogue import SURFACES


def main() -> None:
    """Derive every formula of the catalogue anew."""
    entries = {}
    for entry in SURFACES.values():
        formula = Formula(entry.formula, entry.parameters)
        entries[entry_name(entry.formula, entry.parameters)] = formula.derive()
    PATH.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", "utf-8")
    print(f"{PATH.name}: {len(entries)} formulas, {PATH.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
