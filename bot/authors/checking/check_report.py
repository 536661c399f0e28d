"""What a check found."""

from dataclasses import asdict, dataclass

from bot.quiz.files.drafts import Draft
from bot.quiz.files.problems import Problem
from bot.quiz.files.toml_files import KeyPath


@dataclass(frozen=True, slots=True, order=True)
class CheckFailure:
    file: str
    line: int
    expected: str
    seen: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}\n  expected: {_indent(self.expected)}\n  seen:     {_indent(self.seen)}"


def _indent(text: str) -> str:
    return text.replace("\n", "\n            ")


def failure(draft: Draft, key: KeyPath, expected: str, seen: str, below: int = 0) -> CheckFailure:
    # At a key of a question file, or so many lines below it.
    return CheckFailure(draft.toml.file, draft.toml.line(key) + below, expected, seen)


def problem_failure(problem: Problem) -> CheckFailure:
    wrong = f"{problem.field}: {problem.wrong}" if problem.field else problem.wrong
    return CheckFailure(problem.file, problem.line, problem.remedy, wrong)


@dataclass(frozen=True, slots=True)
class CheckCounts:
    questions: int
    packs: int
    snippets: int
    proofs: int
    variants: int
    passed: int
    failed: int


@dataclass(frozen=True, slots=True)
class CheckReport:
    counts: CheckCounts
    failures: tuple[CheckFailure, ...]

    @property
    def passed(self) -> bool:
        return not self.failures

    def as_json(self) -> dict[str, object]:
        return {**asdict(self.counts), "failures": [asdict(failure) for failure in self.failures]}
