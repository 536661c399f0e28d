"""Modals: for a text or file, for code, and for commands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.chat.kit.custom_ids import action_of_form, file_suffix
from bot.chat.platform_interface import Say
from bot.chat.slack.outgoing.controls import MOST_OPTIONS, OPTION_MAX
from bot.chat.slack.outgoing.mrkdwn import QUIZ_COMMAND, short_line, text_object
from bot.chat.slack.payload import Json, text, thread_of
from bot.chat.slack.shared import Interaction
from bot.commands import Argument, Verb
from bot.identity import MessageRef

TITLE_MAX = 24
LABEL_MAX = 150
LINE_MAX = 500
LINES_MAX = 3000
METADATA_MAX = 3000
CALLBACK_ID = "form"


def press_metadata(payload: Json, private_card: MessageRef | None) -> str:
    return _metadata(
        channel=text(payload, "channel", "id"),
        url=text(payload, "response_url"),
        action=action_of_form(str(payload["actions"][0]["action_id"])),
        message=text(payload, "container", "message_ts"),
        on=private_card.id if private_card else "",
        thread=thread_of(payload),
    )


def command_metadata(interaction: Interaction, verb: str, fields: Sequence[str]) -> str:
    return _metadata(
        channel=interaction.place.channel,
        url=interaction.response_url,
        action=f"/{verb}",
        names=fields,
    )


def _metadata(channel: str, url: str, **optional: object) -> str:
    given = {name: value for name, value in optional.items() if value}
    return json.dumps({"channel": channel, "url": url, **given})[:METADATA_MAX]


@dataclass
class Modals:
    _say: Say

    def for_button(self, payload: Json, metadata: str) -> Json:
        button = payload["actions"][0]
        label = text(button, "text", "text") or self._say("slack_your_answer")
        suffix = file_suffix(str(button["action_id"]))
        if not suffix:
            field = _text_field("words", label, LINE_MAX)
            return self._form(label, metadata, [field], "slack_answer")
        filetypes = [suffix.removeprefix(".")]
        field = _field("file", label, "file_input", filetypes=filetypes, max_files=1)
        return self._form(label, metadata, [field], "slack_send")

    def run_code(self, metadata: str) -> Json:
        code = _text_field("code", self._say("slack_code"), LINES_MAX, multiline=True)
        device = _menu("device", self._say("slack_device"), ("cpu", "gpu"))
        fields = [code, {**device, "optional": True}]
        return self._form(self._say("slack_run_code"), metadata, fields, "slack_run")

    def for_command(
        self,
        verb: Verb,
        metadata: str,
        sources: Mapping[str, Sequence[str]],
    ) -> Json:
        fields = [
            {**_argument_field(argument, sources), "optional": True} for argument in verb.arguments
        ]
        return self._form(verb.name.capitalize(), metadata, fields, "slack_save")

    def note(self, verb: Verb, metadata: str, sentence: str) -> Json:
        words = self._say(sentence, command=f"{QUIZ_COMMAND} {verb.name}")
        block = {"type": "section", "text": text_object(words)}
        return self._modal(verb.name.capitalize(), metadata, [block])

    def _form(self, title: str, metadata: str, fields: Iterable[Json], submit: str) -> Json:
        submit_text = text_object(self._say(submit))
        return {**self._modal(title, metadata, fields), "submit": submit_text}

    def _modal(self, title: str, metadata: str, blocks: Iterable[Json]) -> Json:
        return {
            "type": "modal",
            "callback_id": CALLBACK_ID,
            "title": text_object(short_line(title, TITLE_MAX)),
            "close": text_object(self._say("slack_cancel")),
            "private_metadata": metadata,
            "blocks": list(blocks),
        }


def _argument_field(argument: Argument, sources: Mapping[str, Sequence[str]]) -> Json:
    name = argument.name
    values = argument.choices or sources.get(argument.source, ())
    if argument.person or argument.source == "roles":
        return _field(name, argument.summary, "users_select")
    if 0 < len(values) <= MOST_OPTIONS:
        return _menu(name, argument.summary, values)
    length = LINES_MAX if argument.rest else LINE_MAX
    return _text_field(name, argument.summary, length, multiline=argument.rest)


def _text_field(name: str, label: str, max_length: int, *, multiline: bool = False) -> Json:
    kind = "plain_text_input"
    return _field(name, label, kind, max_length=max_length, multiline=multiline)


def _menu(name: str, label: str, values: Sequence[str]) -> Json:
    options = [
        {"text": text_object(value), "value": value}
        for value in values
        if 0 < len(value) <= OPTION_MAX
    ]
    return _field(name, label, "static_select", options=options[:MOST_OPTIONS])


def _field(name: str, label: str, kind: str, **options: object) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": text_object(short_line(label, LABEL_MAX)),
        "element": {"type": kind, "action_id": name, **options},
    }
