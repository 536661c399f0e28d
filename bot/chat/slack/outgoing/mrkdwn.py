"""Text as Slack writes and reads it: escapes, links, mentions, and our commands by their names."""

import re

from bot.chat.slack.payload import Json
from bot.commands import RUN, VERBS

QUIZ_COMMAND = "/quiz"
RUN_COMMAND = f"/{RUN.name}"
ELLIPSIS = "…"

_VERBS = "|".join(verb.name for verb in VERBS if verb is not RUN)
_COMMAND = re.compile(rf"(?<![\w/.])/({_VERBS})\b(?!/)")
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ESCAPES = str.maketrans(_ENTITIES)
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")


def slack_text(text: str) -> str:
    """With `/challenge` as `/quiz challenge`, and without what Slack takes for no text."""
    return _COMMAND.sub(rf"{QUIZ_COMMAND} \1", text.replace("\0", ""))


def one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text).strip()


def cut(text: str, most: int) -> str:
    """Never empty, for Slack refuses that."""
    return (text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS) or ELLIPSIS


def short_line(text: str, most: int) -> str:
    return cut(one_line(text), most)


def text_object(text: str) -> Json:
    """Emoji names in it stay as they are written."""
    return {"type": "plain_text", "text": text, "emoji": False}


def escape(text: str) -> str:
    return text.translate(_ESCAPES)


def as_seen(text: str) -> str:
    """What a member wrote, as they see it: without the addresses of links, and unescaped."""
    shown = _LINK.sub(lambda link: _shown(link[1], link[2]), text)
    for letter, entity in reversed(_ENTITIES.items()):
        shown = shown.replace(entity, letter)
    return shown


def mentions(text: str) -> dict[str, str]:
    """By the markup of each mention: the user id, a blank, and a name to read."""
    return {found[0]: f"{found[1]} @{found[2] or found[1]}" for found in _MENTION.finditer(text)}


def _shown(target: str, label: str | None) -> str:
    if target[0] in "@#!":
        return f"{'' if label and label[0] in '@#' else target[0]}{label or target[1:]}"
    return label if label is not None else target
