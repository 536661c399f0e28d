"""Tables as lines of fixed-width text."""

import unicodedata
from collections.abc import Sequence

# Most phones show so many cells of a line without wrapping.
WIDEST = 44
GAP = "  "
YOU = "◂ you"


def aligned_rows(rows: Sequence[Sequence[str]], marked: int | None) -> list[str]:
    """None if the table is too wide."""
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
