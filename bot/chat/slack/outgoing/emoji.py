"""Slack's names of emoji: answers A to F are given with the numbers one to six."""

import re

_FIRST = "🇦"
_NUMBERS = ("one", "two", "three", "four", "five", "six")
_LETTER = re.compile(r"(?:alphabet-(?:white|yellow)-|regional_indicator_|letter_)?([a-f])\Z")


def name_of(emoji: str) -> str:
    index = ord(emoji[0]) - ord(_FIRST if emoji[0] >= _FIRST else "A") if emoji else -1
    return _NUMBERS[index] if 0 <= index < len(_NUMBERS) else "grey_question"


def emoji_of(name: str) -> str:
    bare_name = name.partition("::")[0]
    if bare_name in _NUMBERS:
        return chr(ord(_FIRST) + _NUMBERS.index(bare_name))
    letter = _LETTER.match(bare_name)
    return chr(ord(_FIRST) + ord(letter[1]) - ord("a")) if letter else bare_name
