"""Tables as lines of fixed-width text."""

import unicodedata
from collections.abc import Sequence

WIDEST = 44
"""Cells of a line that most phones still show without wrapping."""
GAP = "  "
YOU = "◂ you"


def aligned_rows(rows: Sequence[Sequence[str]], marked: int | None) -> list[str]:
    """One line a row, with `rows[marked]` pointed out; none if the table is too wide."""
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    if not widths or sum(widths) + len(GAP) * len(widths) > WIDEST:
        return []
    lines = []
    for number, row in enumerate(rows):
        cells = [
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ]
        if number == marked:
            cells.append(YOU)
        lines.append(GAP.join(cells).rstrip())
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
