"""Code in what people write: out of its fence, or a whole text that reads as Python."""

import ast
import re
import textwrap
import warnings

_FENCE = re.compile(r"```(?:[A-Za-z0-9_+-]{1,20}\n)?(.*?)(?:```|\Z)", re.DOTALL)
_DOES = (
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
"""What code has and prose, even where Python could read it, has not."""


def unfenced(text: str) -> str:
    """Code as it was meant: out of its fence, without what indents all of it."""
    fence = _FENCE.search(text)
    return _straight(fence[1] if fence and not text[: fence.start()].strip() else text)


def fenced(text: str) -> str:
    """The code in the first fence of a text, whatever is said around it; empty where there is none."""
    fence = _FENCE.search(text)
    return _straight(fence[1]) if fence else ""


def code_in(text: str) -> str:
    """The code in a text: what is fenced, or all of it where it reads as Python; empty where there is none."""
    return fenced(text) or (_straight(text) if reads_as_python(_straight(text)) else "")


def reads_as_python(text: str) -> bool:
    """“Thanks” is a name to Python, and “yes, no” a pair of them; code does something."""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return any(isinstance(node, _DOES) for node in ast.walk(tree))


def _straight(code: str) -> str:
    return textwrap.dedent(code.strip("\n") if "\n" in code else code.strip()).rstrip()
