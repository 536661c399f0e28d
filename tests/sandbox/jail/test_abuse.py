"""Snippets that mean harm, each in a real worker.

None gets what it wants, and the next run finds all as it was.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.sandbox.jail.seccomp import RUN_GROUPS, syscall_numbers
from bot.sandbox.protocol import Outcome
from bot.sandbox.worker.probe import ProbeResult
from tests.sandbox.client import Client, RunResult
from tests.sandbox.workers import Served, serving

FOLDER = Path(__file__).parents[1] / "abuse"
ESCAPED = re.compile(r"^ESCAPED", re.MULTILINE)
KINDS = 13
UNFILTERED = (335, 336)
"""uretprobe and uprobe."""
EVERY_CALL = """
import ctypes, errno
libc, odd = ctypes.CDLL(None, use_errno=True), {{}}
for number in set(range(600)) - set({listed}):
    answer = libc.syscall(number, 0, 0, 0, 0, 0, 0)
    if (answer, ctypes.get_errno()) != (-1, errno.EPERM):
        odd[number] = answer
print(odd)
"""


@dataclass(frozen=True, slots=True)
class Abuse:
    """A snippet, and how it may end.

    `control` marks those that are harmless and escape where there are no walls.
    """

    kind: str
    name: str
    code: str
    ends: tuple[Outcome, ...]
    before: str = ""
    says: str = ""
    seconds: float = 0.0
    rc: int | None = None
    control: bool = False
    files: int | None = None
    pictures: int | None = None

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


def abuses() -> Iterator[Abuse]:
    for path in sorted(FOLDER.glob("*.toml")):
        for told in tomllib.loads(path.read_text("utf-8"))["snippet"]:
            ends = tuple(Outcome(each) for each in told.pop("ends"))
            seconds = told.pop("seconds", 0.5 if Outcome.TIME in ends else 8.0)
            yield Abuse(kind=path.stem, ends=ends, seconds=seconds, **told)


ALL = list(abuses())
CONTROLS = [abuse for abuse in ALL if abuse.control]


def attempt(abuse: Abuse, client: Client) -> RunResult:
    if abuse.before:
        client.run(abuse.before, seconds=abuse.seconds)
    return client.run(abuse.code, seconds=abuse.seconds)


@pytest.mark.parametrize("abuse", ALL, ids=str)
def test_it_does_not_get_out(abuse: Abuse, either: Served) -> None:
    seen = attempt(abuse, either.client)
    assert not ESCAPED.search(seen.output), seen.output
    assert seen.outcome in abuse.ends, seen
    assert abuse.says in seen.output
    assert abuse.rc in {None, seen.rc}
    assert abuse.files in {None, len(seen.files)}
    assert abuse.pictures in {None, len(seen.pictures)}
    after = either.client.run("torch.ones(2).sum()")
    assert (after.outcome, after.output) == (Outcome.DONE, "tensor(2.)\n# shape (), float32, cpu\n")


def test_no_call_exists_that_is_not_on_the_list(either: Served) -> None:
    """But for two that no filter is asked about, and that end whoever makes them."""
    listed = {*syscall_numbers((*RUN_GROUPS, "ruled")), *UNFILTERED}
    seen = either.client.run(EVERY_CALL.format(listed=sorted(listed)))
    assert (seen.outcome, seen.output) == (Outcome.DONE, "{}\n"), seen


def test_nothing_is_left_of_them(either: Served) -> None:
    """After all of that, each slot waits again, and there is no other process."""
    assert either.settled()
    assert either.client.ask("GET", "/health").json["state"] == "ready"


def test_the_suite_is_as_broad_as_it_claims() -> None:
    assert len({abuse.kind for abuse in ALL}) == KINDS
    assert len(ALL) > 180
    assert len({str(abuse) for abuse in ALL}) == len(ALL)


def test_without_walls_most_of_the_harmless_ones_escape(walls: ProbeResult) -> None:
    """The teeth of this suite: the same snippets, the same harness, no walls."""
    del walls
    with serving(unsafe=True, groups=False) as worker:
        escaped = [
            str(abuse) for abuse in CONTROLS if ESCAPED.search(attempt(abuse, worker.client).output)
        ]
    assert len(escaped) >= 0.75 * len(CONTROLS), sorted(
        {str(abuse) for abuse in CONTROLS} - set(escaped)
    )
