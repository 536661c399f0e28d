"""Emoji by the names that Slack gives them: letters are answered with the numbers that every workspace has."""

import re

_FIRST = "🇦"
_NUMBERS = ("one", "two", "three", "four", "five", "six")
_LETTER = re.compile(r"(?:alphabet-(?:white|yellow)-|regional_indicator_|letter_)?([a-f])\Z")


def name_of(sign: str) -> str:
    """The name of the number for a letter or for its emoji; anything else is shrugged off as a question."""
    place = ord(sign[0]) - ord(_FIRST if sign[0] >= _FIRST else "A") if sign else -1
    return _NUMBERS[place] if 0 <= place < len(_NUMBERS) else "grey_question"


def sign_of(name: str) -> str:
    """The letter's emoji that a name stands for, whatever its colour of skin; any other name as it is."""
    bare = name.partition("::")[0]
    if bare in _NUMBERS:
        return chr(ord(_FIRST) + _NUMBERS.index(bare))
    letter = _LETTER.match(bare)
    return chr(ord(_FIRST) + ord(letter[1]) - ord("a")) if letter else bare
