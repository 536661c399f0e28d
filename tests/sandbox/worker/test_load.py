"""Many people at once; `python -m tests.bench load` does the same with two thousand runs."""

from bot.sandbox.protocol import Outcome
from tests.sandbox.crowd import gathering
from tests.sandbox.workers import Served


def test_a_crowd_gets_every_answer_and_nobody_elses(either: Served) -> None:
    seen = gathering(either.client, people=10, runs=100)
    assert (seen.answered, seen.crossed) == (100, [])
    assert seen.outcomes[Outcome.LOST] == 0
    assert seen.outcomes[Outcome.DONE] > 60
    assert either.settled()
