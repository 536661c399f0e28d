"""What a worker counts, in Prometheus' text format."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from bot.sandbox.protocol import End, Outcome
from bot.sandbox.worker.pool import Pool


class WorkerMetrics:
    def __init__(self) -> None:
        self.outcomes: Counter[Outcome] = Counter()
        self.seconds = 0.0

    def count(self, end: End) -> None:
        self.outcomes[end.outcome] += 1
        self.seconds += end.seconds

    def render(self, pools: Mapping[str, Sequence[Pool]]) -> str:
        return "\n".join([*self._runs(), *_pools(pools), ""])

    def _runs(self) -> Iterator[str]:
        yield from _head("runs_total", "counter", "Runs that ended, by outcome.")
        for outcome in Outcome:
            yield f'torchproof_runs_total{{outcome="{outcome}"}} {self.outcomes[outcome]}'
        yield from _head("run_seconds_total", "counter", "Seconds that runs took, together.")
        yield f"torchproof_run_seconds_total {self.seconds:.6f}"


def _pools(pools: Mapping[str, Sequence[Pool]]) -> Iterator[str]:
    figures = (
        ("slots", "gauge", "Runs that may run at once.", lambda pool: pool.size.slots),
        ("running", "gauge", "Runs that are under way.", lambda pool: pool.running),
        ("waiting", "gauge", "Children that wait for code.", lambda pool: pool.waiting),
        ("refused_total", "counter", "Requests without a free slot.", lambda pool: pool.refused),
        (
            "zygotes_total",
            "counter",
            "Zygotes that were started.",
            lambda pool: pool.zygotes_started,
        ),
        ("lost_slots_total", "counter", "Slots that failed.", lambda pool: pool.lost_slots),
    )
    for name, kind, description, figure in figures:
        yield from _head(name, kind, description)
        for device, group in pools.items():
            yield f'torchproof_{name}{{device="{device}"}} {sum(map(figure, group))}'


def _head(name: str, kind: str, description: str) -> Iterator[str]:
    yield f"# HELP torchproof_{name} {description}"
    yield f"# TYPE torchproof_{name} {kind}"
