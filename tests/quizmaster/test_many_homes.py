"""Whatever four accounts do, linked in chains and parted again.

Scores are what the raw rows add up to.
"""

import pytest

from tests.quizmaster.conftest import Quiz
from tests.quizmaster.many_homes import ManyHomes


@pytest.mark.parametrize("seed", range(6))
async def test_scores_equal_the_raw_rows_after_any_links_and_all_comes_back(
    quiz: Quiz, seed: int
) -> None:
    homes = ManyHomes(quiz, seed)
    for _ in range(4):
        await homes.live(30)
        await homes.counted()
