"""Letters that nobody sees: they hide in a text, part its words, or turn it round."""

import re
import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Control, formatting (bidi, zero width, tags), halves of characters, private use and what is no character."""
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters by name that no one can see."""
RESERVED = re.compile("[\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
"""No characters yet, and to be ignored when they are."""
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def is_seen(letter: str) -> bool:
    return not (
        letter in BLANK or VARIATIONS.match(letter) or unicodedata.category(letter) in UNSEEN
    )


def seen(text: str) -> str:
    """What a reader sees of a text, with its white space as it is."""
    return text if text.isascii() and text.isprintable() else "".join(filter(_stays, text))


def _stays(letter: str) -> bool:
    """One that is private, or too young for this Python to know, is kept: its writer may see it."""
    private = unicodedata.category(letter) in {"Co", "Cn"} and not RESERVED.match(letter)
    return letter.isspace() or is_seen(letter) or private
