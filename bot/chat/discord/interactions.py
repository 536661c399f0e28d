"""What somebody did, as an interaction tells it: read once, then no longer Discord's."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.chat.discord.cards import EPHEMERAL, Json, custom_ids
from bot.chat.discord.command_tree import (
    MANAGE_SERVER,
    REPORT_ENTRY,
    RUN_ENTRY,
    is_public,
    long_argument,
)
from bot.chat.discord.custom_ids import form_action, form_command
from bot.chat.discord.snowflakes import time_of
from bot.chat.kit.code_fences import code_in, unfenced
from bot.chat.kit.custom_ids import without_number
from bot.chat.port import Command, Press, Upload
from bot.commands import REPORT, RUN
from bot.identity import MessageRef, Person, Place

Fetch = Callable[[Json], Awaitable[bytes]]

PLATFORM = "discord"
COMMAND, PRESSED, TYPING, SENT = 2, 3, 4, 5
"""The kinds of interaction: a command, a button or menu, a command being typed, a form."""
ADMINISTRATOR = 1 << 3
_ON_MESSAGE = 3
_WITH_BOT, _WITHOUT_BOT = 1, 2
"""Where an interaction outside of servers comes from: direct messages with the bot, or with others."""
_REPORT = re.compile(rf"{REPORT.name}:[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Interaction:
    """An interaction, and the ways in which it can be answered."""

    id: str
    token: str
    webhook: str
    """Application and token, as they stand in addresses."""
    place: Place
    at: datetime
    on_private: bool
    """Whether it came from a card that only this person sees."""
    on_message: bool
    in_public: bool
    """Whether its answer is for everyone."""
    is_guest: bool
    """Whether the bot itself is no member of the place, so that only the interaction's own token reaches it."""
    event: Command | Press


def read(told: Json, fetch: Fetch) -> Interaction | None:
    """None for what is not an act of the quiz. `fetch` reads a file where Discord keeps it."""
    place, message = place_of(told), told.get("message")
    event = _event(told, place, fetch)
    if event is None:
        return None
    return Interaction(
        id=str(told["id"]),
        token=str(told["token"]),
        webhook=f"{told['application_id']}/{told['token']}",
        place=place,
        at=event.at,
        on_private=message is not None and bool(int(message.get("flags") or 0) & EPHEMERAL),
        on_message=message is not None,
        in_public=is_public(event),
        is_guest=_is_guest(told),
        event=event,
    )


def place_of(told: Json) -> Place:
    channel = told.get("channel_id") or (told.get("channel") or {}).get("id")
    return place_in(told.get("guild_id"), str(channel))


def place_in(guild: str | int | None, channel: str | int) -> Place:
    """Each conversation outside of servers is a community of its own."""
    return Place(PLATFORM, str(guild or f"dm:{channel}"), str(channel))


def person_of(user: Json, member: Json) -> Person:
    """As the server calls them; without that, as they call themselves."""
    name = member.get("nick") or user.get("global_name") or user.get("username") or ""
    admin = bool(int(member.get("permissions") or 0) & (MANAGE_SERVER | ADMINISTRATOR))
    return Person(
        PLATFORM, str(user["id"]), str(name), admin, frozenset(map(str, member.get("roles") or ()))
    )


def _is_guest(told: Json) -> bool:
    if told.get("context") in (_WITH_BOT, _WITHOUT_BOT):
        return bool(told["context"] == _WITHOUT_BOT)
    owners = told.get("authorizing_integration_owners") or {}
    return bool(owners) and "0" not in owners


def _event(told: Json, place: Place, fetch: Fetch) -> Command | Press | None:
    act, at, said = str(told["id"]), time_of(told["id"]), told.get("data") or {}
    member = told.get("member") or {}
    person = person_of(member.get("user") or told["user"], member)
    message = MessageRef(place, str(told["message"]["id"])) if told.get("message") else None
    if told["type"] == PRESSED:
        values = tuple(str(value) for value in said.get("values") or ())
        return Press(
            act, person, place, message, without_number(str(said["custom_id"])), at, values
        )
    if told["type"] == SENT:
        action = form_action(str(said["custom_id"]))
        if action is None:
            return _sent_command(act, person, place, said, at)
        typed, file = _typed(said), _upload(said, fetch)
        return Press(act, person, place, message, action, at, (typed,) if typed else (), file)
    if told["type"] == COMMAND and said.get("type", 1) == 1:
        return Command(act, person, place, str(said["name"]), at, _args(said))
    return _pointed(act, person, place, said, at) if told["type"] == COMMAND else None


def _sent_command(
    act: str, person: Person, place: Place, said: Json, at: datetime
) -> Command | None:
    """A command whose longest argument was written in a form."""
    name, args = form_command(str(said["custom_id"])) or ("", {})
    argument = long_argument(name)
    return (
        Command(act, person, place, name, at, {**args, argument.name: unfenced(_typed(said))})
        if argument
        else None
    )


def _pointed(act: str, person: Person, place: Place, said: Json, at: datetime) -> Press | None:
    """What was chosen from the menu on a message."""
    if said.get("name") == REPORT_ENTRY:
        return Press(act, person, place, None, _reported(said), at)
    if said.get("name") != RUN_ENTRY:
        return None
    code = code_in(str(_target(said).get("content") or ""))
    message = MessageRef(place, str(said.get("target_id")))
    return Press(act, person, place, message, RUN.name, at, (code,) if code else ())


def _args(said: Json) -> dict[str, str]:
    """What was given to a command: a role goes with its name, for people to read, and code comes out of its fence."""
    roles = (said.get("resolved") or {}).get("roles") or {}
    given = {
        str(each["name"]): _arg(str(each["value"]), roles) for each in said.get("options") or ()
    }
    long = long_argument(str(said["name"]))
    return {
        name: unfenced(value) if long and name == long.name else value
        for name, value in given.items()
    }


def _arg(value: str, roles: dict[str, Any]) -> str:
    return f"{value} {roles[value]['name']}" if value in roles else value


def _reported(said: Json) -> str:
    """The report button of the message that was pointed at; pointing elsewhere leads nowhere."""
    ids = map(without_number, sorted(custom_ids(_target(said).get("components") or ())))
    return next((each for each in ids if _REPORT.match(each)), f"{REPORT.name}:")


def _target(said: Json) -> Json:
    """The message that was pointed at."""
    messages = (said.get("resolved") or {}).get("messages") or {}
    found: Json = messages.get(str(said.get("target_id"))) or {}
    return found


def _typed(said: Json) -> str:
    """The one field of a form, wherever in it that stands."""
    return next((str(part["value"]) for part in _fields(said) if part.get("value") is not None), "")


def _upload(said: Json, fetch: Fetch) -> Upload | None:
    """The one file of a form."""
    known = (said.get("resolved") or {}).get("attachments") or {}
    ids = [str(value) for part in _fields(said) for value in part.get("values") or ()]
    file = next((known[each] for each in ids if each in known), None)
    return Upload(str(file.get("filename") or ""), lambda: fetch(file)) if file else None


def _fields(said: Json) -> list[Json]:
    inner = [part.get("component") or part for part in said.get("components") or ()]
    return inner + [each for part in inner for each in part.get("components") or ()]
