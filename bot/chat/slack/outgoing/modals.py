"""Forms: one line for an answer, code to run, the settings of a place. First their bones, for nothing slow may come before them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.kit.custom_ids import action_of_form
from bot.chat.slack.incoming.payloads import Act, thread_of
from bot.chat.slack.outgoing.cards import OPTION, OPTIONS
from bot.chat.slack.outgoing.mrkdwn import COMMAND, cut, one_line
from bot.commands import Verb
from bot.identity import MessageRef

Json = dict[str, Any]

TITLE, LABEL, LONGEST, LONGEST_LINES = 24, 150, 500, 3000
FORM = "form"
"""What every form of ours is called; what it is about rides in it."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a form was opened from, as it rides in the form until that is sent."""

    channel: str
    url: str
    action: str
    """The action of the press it becomes, or a slash and the name of the command."""
    message: str = ""
    on: str = ""
    """The private card that its answer replaces."""
    names: tuple[str, ...] = ()
    """Which arguments the fields give, for a command."""
    thread: str = ""

    @property
    def words(self) -> str:
        every = {name: getattr(self, name) for name in Origin.__slots__}
        return json.dumps(
            {name: value for name, value in every.items() if value or name in ("channel", "url")}
        )


def origin(told: Json, on: MessageRef | None) -> Origin:
    """Of a button that asks for a line."""
    container, channel = told.get("container") or {}, (told.get("channel") or {}).get("id") or ""
    return Origin(
        channel=str(channel),
        url=str(told.get("response_url") or ""),
        action=action_of_form(str(told["actions"][0]["action_id"])),
        message=str(container.get("message_ts") or ""),
        on=on.id if on else "",
        thread=thread_of(told),
    )


def of_command(click: Act, verb: Verb, arguments: Iterable[str]) -> Origin:
    return Origin(click.place.channel, click.url, f"/{verb.name}", names=tuple(arguments))


def line(label: str, about: Origin, file: str = "") -> Json:
    """One line to type or one file to choose, under the words of the button that was pressed."""
    title = cut(one_line(label), TITLE)
    if file:
        wanted = {
            "type": "file_input",
            "action_id": "file",
            "filetypes": [file.removeprefix(".")],
            "max_files": 1,
        }
        return _form(title, about, (_field("file", label, wanted),), send="Send")
    return _form(title, about, (_typed("words", label, LONGEST),), send="Answer")


def code(about: Origin) -> Json:
    lines = _typed("code", "PyTorch code", LONGEST_LINES, lines=True)
    device = _chosen("device", "Runs on", ("cpu", "gpu"))
    return _form("Run PyTorch", about, (lines, {**device, "optional": True}), send="Run")


def bones(verb: Verb, about: Origin) -> Json:
    """What stands until it is known what can be chosen."""
    waiting = {
        "type": "section",
        "text": {"type": "plain_text", "text": "One moment …", "emoji": False},
    }
    return {**_frame(cut(verb.name.capitalize(), TITLE), about), "blocks": [waiting]}


def shut(verb: Verb, about: Origin) -> Json:
    """What stands for whoever may not use it, where that was found out late."""
    words = f"Only an admin of this place may use {COMMAND} {verb.name}."
    said = {"type": "section", "text": {"type": "plain_text", "text": words, "emoji": False}}
    return {**_frame(cut(verb.name.capitalize(), TITLE), about), "blocks": [said]}


def choices(verb: Verb, about: Origin, sources: dict[str, Sequence[str]]) -> Json:
    """A field for each argument of a command; what is left empty stays as it is."""
    fields = []
    for argument in verb.arguments:
        values = argument.choices or sources.get(argument.source, ())
        if argument.person or argument.source == "roles":
            fields.append(_somebody(argument.name, argument.summary))
        elif 0 < len(values) <= OPTIONS:
            fields.append(_chosen(argument.name, argument.summary, values))
        else:
            longest = LONGEST_LINES if argument.rest else LONGEST
            fields.append(_typed(argument.name, argument.summary, longest, lines=argument.rest))
    optional = ({**field, "optional": True} for field in fields)
    return _form(cut(verb.name.capitalize(), TITLE), about, tuple(optional), send="Save")


def label_of(told: Json) -> str:
    """The words on the button that was pressed."""
    return str((told["actions"][0].get("text") or {}).get("text") or "Your answer")


def _form(title: str, about: Origin, blocks: Sequence[Json], send: str) -> Json:
    submit = {"type": "plain_text", "text": cut(send, TITLE), "emoji": False}
    return {**_frame(title, about), "submit": submit, "blocks": list(blocks)}


def _frame(title: str, about: Origin) -> Json:
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": {"type": "plain_text", "text": title, "emoji": False},
        "close": {"type": "plain_text", "text": "Cancel", "emoji": False},
        "private_metadata": about.words[:3000],
    }


def _typed(name: str, label: str, longest: int, *, lines: bool = False) -> Json:
    element = {
        "type": "plain_text_input",
        "action_id": name,
        "max_length": longest,
        "multiline": lines,
    }
    return _field(name, label, element)


def _chosen(name: str, label: str, values: Sequence[str]) -> Json:
    options = [
        {"text": {"type": "plain_text", "text": value, "emoji": False}, "value": value}
        for value in values
        if 0 < len(value) <= OPTION
    ][:OPTIONS]
    return _field(name, label, {"type": "static_select", "action_id": name, "options": options})


def _somebody(name: str, label: str) -> Json:
    return _field(name, label, {"type": "users_select", "action_id": name})


def _field(name: str, label: str, element: Json) -> Json:
    words = {"type": "plain_text", "text": cut(one_line(label), LABEL), "emoji": False}
    return {"type": "input", "block_id": name, "label": words, "element": element}
