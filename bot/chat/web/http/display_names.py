"""Names that people choose."""

import re
import unicodedata
from collections.abc import Iterator

from bot.errors import UserError

BOT = "Torchproof"
MAX_NAME_LENGTH = 40

# Letters, marks and symbols that draw nothing, and the replacement character.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufffd\U000e0100-\U000e01ef]"
)
# Phones add these to signs that are also emoji; the name is the same without them.
_VARIATION_SELECTORS = re.compile("[\ufe00-\ufe0f]")
_MAX_MARKS_IN_A_ROW = 2
_LOOKALIKES = {
    "t": "т\u03c4ŧƭț7†ᴛ+",
    "o": "о\u03bfοօσѳøɵᴏ0°⊙",
    "r": "гʀᴦꭇɾɼɍ",
    "c": "сϲᴄ¢ƈçↄ",
    "h": "һɦհнʜħη",
    "p": "рρϸþƿᴘƥ",
    "f": "ƒſꞙʄϝꜰꝼ",
}
_SKELETON = str.maketrans(
    {lookalike: letter for letter, group in _LOOKALIKES.items() for lookalike in group}
)


def normalize_name(name: str) -> str:
    """NFKC, one line, 1 to 40 visible characters."""
    typed = _VARIATION_SELECTORS.sub("", name[: 50 * MAX_NAME_LENGTH])
    composed = unicodedata.normalize("NFKC", typed)
    if not all(map(_is_visible, typed + composed)):
        raise UserError("web_name_invisible")
    shown = " ".join("".join(_without_piled_marks(composed)).split())
    if not any(unicodedata.category(letter)[0] in "LNS" for letter in shown):
        raise UserError("web_name_empty")
    if sum(not unicodedata.combining(letter) for letter in shown) > MAX_NAME_LENGTH:
        raise UserError("web_name_too_long", most=MAX_NAME_LENGTH)
    if skeleton(BOT) in skeleton(shown):
        raise UserError("web_name_of_bot", bot=BOT)
    return shown


def name_key(name: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def skeleton(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.translate(_SKELETON)).casefold().translate(_SKELETON)
    return re.sub(r"(.)\1{2,}", r"\1\1", re.sub(r"[\W_]", "", "".join(filter(_is_base, plain))))


def _is_visible(letter: str) -> bool:
    is_control = unicodedata.category(letter).startswith("C")
    return letter.isspace() or not (is_control or _INVISIBLE.match(letter))


def _is_base(letter: str) -> bool:
    return not unicodedata.category(letter).startswith("M")


def _without_piled_marks(name: str) -> Iterator[str]:
    # Piles of combining marks would cover the lines above and below.
    marks = 0
    for letter in name:
        marks = 0 if _is_base(letter) else marks + 1
        if marks <= _MAX_MARKS_IN_A_ROW:
            yield letter
