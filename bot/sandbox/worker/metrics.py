"""What a worker counts, in the text form that Prometheus reads."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.sandbox.protocol import End, Outcome
from bot.sandbox.worker.pool import Pool


class WorkerMetrics:
    """Runs by how they ended, and their seconds."""

    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.seconds = 0.0

    def count(self, end: End) -> None:
        self.outcomes[end.outcome] += 1
        self.seconds += end.seconds


def written(tally: WorkerMetrics, pools: Mapping[str, Sequence[Pool]]) -> str:
    return "\n".join([*_runs(tally), *_pools(pools), ""])


def _runs(tally: WorkerMetrics) -> Iterator[str]:
    yield from _head("torchproof_runs_total", "counter", "Runs that ended, by outcome.")
    for outcome in Outcome:
        yield f'torchproof_runs_total{{outcome="{outcome}"}} {tally.outcomes[outcome]}'
    yield from _head("torchproof_run_seconds_total", "counter", "Seconds that runs took, together.")
    yield f"torchproof_run_seconds_total {tally.seconds:.6f}"


def _pools(pools: Mapping[str, Sequence[Pool]]) -> Iterator[str]:
    figures: dict[str, tuple[str, str, Callable[[Pool], int]]] = {
        "torchproof_slots": ("gauge", "Runs that may run at once.", lambda pool: pool.size.slots),
        "torchproof_running": ("gauge", "Runs that are under way.", lambda pool: pool.running),
        "torchproof_waiting": ("gauge", "Children that wait for code.", lambda pool: pool.waiting),
        "torchproof_refused_total": (
            "counter",
            "Requests without a free slot.",
            lambda pool: pool.counts.refused,
        ),
        "torchproof_zygotes_total": (
            "counter",
            "Zygotes that were started.",
            lambda pool: pool.counts.zygotes,
        ),
        "torchproof_lost_slots_total": (
            "counter",
            "Slots that failed.",
            lambda pool: pool.counts.lost_slots,
        ),
    }
    for name, (kind, says, figure) in figures.items():
        yield from _head(name, kind, says)
        for device, each in pools.items():
            yield f'{name}{{device="{device}"}} {sum(figure(pool) for pool in each)}'


def _head(name: str, kind: str, says: str) -> Iterator[str]:
    yield f"# HELP {name} {says}"
    yield f"# TYPE {name} {kind}"
