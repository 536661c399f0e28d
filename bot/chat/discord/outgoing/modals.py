"""Modals behind buttons, and for commands without their text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.chat.kit.custom_ids import action_of_form, file_suffix, without_number
from bot.chat.platform_interface import Say
from bot.commands import Argument, Verb

Json = dict[str, Any]

MAX_TITLE = 45
_PRESS = "form"
_COMMAND = "command"


def press_modal(pressed: str, message: Json | None, nonce: str, say: Say) -> Json:
    labels = dict(_labels((message or {}).get("components") or ()))
    title = (labels.get(pressed) or say("discord_form_title"))[:MAX_TITLE]
    field: Json = {"style": 1, "max_length": 500}  # SHORT
    if file_suffix(pressed):
        # FILE_UPLOAD
        field = {"type": 19, "min_values": 1, "max_values": 1}
    return _modal(f"{_PRESS}/{nonce}/{action_of_form(pressed)}", title, title, field)


def command_modal(verb: Verb, args: Mapping[str, str], argument: Argument, nonce: str) -> Json:
    given = [f"{name}:{value}" for name, value in args.items()]
    custom_id = "/".join([_COMMAND, nonce, verb.name, *given])
    field = {
        "style": 2,  # PARAGRAPH
        "max_length": 4000,
        "placeholder": argument.example[:100],
    }
    return _modal(custom_id, verb.summary[:MAX_TITLE], argument.name.capitalize(), field)


def modal_action(custom_id: str) -> str:
    kind, _, rest = custom_id.partition("/")
    nonce, _, action = rest.partition("/")
    return without_number(action) if kind == _PRESS and nonce else ""


def modal_command(custom_id: str) -> tuple[str, dict[str, str]]:
    kind, _, rest = custom_id.partition("/")
    _, _, rest = rest.partition("/")
    name, *given = rest.split("/")
    if kind != _COMMAND:
        return "", {}
    pairs = (argument.partition(":") for argument in given)
    return name, {key: value for key, _, value in pairs}


def _modal(custom_id: str, title: str, label: str, field: Json) -> Json:
    # TEXT_INPUT, inside a LABEL
    component = {"type": 4, "custom_id": "words", "required": True, **field}
    return {
        "custom_id": custom_id,
        "title": title,
        "components": [{"type": 18, "label": label, "component": component}],
    }


def _labels(components: Iterable[Json]) -> Iterator[tuple[str, str]]:
    for component in components:
        if component.get("custom_id") and component.get("label"):
            yield str(component["custom_id"]), str(component["label"])
        yield from _labels(component.get("components") or ())
