"""Characters that nobody sees."""

import re
import unicodedata

# Unicode categories: control, format, surrogate, private use, unassigned.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Letters without a glyph.
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
# Unassigned, and to be ignored once they are assigned.
RESERVED = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def is_visible(letter: str) -> bool:
    return not (
        letter in BLANK or VARIATIONS.match(letter) or unicodedata.category(letter) in UNSEEN
    )


def without_invisible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # The writer may see a private letter, or one that is too new for this Python.
    return "".join(
        letter
        for letter in text
        if letter.isspace()
        or is_visible(letter)
        or (unicodedata.category(letter) in {"Co", "Cn"} and not RESERVED.match(letter))
    )
