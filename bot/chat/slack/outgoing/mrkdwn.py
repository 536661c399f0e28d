"""Text and emoji as Slack writes and reads them."""

import re

from bot.chat.slack.payload import Json
from bot.commands import RUN, VERBS

QUIZ_COMMAND = "/quiz"
RUN_COMMAND = f"/{RUN.name}"
ELLIPSIS = "…"

_VERBS = "|".join(verb.name for verb in VERBS if verb is not RUN)
_COMMAND = re.compile(rf"(?<![\w/.])/({_VERBS})\b(?!/)")
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_FIRST = "🇦"
_NUMBERS = ("one", "two", "three", "four", "five", "six")
_LETTER = re.compile(r"(?:alphabet-(?:white|yellow)-|regional_indicator_|letter_)?([a-f])\Z")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")


def slack_text(text: str) -> str:
    """With `/challenge` as `/quiz challenge`."""
    return _COMMAND.sub(rf"{QUIZ_COMMAND} \1", text.replace("\0", ""))


def one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text).strip()


def cut(text: str, most: int) -> str:
    # Slack refuses an empty text.
    return (text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS) or ELLIPSIS


def short_line(text: str, most: int) -> str:
    return cut(one_line(text), most)


def text_object(text: str) -> Json:
    # Emoji names in it stay as they are written.
    return {"type": "plain_text", "text": text, "emoji": False}


def as_seen(text: str) -> str:
    shown = _LINK.sub(_shown, text)
    for entity, letter in (("&gt;", ">"), ("&lt;", "<"), ("&amp;", "&")):
        shown = shown.replace(entity, letter)
    return shown


def mentions(text: str) -> dict[str, str]:
    """By markup: the user id, a blank, and a name to read."""
    return {found[0]: f"{found[1]} @{found[2] or found[1]}" for found in _MENTION.finditer(text)}


def _shown(link: re.Match[str]) -> str:
    target, label = link.groups()
    if target[0] in "@#!":
        return f"{'' if label and label[0] in '@#' else target[0]}{label or target[1:]}"
    return target if label is None else label


def name_of(emoji: str) -> str:
    index = ord(emoji[0]) - ord(_FIRST if emoji[0] >= _FIRST else "A") if emoji else -1
    return _NUMBERS[index] if 0 <= index < len(_NUMBERS) else "grey_question"


def emoji_of(name: str) -> str:
    bare_name = name.partition("::")[0]
    if bare_name in _NUMBERS:
        return chr(ord(_FIRST) + _NUMBERS.index(bare_name))
    letter = _LETTER.match(bare_name)
    return chr(ord(_FIRST) + ord(letter[1]) - ord("a")) if letter else bare_name
