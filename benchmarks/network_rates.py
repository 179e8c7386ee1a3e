"""The search behind `landscape.networks.rates.NETWORK_RATES`: `python benchmarks/network_rates.py`.

For every rule and form it tries 1-2-5 steps on three tasks, and takes the rate whose final training
loss is, in the worst of the tasks, the fewest times as large as that task's best (minimax regret).
It prints that rate beside the one in the table, with both regrets.
"""

from __future__ import annotations

import argparse
import math

from landscape.networks.datasets import dataset
from landscape.networks.rates import network_rule
from landscape.networks.training import network_for, train
from landscape.optimizers import RULES

TASKS = (("digits", (64, 32), "relu"), ("moons", (16, 16), "tanh"), ("wine", (16,), "tanh"))
RATES = tuple(float(f"{digit}e{power}") for power in range(-5, 1) for digit in (1, 2, 5))
LEAST = 1e-3  # a loss below this is as good as any


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=RULES, help="one rule; may be repeated")
    parser.add_argument("--seeds", type=int, default=2)
    given = parser.parse_args()
    tasks = [
        (data, network_for(data, hidden, activation=activation))
        for name, hidden, activation in TASKS
        for data in [dataset(name)]
    ]
    for name in given.only or RULES:
        for form in RULES[name].forms:
            if "swap(" in RULES[name].forms[form].formula:
                continue  # for the plane alone
            logs = []
            for data, network in tasks:
                losses = []
                for rate in RATES:
                    total = 0.0
                    for seed in range(given.seeds):
                        rule = f"{name}:form={form},lr={rate!r}"
                        run = train(network, data, rule, measure="ends", snapshots=2, seed=seed)
                        bad = run.ending != "finished"
                        total += math.inf if bad else math.log(max(run.train_loss[-1], LEAST))
                    losses.append(total / given.seeds)
                logs.append([loss - min(losses) for loss in losses])
            regrets = {rate: max(log[k] for log in logs) for k, rate in enumerate(RATES)}
            best = min(RATES, key=regrets.__getitem__)
            now = network_rule(f"{name}:form={form}").learning_rate or math.nan
            known = math.exp(regrets[now]) if now in regrets else math.nan
            print(
                f"{name}/{form}: {best:g} ({math.exp(regrets[best]):.3g} times the best loss), "
                f"in the table {now:g} ({known:.3g} times)",
                flush=True,
            )


if __name__ == "__main__":
    main()
