"""A crowd at one worker.

Each person sends runs one after another, a tenth of them hostile, and reads every answer.
"""

import random
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bot.sandbox.protocol import Outcome
from tests.sandbox.client import Client, Refused, RunResult

FRIENDLY = {
    "print": "print('{mark}')",
    "echo": "'{mark}'",
    "gru": "print('{mark}', torch.nn.GRU(10, 20, 2)(torch.randn(5, 3, 10))[0].shape)",
    "error": "print('{mark}')\ntorch.ones(2) + torch.ones(3)",
    "file": "print('{mark}'); open('/tmp/out/{mark}.txt', 'w').write('{mark}')",
    "train": (
        "print('{mark}')\nx = torch.ones(3, requires_grad=True)\n(x * x).sum().backward()\nx.grad"
    ),
}
HOSTILE = {
    "spin": "print('{mark}', flush=True)\nwhile True: pass",
    "flood": "print('{mark}', flush=True)\nwhile True: print('x' * 1000)",
    "bomb": (
        "import os\nprint('{mark}', flush=True)\nwhile True:\n    try: os.fork()\n"
        "    except OSError: pass"
    ),
    "memory": "print('{mark}', flush=True)\nx = [0] * (1 << 30)",
    "crash": "print('{mark}', flush=True)\nimport ctypes; ctypes.string_at(0)",
    "kill": "print('{mark}', flush=True)\nimport os\nos.kill(-1, 9)",
    "daemon": "print('{mark}', flush=True)\nimport os, time\nif os.fork() == 0: time.sleep(60)",
}
SECONDS = 1.0
PATIENCE = 0.02


@dataclass(slots=True)
class Seen:
    """What the crowd saw."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    crossed: list[str] = field(default_factory=list)
    refusals: int = 0

    @property
    def answered(self) -> int:
        return sum(self.outcomes.values())


def gathering(client: Client, people: int, runs: int, seed: int = 0) -> Seen:
    """All of them at once, until every run is answered.

    Who finds no free slot comes back in a moment.
    """
    seen, lock = Seen(), threading.Lock()

    def one(number: int) -> None:
        mark = f"mark{number:05}"
        result, refused = answer(client, snippet(random.Random(seed + number), mark))
        with lock:
            seen.outcomes[result.outcome] += 1
            seen.refusals += refused
            if strangers(result, mark):
                seen.crossed.append(f"{mark}: {result}")

    with ThreadPoolExecutor(people) as crowd:
        for _ in crowd.map(one, range(runs)):
            pass
    return seen


def snippet(chance: random.Random, mark: str) -> str:
    kind = HOSTILE if chance.random() < 0.1 else FRIENDLY
    return chance.choice(list(kind.values())).replace("{mark}", mark)


def answer(client: Client, code: str) -> tuple[RunResult, int]:
    refused = 0
    while True:
        try:
            return client.run(code, seconds=SECONDS), refused
        except Refused as refusal:
            if refusal.status != 503:
                raise
            refused += 1
            threading.Event().wait(PATIENCE)


def strangers(result: RunResult, mark: str) -> list[str]:
    """Marks in an answer that are not its own, or its own missing although it ran to its end."""
    found = set(marks(result.output)) | {
        file.name[:9] for file in result.files if file.name.startswith("mark")
    }
    missing = (
        [] if mark in found or result.outcome in {Outcome.TIME, Outcome.MEMORY} else ["its own"]
    )
    return sorted(found - {mark}) + missing


def marks(text: str) -> Iterator[str]:
    for word in text.replace("'", " ").split():
        if word.startswith("mark") and word[4:9].isdigit():
            yield word[:9]
