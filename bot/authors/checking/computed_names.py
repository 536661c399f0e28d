"""Names of a proof that are not only written down."""

import ast
from collections import Counter
from collections.abc import Iterator

from bot.quiz.files.schema import PLACEHOLDER, QuestionSheet

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


def computed_names(sheet: QuestionSheet) -> set[str]:
    proof = sheet.proof or ""
    tree = ast.parse(PLACEHOLDER.sub("0", proof) if sheet.vary else proof)
    times_set = Counter(_names_set(tree))
    written = set(sheet.vary or {})
    while True:
        constants = Counter(
            name
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and _is_written(node.value, written)
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


def _is_written(expression: ast.expr, written: set[str]) -> bool:
    return all(
        isinstance(part, WRITTEN) or (isinstance(part, ast.Name) and part.id in written)
        for part in ast.walk(expression)
        if isinstance(part, ast.expr)
    )
