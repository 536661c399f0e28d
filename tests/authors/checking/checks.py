"""Checks of questions in a folder of their own."""

from pathlib import Path

from bot.authors.checking.check import check
from bot.authors.checking.check_report import CheckReport
from tests.quiz.folders import PLAIN


async def checked(path: Path, *, keep: bool = True) -> CheckReport:
    return await check(path, cache=None, progress=silent, write_back=keep)


def silent(_: str) -> None:
    pass


async def only_failure(path: Path) -> str:
    """What the one failure of a check looks like."""
    (failure,) = (await checked(path)).failures
    return str(failure)


FLIPPED = PLAIN.replace("right = true\n", 'why_not = "No."\n').replace(
    'why_not = "That is a gate of zero."', "right = true"
)
