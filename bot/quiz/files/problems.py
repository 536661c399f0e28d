"""Problems of question files."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import OperatorError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    file: str
    line: int  # counted from 1; 0 for the whole file
    field: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.wrong} {self.remedy}"


class BankError(OperatorError):
    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: str, known: Iterable[str]) -> str:
    return next(iter(get_close_matches(word, sorted(known), n=1, cutoff=0.5)), "")
