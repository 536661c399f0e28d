"""What a check found: each failure with its place, what was expected and what was seen, and the counts of it all."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.quiz.files.drafts import Draft
from bot.quiz.files.problems import Problem
from bot.quiz.files.toml_lines import Path


@dataclass(frozen=True, slots=True, order=True)
class CheckFailure:
    file: str
    line: int
    expected: str
    seen: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}\n  expected: {indented(self.expected)}\n  seen:     {indented(self.seen)}"


def indented(text: str) -> str:
    return text.replace("\n", "\n            ")


def failure(draft: Draft, field: Path, expected: str, seen: str, below: int = 0) -> CheckFailure:
    """A failure at a field of a question, or so many lines below it."""
    return CheckFailure(draft.page.file, draft.page.line(field) + below, expected, seen)


def refused(problem: Problem) -> CheckFailure:
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


def counted(  # every count has its own name
    files: Sequence[str],
    packs: int,
    snippets: int,
    proofs: int,
    variants: int,
    failures: Sequence[CheckFailure],
) -> CheckReport:
    """The report: a question fails with its file."""
    broken = {failure.file for failure in failures}
    questions = set(files)
    failed = len(broken)
    counts = CheckCounts(
        len(questions), packs, snippets, proofs, variants, len(questions - broken), failed
    )
    return CheckReport(counts, tuple(sorted(set(failures))))
