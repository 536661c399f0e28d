"""What can be told of a question by reading it beside what its code and proof printed."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.authors.failures import Failure, failure
from bot.quiz.drafts import Draft
from bot.quiz.lines import Path
from bot.quiz.sheets import FIELD, QuestionSheet

FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w])")
VERSION = re.compile(r"(?i:torch|python|cuda) \d+(?:\.\d+)*")
SMALL = frozenset({"0", "1", "2"})
"""Figures that stand for words."""


def proof_lints(draft: Draft) -> Iterator[Failure]:
    proof = draft.sheet.proof
    if proof is None:
        yield failure(draft, (), "a proof that shows why the key is right", "There is none.")
        return
    try:
        tree = ast.parse(proof)
    except SyntaxError as error:
        yield failure(draft, ("proof",), "Python", f"SyntaxError: {error.msg}", below=error.lineno or 0)
        return
    if not _asserts(tree.body[-1:]):
        yield failure(draft, ("proof",), "a proof that ends in assertions", ast.unparse(tree.body[-1])[-200:])


def _asserts(statements: Iterable[ast.stmt]) -> bool:
    """Whether there is an assertion that could fail."""
    nodes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Assert)]
    return any(not isinstance(node.test, ast.Constant) for node in nodes)


def unfounded(draft: Draft, sources: Iterable[Sequence[str]]) -> Iterator[Failure]:
    """Each figure typed into what is told after the end that some way of asking the question does not contain."""
    shown = [[amount(found) for text in source for found in figures(text)] for source in sources]
    for field, text in told(draft.sheet):
        for found in dict.fromkeys(figures(VERSION.sub(" ", FIELD.sub(" ", text)))):
            if found not in SMALL and not all(any(_rounds(number, found) for number in each) for each in shown):
                wanted = "a figure that the question holds, or that its code or proof prints"
                yield failure(draft, field, wanted, f"{found} in: {text}")


def told(sheet: QuestionSheet) -> Iterator[tuple[Path, str]]:
    yield ("explanation",), sheet.explanation
    yield ("concept",), sheet.concept
    yield ("why_not",), sheet.why_not or ""
    yield from (
        (("options", index, "why_not"), option.why_not or "") for index, option in enumerate(sheet.options or ())
    )


def figures(text: str) -> list[str]:
    return FIGURE.findall(text)


def amount(figure: str) -> float:
    return float(figure)


def _rounds(number: float, figure: str) -> bool:
    """Whether a number is this figure at the precision it is written with, as a share or in percent."""
    digits = len(figure.partition(".")[2])
    return any(abs(scaled - amount(figure)) <= 0.5 * 10**-digits for scaled in (number, number * 100, number / 100))
