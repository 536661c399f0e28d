"""What can be told of a question by reading it beside what its code and proof printed."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.authors.checking.failures import CheckFailure, failure
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import FIELD, QuestionSheet, fields
from bot.quiz.files.toml_lines import Path

FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w])")
SHAPE = re.compile(r"[(\[][0-9]+(?:, ?[0-9]+)+,?[)\]]")
NAME = re.compile(r"[a-z_]\w*")
VERSION = re.compile(r"(?i:torch|python|cuda) \d+(?:\.\d+)*")
MISSING = (
    "below this line `proof`: a snippet that shows why the key is right and ends in assertions"
)
SMALL = frozenset({"0", "1", "2"})
"""Figures that stand for words."""


def proof_lints(draft: Draft) -> Iterator[CheckFailure]:
    proof = draft.sheet.proof
    if proof is None:
        yield failure(draft, ("concept",), MISSING, "There is no proof.")
        return
    try:
        tree = ast.parse(proof)
    except SyntaxError as error:
        yield failure(
            draft, ("proof",), "Python", f"SyntaxError: {error.msg}", below=error.lineno or 0
        )
        return
    unused = set(draft.sheet.vary or {}) - {
        name for found in fields(proof) for name in NAME.findall(found)
    }
    if unused:
        wanted = "a proof with each member's own figures"
        yield failure(
            draft,
            ("proof",),
            wanted,
            f"It does not use {', '.join(f'{{{{{name}}}}}' for name in sorted(unused))}.",
        )
    if not _asserts(tree.body[-1:]):
        yield failure(
            draft, ("proof",), "a proof that ends in assertions", ast.unparse(tree.body[-1])[-200:]
        )


def _asserts(statements: Iterable[ast.stmt]) -> bool:
    """Whether there is an assertion that could fail."""
    nodes = [
        node
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Assert)
    ]
    return any(not isinstance(node.test, ast.Constant) for node in nodes)


def unfounded(draft: Draft, sources: Iterable[Sequence[str]]) -> Iterator[CheckFailure]:
    """Each figure typed into what is told after the end that some way of asking the question does not contain."""
    texts = ["\n".join(source) for source in sources]
    shown = [(set(map(amount, figures(text))), set(shapes(text))) for text in texts]
    for field, text in told(draft.sheet):
        typed = VERSION.sub(" ", FIELD.sub(" ", text))
        wrong = [
            found
            for found in figures(typed)
            if not all(_holds(numbers, found) for numbers, _ in shown)
        ]
        wrong += [
            found for found in shapes(typed) if not all(found in tuples for _, tuples in shown)
        ]
        for found in dict.fromkeys(wrong):
            wanted = "a figure that the question holds, or that its code or proof prints"
            yield failure(draft, field, wanted, f"{found} in: {text}")


def told(sheet: QuestionSheet) -> Iterator[tuple[Path, str]]:
    yield ("explanation",), sheet.explanation
    yield ("concept",), sheet.concept
    yield ("why_not",), sheet.why_not or ""
    yield from (
        (("options", index, "why_not"), option.why_not or "")
        for index, option in enumerate(sheet.options or ())
    )


def figures(text: str) -> list[str]:
    return FIGURE.findall(text)


def shapes(text: str) -> list[str]:
    """Every shape, such as (4, 16), however it is written."""
    return [f"({', '.join(re.findall(r'[0-9]+', found))})" for found in SHAPE.findall(text)]


def amount(figure: str) -> float:
    return float(figure)


def _holds(numbers: Iterable[float], figure: str) -> bool:
    """Whether one number is this figure at the precision it is written with, as a share or in percent."""
    nearby = 0.5 * 10 ** -len(figure.partition(".")[2])
    scaled = (number * scale for number in numbers for scale in (1, 100, 0.01))
    return figure in SMALL or any(abs(number - amount(figure)) <= nearby for number in scaled)
