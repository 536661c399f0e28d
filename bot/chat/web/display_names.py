"""Names that people choose: what is kept of them, when two are the same, and when one passes for the bot."""

import re
import unicodedata
from collections.abc import Iterator

from bot.errors import UserError

BOT = "Torchproof"
LONGEST = 40
UNSEEN = "That name has characters in it that nobody can see, or that turn the writing around. Choose a name without them."

_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufffd\U000e0100-\U000e01ef]"
)
"""Letters, marks and symbols that draw nothing, and the sign for what could not be read."""
_COLOUR = re.compile("[\ufe00-\ufe0f]")
"""What phones put behind a sign that is also drawn as an emoji; the name is the same without it."""
_MARKS_IN_A_ROW = 2
_LIKE = {
    "t": "т\u03c4ŧƭț7†ᴛ+",
    "o": "о\u03bfοօσѳøɵᴏ0°⊙",  # noqa: RUF001
    "r": "гʀᴦꭇɾɼɍ",
    "c": "сϲᴄ¢ƈçↄ",  # noqa: RUF001
    "h": "һɦհнʜħη",
    "p": "рρϸþƿᴘƥ",
    "f": "ƒſꞙʄϝꜰꝼ",
}
_SKELETON = str.maketrans({letter: plain for plain, letters in _LIKE.items() for letter in letters})


def tidy(name: str) -> str:
    """The name as it is shown: one form, one line, 1 to 40 characters that can all be seen."""
    written = _COLOUR.sub("", name[: 50 * LONGEST])
    kept = unicodedata.normalize("NFKC", written)
    if not all(map(_is_seen, written + kept)):
        raise UserError(UNSEEN)
    shown = " ".join("".join(_unpiled(kept)).split())
    visible = sum(1 for letter in shown if not unicodedata.combining(letter))
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in shown):
        raise UserError("Choose a name with at least one letter or number.")
    if visible > LONGEST:
        raise UserError(f"That name is too long. Choose one of at most {LONGEST} characters.")
    if skeleton(BOT) in skeleton(shown):
        raise UserError(f"That name passes for {BOT}, which is the bot. Choose another one.")
    return shown


def key_of(name: str) -> str:
    """Two names with the same key are the same name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def skeleton(name: str) -> str:
    """What is left of a name at a glance: Latin letters and digits, no marks, nothing thrice in a row."""
    plain = unicodedata.normalize("NFKD", name.translate(_SKELETON)).casefold().translate(_SKELETON)
    return re.sub(r"(.)\1{2,}", r"\1\1", re.sub(r"[\W_]", "", "".join(filter(_is_base, plain))))


def others(name: str) -> Iterator[str]:
    """Names like a taken one, to suggest."""
    for number in range(2, 30):
        yield f"{name[: LONGEST - 3].rstrip()} {number}"


def _is_seen(letter: str) -> bool:
    return letter.isspace() or not (
        unicodedata.category(letter).startswith("C") or _BLANK.match(letter)
    )


def _is_base(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("M")


def _unpiled(name: str) -> Iterator[str]:
    """Without the marks that would cover the lines above and below."""
    marks = 0
    for letter in name:
        marks = 0 if _is_base(letter) else marks + 1
        if marks <= _MARKS_IN_A_ROW:
            yield letter
