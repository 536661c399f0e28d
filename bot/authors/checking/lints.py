"""Checks that need no run of their own."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from bot.authors.checking.check_report import CheckFailure, failure
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import PLACEHOLDER, QuestionSheet, placeholders
from bot.quiz.files.toml_files import KeyPath

FIGURE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?:e-?\d+)?(?![\w])")
SHAPE = re.compile(r"[(\[][0-9]+(?:, ?[0-9]+)+,?[)\]]")
NAME = re.compile(r"[a-z_]\w*")
VERSION = re.compile(r"(?i:torch|python|cuda) \d+(?:\.\d+)*")
MISSING = (
    "below this line `proof`: a snippet that shows why the key is right and ends in assertions"
)
SMALL = frozenset({"0", "1", "2"})  # figures that stand for words


def proof_lints(draft: Draft) -> Iterator[CheckFailure]:
    proof = draft.sheet.proof
    if proof is None:
        yield failure(draft, ("concept",), MISSING, "There is no proof.")
        return
    key = ("proof",)
    try:
        tree = ast.parse(proof)
    except SyntaxError as error:
        seen = f"SyntaxError: {error.msg}"
        yield failure(draft, key, "Python", seen, below=error.lineno or 0)
        return
    used = {name for found in placeholders(proof) for name in NAME.findall(found)}
    if unused := sorted(set(draft.sheet.vary or {}) - used):
        seen = ", ".join(f"{{{{{name}}}}}" for name in unused)
        expected = "a proof with each member's own figures"
        yield failure(draft, key, expected, f"It does not use {seen}.")
    last = ast.Module(tree.body[-1:], [])
    tests = [node.test for node in ast.walk(last) if isinstance(node, ast.Assert)]
    if all(isinstance(test, ast.Constant) for test in tests):
        yield failure(draft, key, "a proof that ends in assertions", ast.unparse(last)[-200:])


def unsupported_numbers(draft: Draft, sources: Sequence[str]) -> Iterator[CheckFailure]:
    numbers = [set(map(float, FIGURE.findall(source))) for source in sources]
    shapes = [set(_shapes(source)) for source in sources]
    for key, text in _explanations(draft.sheet):
        typed = VERSION.sub(" ", PLACEHOLDER.sub(" ", text))
        unsupported = [
            figure
            for figure in FIGURE.findall(typed)
            if not all(_contains(known, figure) for known in numbers)
        ]
        unsupported += [
            shape for shape in _shapes(typed) if not all(shape in known for known in shapes)
        ]
        for figure in dict.fromkeys(unsupported):
            expected = "a figure that the question holds, or that its code or proof prints"
            yield failure(draft, key, expected, f"{figure} in: {text}")


def _explanations(sheet: QuestionSheet) -> Iterator[tuple[KeyPath, str]]:
    yield ("explanation",), sheet.explanation
    yield ("concept",), sheet.concept
    yield ("why_not",), sheet.why_not or ""
    for index, option in enumerate(sheet.options or ()):
        yield ("options", index, "why_not"), option.why_not or ""


def _shapes(text: str) -> list[str]:
    return [f"({', '.join(re.findall(r'[0-9]+', found))})" for found in SHAPE.findall(text)]


def _contains(numbers: Iterable[float], figure: str) -> bool:
    # At the precision of the figure, as a share or in percent.
    tolerance = 0.5 * 10 ** -len(figure.partition(".")[2])
    scaled = (number * scale for number in numbers for scale in (1, 100, 0.01))
    return figure in SMALL or any(abs(number - float(figure)) <= tolerance for number in scaled)
