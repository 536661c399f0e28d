"""Slash commands, the message menu, and autocompletion."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.commands import VERBS, Argument, Verb, find_verb

CHAT_INPUT = 1
MESSAGE_COMMAND = 3
STRING = 3
USER = 6
ROLE = 8
GUILD = 0
BOT_DM = 1
PRIVATE_CHANNEL = 2
GUILD_INSTALL = 0
USER_INSTALL = 1
MANAGE_GUILD = 1 << 5

Json = dict[str, Any]
Sources = Callable[[], Mapping[str, Sequence[str]]]

REPORT_ENTRY = "Report question"
RUN_ENTRY = "Run PyTorch"
MAX_CHOICES = 25
MAX_DESCRIPTION = 100
EVERYWHERE = {
    "integration_types": [GUILD_INSTALL, USER_INSTALL],
    "contexts": [GUILD, BOT_DM, PRIVATE_CHANNEL],
}
ADMINS_ONLY = {
    "integration_types": [GUILD_INSTALL],
    "contexts": [GUILD],
    "default_member_permissions": MANAGE_GUILD,
}


def application_commands() -> list[Json]:
    entries = [
        {"type": MESSAGE_COMMAND, **EVERYWHERE, "name": name} for name in (REPORT_ENTRY, RUN_ENTRY)
    ]
    return [*map(_command, VERBS), *entries]


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
    verb = find_verb(command)
    arguments = verb.arguments if verb else ()
    return next((argument for argument in arguments if argument.rest), None)


def autocompletion(data: Json, sources: Sources) -> list[Json]:
    option: Json = next((each for each in data.get("options") or () if each.get("focused")), {})
    verb = find_verb(str(data.get("name")))
    arguments = verb.arguments if verb else ()
    argument = next((each for each in arguments if each.name == option.get("name")), None)
    if argument is None:
        return []
    typed = str(option.get("value", "")).casefold()
    values = [value for value in sources().get(argument.source, ()) if typed in value.casefold()]
    values.sort(key=lambda value: not value.casefold().startswith(typed))
    return [{"name": value[:MAX_DESCRIPTION], "value": value} for value in values[:MAX_CHOICES]]


def _command(verb: Verb) -> Json:
    return {
        "name": verb.name,
        "type": CHAT_INPUT,
        "description": verb.summary[:MAX_DESCRIPTION],
        "options": [_option(argument) for argument in verb.arguments],
        **(ADMINS_ONLY if verb.admin else EVERYWHERE),
    }


def _option(argument: Argument) -> Json:
    kind = ROLE if argument.source == "roles" else USER if argument.person else STRING
    option: Json = {
        "name": argument.name,
        "type": kind,
        "description": argument.summary[:MAX_DESCRIPTION],
        "required": False,
    }
    if argument.choices:
        option["choices"] = [{"name": choice, "value": choice} for choice in argument.choices]
    elif argument.source and kind == STRING:
        option["autocomplete"] = True
    return option
