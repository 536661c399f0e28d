"""Words as Slack shows them: commands by the names they have here, and nothing that could call anybody."""

import re

from bot.commands import VERBS

COMMAND = "/quiz"
RUN = "/run"
NOTHING = "…"
"""Stands where Slack wants words and there are none."""

_OURS = re.compile(
    rf"(?<![\w/.])/({'|'.join(verb.name for verb in VERBS if verb.name != 'run')})\b(?!/)"
)
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|([^<>]*))?>")


def here(text: str) -> str:
    """A sentence of ours, with each command as it is typed on Slack; what Slack takes for no text is left out."""
    return _OURS.sub(rf"{COMMAND} \1", text.replace("\0", ""))


def one_line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def cut(text: str, limit: int) -> str:
    """At most so many characters, and never none."""
    return (text if len(text) <= limit else text[: limit - 1].rstrip() + NOTHING) or NOTHING


def escaped(text: str) -> str:
    """For the one place that Slack reads as markup: the text beside the blocks."""
    return "".join(_ENTITIES.get(letter, letter) for letter in text)


def typed(text: str) -> str:
    """What somebody typed, as they saw it: links without their address, entities as what they stand for."""
    shown = _LINK.sub(lambda link: _shown(link[1], link[2]), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def mentions(text: str) -> dict[str, str]:
    """Who is named in a text: what stands there, and who that is, with a name for people to read."""
    return {found[0]: f"{found[1]} @{found[2] or found[1]}" for found in _MENTION.finditer(text)}


def _shown(target: str, label: str | None) -> str:
    if target[0] in "@#!":
        return f"{'' if label and label[0] in '@#' else target[0]}{label or target[1:]}"
    return label if label is not None else target
