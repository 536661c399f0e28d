"""Slash commands, the message menu, and autocompletion."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.commands import VERBS, Argument, Verb, find_verb

Json = dict[str, Any]
Sources = Callable[[], Mapping[str, Sequence[str]]]

CHAT_INPUT = 1
REPORT_ENTRY = "Report question"
RUN_ENTRY = "Run PyTorch"
MAX_DESCRIPTION = 100
EVERYWHERE = {
    "integration_types": [0, 1],  # GUILD_INSTALL, USER_INSTALL
    "contexts": [0, 1, 2],  # GUILD, BOT_DM, PRIVATE_CHANNEL
}
ADMINS_ONLY = {
    "integration_types": [0],
    "contexts": [0],
    "default_member_permissions": 1 << 5,  # MANAGE_GUILD
}


def application_commands() -> list[Json]:
    message_commands = [
        {"type": 3, **EVERYWHERE, "name": name} for name in (REPORT_ENTRY, RUN_ENTRY)
    ]
    return [*map(_command, VERBS), *message_commands]


def digest(commands: Sequence[Json]) -> str:
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()


def missing_text(data: Json) -> Argument | None:
    """An argument of several lines, for a modal to ask for."""
    if data.get("type", CHAT_INPUT) != CHAT_INPUT:
        return None
    argument = text_argument(str(data.get("name")))
    options = data.get("options") or ()
    given = {option["name"] for option in options if str(option.get("value", "")).strip()}
    if argument is None or argument.name in given:
        return None
    return argument if given or argument.needed else None


def text_argument(command: str) -> Argument | None:
    return next((argument for argument in _arguments(command) if argument.rest), None)


def autocompletion(data: Json, sources: Sources) -> list[Json]:
    """Values that start with the letters typed so far, then those that have them elsewhere."""
    option: Json = next((each for each in data.get("options") or () if each.get("focused")), {})
    arguments = _arguments(str(data.get("name")))
    source = next((each.source for each in arguments if each.name == option.get("name")), "")
    typed = str(option.get("value", "")).casefold()
    values = [value for value in sources().get(source, ()) if typed in value.casefold()]
    values.sort(key=lambda value: not value.casefold().startswith(typed))
    return [{"name": value[:MAX_DESCRIPTION], "value": value} for value in values[:25]]


def _arguments(command: str) -> Sequence[Argument]:
    verb = find_verb(command)
    return verb.arguments if verb else ()


def _command(verb: Verb) -> Json:
    return {
        "name": verb.name,
        "type": CHAT_INPUT,
        "description": verb.summary[:MAX_DESCRIPTION],
        "options": [_option(argument) for argument in verb.arguments],
        **(ADMINS_ONLY if verb.admin else EVERYWHERE),
    }


def _option(argument: Argument) -> Json:
    option: Json = {
        "name": argument.name,
        "type": 6 if argument.person else 3,  # USER, STRING
        "description": argument.summary[:MAX_DESCRIPTION],
        "required": False,
    }
    if argument.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in argument.choices]
    elif argument.source == "roles":
        option["type"] = 8  # ROLE
    elif argument.source:
        option["autocomplete"] = True
    return option
