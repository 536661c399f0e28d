"""Claims tie the key to its proof."""

import ast
from collections import Counter
from collections.abc import Iterator
from math import isclose
from typing import NamedTuple

from bot.authors.checking.check_report import CheckFailure, failure
from bot.authors.checking.code_failures import names_in
from bot.authors.running.harness_job import ObservedRun
from bot.quiz.files.cross_field_rules import as_spoken
from bot.quiz.files.drafts import Draft
from bot.quiz.files.schema import PLACEHOLDER, QuestionSheet
from bot.quiz.files.toml_files import KeyPath
from bot.quiz.files.variants import Row, is_number

COMPUTED = "a claim that could turn out otherwise: compare something that the proof computes"
REMEDY = "`holds`: an expression over the proof's names"

# Expressions of what was written down. A list may be filled later, and a call computes.
WRITTEN = (
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.Tuple,
    ast.JoinedStr,
    ast.FormattedValue,
)


class Claim(NamedTuple):
    key: KeyPath
    expression: str
    expected: bool | None  # None where the expression gives the question's key


def claims(sheet: QuestionSheet) -> list[Claim]:
    found = [
        Claim(("options", index, "holds"), option.holds, option.right)
        for index, option in enumerate(sheet.options or ())
        if option.holds is not None
    ]
    if sheet.holds is not None and not sheet.options:
        found.append(Claim(("holds",), sheet.holds, sheet.truth))
    return found


def missing_claims(draft: Draft) -> Iterator[CheckFailure]:
    # A key that nothing ties to its proof could be flipped and nobody would notice.
    for key, purpose in _missing(draft.sheet):
        yield failure(draft, key, f"{REMEDY} {purpose}", "There is none.")


def _missing(sheet: QuestionSheet) -> Iterator[tuple[KeyPath, str]]:
    if sheet.options is None:
        if sheet.holds is None and sheet.computed_number is None:
            yield (), "that gives the key"
        return
    is_refuted = False
    has_typed_wrong = False
    for index, option in enumerate(sheet.options):
        is_typed = option.value is None
        if option.right and is_typed and option.holds is None:
            yield ("options", index), "that is true"
        if not option.right:
            has_typed_wrong |= is_typed
            is_refuted |= not is_typed or option.holds is not None
    if has_typed_wrong and not is_refuted:
        yield ("options",), "that is false, in the strongest wrong option"


def claim_failures(draft: Draft, run: ObservedRun, row: Row) -> Iterator[CheckFailure]:
    computed = _computed_names(draft.sheet)
    for claim, value in zip(claims(draft.sheet), run.values, strict=False):
        key, expression, expected = claim
        if value.error:
            yield failure(draft, key, f"`{expression}` over the proof's names", value.error)
            continue
        # A claim that is to be false may be so whatever the proof computes.
        depends_on = names_in(expression) if expected is False else value.depends_on
        if computed.isdisjoint(depends_on):
            seen = f"`{expression}` comes out the same whatever that is."
            yield failure(draft, key, COMPUTED, seen)
        elif expected is None:
            yield from _key_failures(draft, key, value.shown, row)
        elif value.shown != str(expected):
            side = "right" if expected else "wrong"
            wanted = f"`{expression}` is {expected}, for the option is {side}"
            yield failure(draft, key, wanted, value.shown)


def _key_failures(draft: Draft, key: KeyPath, shown: str, row: Row) -> Iterator[CheckFailure]:
    number = draft.sheet.number
    phrases = draft.sheet.phrases or []
    if number is not None:
        value = row.get(str(number.value), str(number.value))
        is_near = (
            is_number(shown)
            and is_number(value)
            and isclose(float(shown), float(value), abs_tol=number.within)
        )
        if not is_near:
            yield failure(draft, key, f"{value}, within {number.within}", shown)
    elif as_spoken(shown) not in map(as_spoken, phrases):
        yield failure(draft, key, f"one of {', '.join(phrases)}", shown)


def _computed_names(sheet: QuestionSheet) -> set[str]:
    proof = sheet.proof or ""
    tree = ast.parse(PLACEHOLDER.sub("0", proof) if sheet.vary else proof)
    times_set = Counter(_names_set(tree))
    written = set(sheet.vary or {})
    while True:
        constants = Counter(
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and _is_literal(node.value, written)
            for name in _names_set(node)
        )
        found = {name for name, times in constants.items() if times == times_set[name]}
        if found <= written:
            return set(times_set) - written
        written |= found


def _names_set(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _is_literal(expression: ast.expr, written: set[str]) -> bool:
    return all(
        isinstance(part, WRITTEN) or (isinstance(part, ast.Name) and part.id in written)
        for part in ast.walk(expression)
        if isinstance(part, ast.expr)
    )
