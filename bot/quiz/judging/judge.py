"""Reads answers and marks them."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.quiz.files.invisible_characters import without_invisible
from bot.quiz.questions import Choices, Key, Number

LONGEST = 200
# Phrases shorter than so many letters may have so many typos; longer ones MOST_TYPOS.
TYPOS = ((5, 0), (10, 1))
MOST_TYPOS = 2
# Punctuation, except points, pluses and the minus before a number.
_UNHEARD = re.compile(r"(?:(?!(?<!\w)-\d)[^\w.+])+")
_SIGNS = str.maketrans(
    "\N{MINUS SIGN}\N{FRACTION SLASH}\N{DIVISION SLASH}\u066b\u066c\u2019", "-//.,'"
)
# A number with groups of thousands that can be read in one way only.
_GROUPED = re.compile(
    r"([+-]?\d{1,3})((?:[ ']\d{3})+|(?:,\d{3}){2,}|,\d{3}(?=\.)|(?:\.\d{3}){2,}|\.\d{3}(?=,))"
    r"(?:[.,](\d+))?"
)
Answer = tuple[str, ...]  # what a person chose: letters in order, or one line of text


@dataclass(frozen=True, slots=True)
class Mark:
    share: float  # how much of the answer is right, from 0 to 1
    read_as: str = ""  # the phrase that a typo was taken for


def read(key: Key, values: Sequence[str]) -> Answer:
    """Raises UserError, which costs no try."""
    match key:
        case Choices(options=options, several=several):
            return _letters(values, [option.letter for option in options], several=several)
        case Number():
            return (f"{_number(_line(values)):.12g}",)
        case _:
            return (_line(values),)


def mark(key: Key, answer: Answer) -> Mark:
    match key:
        case Choices(right=right, several=True):
            # Each wrong tick takes a right one away.
            ticked = frozenset(answer)
            return Mark(max(0.0, (len(ticked & right) - len(ticked - right)) / len(right)))
        case Choices(right=right):
            return Mark(float(frozenset(answer) == right))
        case Number(value=value, within=within):
            number = float(answer[0])
            rounding = 1e-9 * max(abs(number), abs(value))  # binary fractions move the edge
            return Mark(float(abs(number - value) <= within + rounding))
        case _:
            return _mark_phrase(key.accept, answer[0])


def _letters(values: Sequence[str], known: list[str], *, several: bool) -> Answer:
    ticked = tuple(sorted({value.strip().upper() for value in values} - {""}))
    if not ticked:
        raise UserError("answer_not_chosen")
    if not set(ticked) <= set(known) or (not several and len(ticked) > 1):
        raise UserError("answer_not_offered", letters=known, several=several)
    return ticked


def _line(values: Sequence[str]) -> str:
    line = " ".join(without_invisible("".join(values)).split())
    if not line:
        raise UserError("answer_empty")
    if len(line) > LONGEST:
        raise UserError("answer_too_long", most=LONGEST)
    return line


def _number(line: str) -> float:
    # A fraction such as ½ stays apart from the digits before it.
    letters = (f" {letter}" if unicodedata.category(letter) == "No" else letter for letter in line)
    text = unicodedata.normalize("NFKC", "".join(letters))
    value = _value(text.translate(_SIGNS).strip())
    if not math.isfinite(value):
        raise UserError("answer_no_number")
    return value + 0.0  # turns -0.0 into 0.0


def _value(text: str) -> float:
    if text.count("/") == 1:
        above, below = (_value(part.strip()) for part in text.split("/"))
        return above / below if below else math.nan
    if re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", text):
        whole = text.replace(",", "")
        raise UserError("answer_ambiguous_comma", whole=whole, fraction=text.replace(",", "."))
    if grouped := _GROUPED.fullmatch(text):
        text = grouped[1] + re.sub(r"\D", "", grouped[2]) + "." + (grouped[3] or "0")
    if "." not in text:
        text = text.replace(",", ".")
    try:
        return float(re.sub(r"^([+-]) ", r"\1", text))
    except ValueError:
        return math.nan


def _normalized(text: str) -> str:
    folded = unicodedata.normalize("NFKC", without_invisible(text)).casefold()
    folded = folded.replace("\N{MINUS SIGN}", "-")
    # The minus of a number stays; a phrase of nothing but signs keeps them.
    words = _UNHEARD.sub(" ", folded.replace("_", " ")).strip(" .").split()
    return " ".join(words) or "".join(folded.split())


def _mark_phrase(accepted: Sequence[str], answer: str) -> Mark:
    given = _normalized(answer)
    by_normalized = {_normalized(wording): wording for wording in accepted}
    if given in by_normalized:
        return Mark(1.0)
    for wanted, wording in by_normalized.items():
        if _is_typo(given, wanted):
            return Mark(1.0, wording)
    return Mark(0.0)


def _is_typo(given: str, wanted: str) -> bool:
    # A typo changes no number and no first letter: “unsupervised” is not “supervised”.
    most = next((typos for length, typos in TYPOS if len(wanted) < length), MOST_TYPOS)
    initials = [word[0] for word in given.split()]
    wanted_initials = [word[0] for word in wanted.split()]
    return (
        re.findall(r"-?\d+", given) == re.findall(r"-?\d+", wanted)
        and (initials == wanted_initials or len(initials) != len(wanted_initials))
        and is_within_edits(given, wanted, most)
    )


def is_within_edits(one: str, other: str, most: int) -> bool:
    """Whether the edit distance is at most `most`."""
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        diagonal = row[0]
        row[0] = i
        for j, wanted in enumerate(other, 1):
            changed = diagonal + (letter != wanted)
            diagonal = row[j]
            row[j] = min(row[j] + 1, row[j - 1] + 1, changed)
        if min(row) > most:
            return False
    return row[-1] <= most
