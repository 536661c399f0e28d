"""Code in what people write."""

import ast
import re
import textwrap
import warnings

_FENCE = re.compile(r"```(?:[A-Za-z0-9_+-]{1,20}\n)?(.*?)(?:```|\Z)", re.DOTALL)
# To Python, “thanks” is a name and “yes, no” a pair; code has one of these.
_ACTING = (
    ast.Assign,
    ast.AugAssign,
    ast.Call,
    ast.Import,
    ast.ImportFrom,
    ast.For,
    ast.While,
    ast.With,
    ast.Assert,
)


def unfenced(text: str) -> str:
    fence = _FENCE.search(text)
    return _dedented(fence[1] if fence and not text[: fence.start()].strip() else text)


def code_in_fence(text: str) -> str:
    fence = _FENCE.search(text)
    return _dedented(fence[1]) if fence else ""


def code_in(text: str) -> str:
    whole = _dedented(text)
    return code_in_fence(text) or (whole if reads_as_python(whole) else "")


def reads_as_python(text: str) -> bool:
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return any(isinstance(node, _ACTING) for node in ast.walk(tree))


def _dedented(code: str) -> str:
    return textwrap.dedent(code.strip("\n") if "\n" in code else code.strip()).rstrip()
