"""Names that people choose: what is kept of them, and when two are the same."""

import re
import unicodedata
from collections.abc import Iterator

from bot.errors import UserError

BOT = "Torchproof"
LONGEST = 40

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\ufffd")
"""Letters and symbols that draw nothing, and the sign for what could not be read."""
_MARKS_IN_A_ROW = 2


def tidy(name: str) -> str:
    """The name as it is shown: one form, no invisible or direction-changing characters, 1 to 40 visible ones."""
    kept = "".join(_kept(unicodedata.normalize("NFKC", name[: 50 * LONGEST])))
    shown = " ".join(kept.split())
    visible = sum(1 for letter in shown if not unicodedata.combining(letter))
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in shown):
        raise UserError("Choose a name with at least one letter or number.")
    if visible > LONGEST:
        raise UserError(f"That name is too long. Choose one of at most {LONGEST} characters.")
    if _alike(key_of(shown)) == _alike(key_of(BOT)):
        raise UserError(f"{BOT} is the bot's own name. Choose another one.")
    return shown


def key_of(name: str) -> str:
    """Two names with the same key are the same name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def others(name: str) -> Iterator[str]:
    """Names like a taken one, to suggest."""
    for number in range(2, 30):
        yield f"{name[: LONGEST - 3].rstrip()} {number}"


def _kept(name: str) -> Iterator[str]:
    marks = 0
    for letter in name:
        marks = marks + 1 if unicodedata.category(letter).startswith("M") else 0
        if letter.isspace():
            yield " "
        elif letter not in _BLANK and not unicodedata.category(letter).startswith("C") and marks <= _MARKS_IN_A_ROW:
            yield letter


def _alike(key: str) -> str:
    return re.sub(r"[\W_]", "", key)
