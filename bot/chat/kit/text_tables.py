"""Tables as lines of equal letters: columns where they are narrow enough for a telephone."""

import unicodedata
from collections.abc import Sequence

WIDEST = 44
"""Cells of a fixed-width line that still stand in one line on most screens."""
YOU = "◂ you"


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """How wide each column is; nothing where the table is too wide, or has no columns."""
    found = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    return found if sum(found) + 2 * len(found) <= WIDEST else []


def aligned(row: Sequence[str], wide: Sequence[int], *, marked: bool) -> str:
    cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, wide, strict=True))
    return "  ".join((*cells, YOU) if marked else cells).rstrip()


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
