"""Training a network on digits beside PyTorch: `python benchmarks/training.py [--quick]`.

The same network, data, optimizer and batches; PyTorch in the three ways in which people write it,
each on one thread, which is its quickest for matrices of this size. Ours is the whole call of
`train`, which also keeps 200 snapshots, and the loss and gradient norm of every batch.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from measure import FOLDER, Row, Times, run, seconds_text, spread_text

__all__ = ["training"]

EPOCHS, BATCH, RATE = 20, 32, 0.001
TARGET = 5.0
CLOSE = 1e-3  # by how much the final losses from one start, in one order, may differ, relatively
PEERS = {
    "fused": "index batches, Adam(fused=True)",
    "plain": "index batches, Adam",
    "loader": "DataLoader, Adam",
    "curves": "index batches, Adam(fused=True); losses and accuracies after each epoch",
}


def training(quick: bool) -> Iterator[Row]:
    """Ours and PyTorch in processes of their own, in turns; both must learn the same."""
    apart = _job("check")
    if not apart <= CLOSE:
        raise RuntimeError(f"training: final losses differ by {apart:g} of their size")
    turns, repeats = (2, 2) if quick else (5, 3)
    for kind, says in PEERS.items():
        peer, ours = Times(), Times()
        mine = "curves" if kind == "curves" else "ends"
        for _ in range(turns):
            peer.values += _job("peer", kind, str(repeats))
            ours.values += _job("ours", mine, str(repeats))
        yield Row(
            f"training digits 64-32-10, {EPOCHS} epochs, batch {BATCH}; PyTorch: {says}",
            seconds_text(peer.median),
            seconds_text(ours.median),
            peer.median / ours.median,
            TARGET if kind == "fused" else None,
            spread=spread_text(peer, ours),
        )


def _job(*words: str) -> Any:
    done = run([sys.executable, FOLDER / Path(__file__).name, "--job", *words])
    return json.loads(done.output.splitlines()[-1])


# -- inside a process of its own -----------------------------------------------------------------


def _timed(work: Callable[[], object], repeats: str) -> list[float]:
    work()  # the first time loads and compiles
    found = []
    for _ in range(int(repeats)):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return found


def _given() -> tuple[Any, Any]:
    from landscape.networks import dataset, network_for

    data = dataset("digits")
    return data, network_for(data, (32,), activation="relu")


def ours(measure: str, repeats: str) -> list[float]:
    """Return the seconds of `train`."""
    from landscape.networks import train

    data, network = _given()
    rule, when = f"adam:lr={RATE}", "epoch" if measure == "curves" else "ends"
    return _timed(
        lambda: train(network, data, rule, epochs=EPOCHS, batch=BATCH, measure=when), repeats
    )


def peer(kind: str, repeats: str) -> list[float]:
    """Return the seconds of the loop in PyTorch."""
    data, network = _given()
    return _timed(lambda: _torch_loop(data, network, kind), repeats)


def check() -> float:
    """Return how far the final losses are apart, relatively, from one start in one order."""
    import torch
    from torch.nn.utils import parameters_to_vector

    from landscape.networks import train
    from landscape.networks.batches import epoch_order

    data, network = _given()
    found = train(network, data, f"adam:lr={RATE}", epochs=EPOCHS, batch=BATCH, measure="ends")
    orders = [torch.from_numpy(epoch_order(data.rows, 0, epoch)) for epoch in range(EPOCHS)]
    model = _torch_loop(data, network, "fused", orders, found.initial)
    flat = parameters_to_vector(model.parameters()).detach().numpy()
    theirs: float = network.value(flat, data.X, data.y)
    return abs(theirs / float(found.train_loss[-1]) - 1)


def _torch_loop(data: Any, network: Any, kind: str, orders: Any = None, start: Any = None) -> Any:
    """Train as one would write it in PyTorch and return the model."""
    import torch
    from torch import nn
    from torch.nn.utils import vector_to_parameters
    from torch.utils.data import DataLoader, TensorDataset

    torch.set_num_threads(1)
    torch.manual_seed(0)
    rows, labels = torch.from_numpy(data.X), torch.from_numpy(data.y)
    model = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))
    if start is not None:
        vector_to_parameters(torch.from_numpy(start.copy()), model.parameters())
    criterion = nn.CrossEntropyLoss()
    fused = kind in ("fused", "curves")
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=fused or None)
    loader = DataLoader(TensorDataset(rows, labels), batch_size=BATCH, shuffle=True)
    for epoch in range(EPOCHS):
        if kind == "loader":
            batches: Any = loader
        else:
            order = torch.randperm(len(rows)) if orders is None else orders[epoch]
            batches = ((rows[part], labels[part]) for part in order.split(BATCH))
        for x, y in batches:
            optimizer.zero_grad()
            loss: Any = criterion(model(x), y)
            loss.backward()
            optimizer.step()
        if kind == "curves":
            with torch.no_grad():
                for x, y in (
                    (rows, labels),
                    (torch.from_numpy(data.X_test), torch.from_numpy(data.y_test)),
                ):
                    outputs = model(x)
                    criterion(outputs, y).item()
                    (outputs.argmax(1) == y).float().mean().item()
    return model


JOBS: dict[str, Callable[..., Any]] = {"ours": ours, "peer": peer, "check": check}


def _main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--job", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.job:
        print(json.dumps(JOBS[given.job[0]](*given.job[1:])))
        return
    for row in training(given.quick):
        print(" | ".join(row.cells()), flush=True)


if __name__ == "__main__":
    _main()
