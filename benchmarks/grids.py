"""A surface on a grid of a million cells beside NumPy as people write it."""

from __future__ import annotations

from collections.abc import Iterator

from measure import Row, Times, job, seconds_text, spread_text

__all__ = ["grids"]

TARGETS = {"beale": 10.0, "ackley": 3.0}


def grids(quick: bool) -> Iterator[Row]:
    """Both in one process, in turns; the results must agree to 1e-12."""
    for name, target in TARGETS.items():
        found = job("grid", name, 1000, 5 if quick else 21)
        peer, ours = Times(found["peer"]), Times(found["ours"])
        if not found["apart"] <= 1e-12:
            raise RuntimeError(f"{name}: grid and NumPy differ by {found['apart']:g}")
        yield Row(
            f"grid 1000×1000, {name}",
            seconds_text(peer.median),
            seconds_text(ours.median),
            peer.median / ours.median,
            target,
            spread=spread_text(peer, ours),
        )
