"""The commands as Discord lists them, made from the one list of what can be asked."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.chat.port import Command, Event, Press
from bot.commands import VERBS, Argument, Verb, find_action, find_verb

Json = dict[str, Any]
Sources = Callable[[], Mapping[str, Sequence[str]]]

REPORT_ENTRY = "Report question"
RUN_ENTRY = "Run PyTorch"
"""What the menu on a message offers."""
OFFERED = 25
MANAGE_SERVER = 1 << 5
_EVERYWHERE, _SERVERS = [0, 1, 2], [0]
_WORDS, _PERSON, _ROLE, _ON_MESSAGE = 3, 6, 8, 3


def tree() -> list[Json]:
    menu = {"type": _ON_MESSAGE, "integration_types": [0, 1], "contexts": _EVERYWHERE}
    return [*map(_command, VERBS), *({**menu, "name": name} for name in (REPORT_ENTRY, RUN_ENTRY))]


def digest(commands: Sequence[Json]) -> str:
    return hashlib.sha256(json.dumps(commands, sort_keys=True).encode()).hexdigest()


def is_public(event: Event) -> bool:
    """Whether the answer to this is for everyone; it decides how a slow one is announced."""
    match event:
        case Command(name=name):
            return find_action(name).public
        case Press(action=action):
            return find_action(action).public
        case _:
            return False


def left_out(said: Json) -> Argument | None:
    """What has to be written in a form, because a command came without it. With nothing at all, some have their say."""
    argument = long_argument(str(said.get("name"))) if said.get("type", 1) == 1 else None
    given = {
        str(each["name"])
        for each in said.get("options") or ()
        if str(each.get("value", "")).strip()
    }
    if argument is None or argument.name in given:
        return None
    return argument if given or argument.needed else None


def long_argument(command: str) -> Argument | None:
    """The argument of a command that takes many lines, where it has one."""
    verb = find_verb(command)
    return next((argument for argument in verb.arguments if argument.rest), None) if verb else None


def completion(options: Sequence[Json], command: str, sources: Sources) -> list[Json]:
    """What may follow the letters that are typed so far: beginnings first, then what has them anywhere."""
    typing = next((each for each in options if each.get("focused")), {})
    verb = find_verb(command)
    argument = (
        next((each for each in verb.arguments if each.name == typing.get("name")), None)
        if verb
        else None
    )
    if argument is None:
        return []
    begun = str(typing.get("value", "")).casefold()
    every = [value for value in sources().get(argument.source, ()) if begun in value.casefold()]
    every.sort(key=lambda value: not value.casefold().startswith(begun))
    return [{"name": value[:100], "value": value} for value in every[:OFFERED]]


def _command(verb: Verb) -> Json:
    command: Json = {
        "name": verb.name,
        "type": 1,
        "description": verb.summary[:100],
        "options": [_option(argument) for argument in verb.arguments],
        "integration_types": [0] if verb.admin else [0, 1],
        "contexts": _SERVERS if verb.admin else _EVERYWHERE,
    }
    return {**command, "default_member_permissions": MANAGE_SERVER} if verb.admin else command


def _option(argument: Argument) -> Json:
    kind = _ROLE if argument.source == "roles" else _PERSON if argument.person else _WORDS
    option: Json = {
        "name": argument.name,
        "type": kind,
        "description": argument.summary[:100],
        "required": False,
    }
    if argument.choices:
        return {
            **option,
            "choices": [{"name": choice, "value": choice} for choice in argument.choices],
        }
    return {**option, "autocomplete": True} if argument.source and kind == _WORDS else option
