"""Is an answer right? Reads what a person gave, and marks it against the key."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.quiz.files.invisible_characters import seen
from bot.quiz.questions import Choices, Key, Number

LONGEST = 200
SLIPS = ((5, 0), (10, 1))
"""Phrases shorter than so many letters are forgiven so many slips of the pen; longer ones two."""
_UNHEARD = re.compile(r"(?:(?!(?<!\w)-\d)[^\w.+])+")
"""What tells no two phrases apart: punctuation, but for a point, a plus, and the minus before a number."""
_SIGNS = str.maketrans(
    "\N{MINUS SIGN}\N{FRACTION SLASH}\N{DIVISION SLASH}\u066b\u066c\u2019", "-//.,'"
)
_GROUPS = re.compile(
    r"([+-]?\d{1,3})((?:[ ']\d{3})+|(?:,\d{3}){2,}|,\d{3}(?=\.)|(?:\.\d{3}){2,}|\.\d{3}(?=,))(?:[.,](\d+))?"
)
"""A number with its thousands in groups, where it can be read in one way only."""
Answer = tuple[str, ...]
"""What a person chose: letters in order, or one line of text."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How much of the answer is right, from 0 to 1, and what the judge has to say about it."""

    share: float
    note: str = ""


def read(key: Key, values: Sequence[str]) -> Answer:
    """What was meant. An answer that can't be read costs no try: it raises with what to write instead."""
    match key:
        case Choices(options=options, several=several):
            return _letters(values, [option.letter for option in options], several=several)
        case Number():
            return (f"{_number(_line(values)):.12g}",)
        case _:
            return (_line(values),)


def mark(key: Key, answer: Answer) -> Mark:
    match key:
        case Choices(several=True):
            return Mark(_share(key.right, frozenset(answer)))
        case Choices():
            return Mark(float(frozenset(answer) == key.right))
        case Number(value=value, within=within):
            return Mark(float(_close(float(answer[0]), value, within)))
        case _:
            return _phrase(key.accept, answer[0])


def _share(right: frozenset[str], ticked: frozenset[str]) -> float:
    """(right - wrong) / all that are right, never below nothing: each wrong tick takes a right one away."""
    return max(0.0, (len(ticked & right) - len(ticked - right)) / len(right))


def _letters(values: Sequence[str], known: list[str], *, several: bool) -> Answer:
    ticked = tuple(sorted({value.strip().upper() for value in values} - {""}))
    if not ticked:
        raise UserError("answer_not_chosen")
    if not set(ticked) <= set(known) or (not several and len(ticked) > 1):
        raise UserError("answer_not_offered", letters=known, several=several)
    return ticked


def _line(values: Sequence[str]) -> str:
    line = " ".join(seen("".join(values)).split())
    if not line:
        raise UserError("answer_empty")
    if len(line) > LONGEST:
        raise UserError("answer_too_long", most=LONGEST)
    return line


def _close(given: float, value: float, within: float) -> bool:
    """The edge of the tolerance counts as within it, whatever binary fractions make of the edge."""
    return abs(given - value) <= within + 1e-9 * max(abs(given), abs(value))


def _number(line: str) -> float:
    value = _value(_plain(line))
    if not math.isfinite(value):
        raise UserError("answer_no_number")
    return value + 0.0  # nothing has no minus


def _plain(line: str) -> str:
    """A number as a keyboard writes it, whatever signs it came in. What is a letter of its own, as ½ is, stays apart."""
    letters = (f" {letter}" if unicodedata.category(letter) == "No" else letter for letter in line)
    return unicodedata.normalize("NFKC", "".join(letters)).translate(_SIGNS).strip()


def _value(text: str) -> float:
    if text.count("/") == 1:
        above, below = (_value(part.strip()) for part in text.split("/"))
        return above / below if below else math.nan
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        whole, fraction = text.replace(",", ""), text.replace(",", ".")
        raise UserError("answer_ambiguous_comma", whole=whole, fraction=fraction)
    if groups := _GROUPS.fullmatch(text):
        text = groups[1] + re.sub(r"\D", "", groups[2]) + "." + (groups[3] or "0")
    try:
        return float(re.sub(r"^([+-]) ", r"\1", text if "." in text else text.replace(",", ".")))
    except ValueError:
        return math.nan


def normal(text: str) -> str:
    """A phrase as it sounds: without case, accents of form, punctuation or spare spaces.

    The minus of a number is heard, and where there is nothing but signs, they are the answer.
    """
    folded = unicodedata.normalize("NFKC", seen(text)).casefold().replace("\N{MINUS SIGN}", "-")
    return " ".join(_UNHEARD.sub(" ", folded.replace("_", " ")).strip(" .").split()) or "".join(
        folded.split()
    )


def _phrase(accept: Sequence[str], given: str) -> Mark:
    said = normal(given)
    meanings = {normal(wording): wording for wording in accept}
    if said in meanings:
        return Mark(1.0)
    wording = next((wording for meant, wording in meanings.items() if _slipped(said, meant)), None)
    return Mark(1.0, f"Read as “{wording}”.") if wording else Mark(0.0)


def _slipped(said: str, meant: str) -> bool:
    """A slip of the pen changes no number and no word's beginning: “unsupervised” is not “supervised”."""
    return (
        _digits(said) == _digits(meant)
        and _begin_alike(said.split(), meant.split())
        and within(said, meant, _slips(meant))
    )


def _begin_alike(said: list[str], meant: list[str]) -> bool:
    return len(said) != len(meant) or all(
        one[0] == other[0] for one, other in zip(said, meant, strict=True)
    )


def _slips(meant: str) -> int:
    return next((slips for length, slips in SLIPS if len(meant) < length), 2)


def _digits(text: str) -> list[str]:
    return re.findall(r"-?\d+", text)


def within(one: str, other: str, most: int) -> bool:
    """Whether at most `most` letters must be added, dropped or changed to get from one to the other."""
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (letter != wanted))
        if min(row) > most:
            return False
    return row[-1] <= most
