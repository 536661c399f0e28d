"""Two thousand mixed runs from fifty people at one worker with eight slots.

A tenth of them is hostile.

Memory is what the worker and all its offspring hold for themselves, before the first run and after
the last.
"""

import time

from bot.sandbox.protocol import Outcome
from tests.bench import Findings, Goal
from tests.bench.run import own
from tests.sandbox.crowd import gathering
from tests.sandbox.workers import Served, serving

PEOPLE, RUNS = 50, 2000


def measure() -> Findings:
    with serving(slots=8) as worker:
        before = held(worker)
        began = time.perf_counter()
        seen = gathering(worker.client, PEOPLE, RUNS)
        seconds = time.perf_counter() - began
        after = held(worker)
    figures = {
        "answered": float(seen.answered),
        "crossed": float(len(seen.crossed)),
        "lost": float(seen.outcomes[Outcome.LOST]),
        **{outcome.value: float(count) for outcome, count in sorted(seen.outcomes.items())},
        "refusals": float(seen.refusals),
        "runs_per_second": RUNS / seconds,
        "memory_before_mb": before,
        "memory_after_mb": after,
        "memory_grown": after / before,
    }
    bounds = {
        "answered": (RUNS, True),
        "crossed": (0, False),
        "lost": (0, False),
        "memory_grown": (1.1, False),
    }
    return Findings(figures, {name: Goal(figures[name], *bound) for name, bound in bounds.items()})


def held(worker: Served) -> float:
    return sum(own(each.pid) for each in worker.settled()) + own(worker.process.pid)
