"""Interactions as events of the port."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.chat.discord.incoming.slash_commands import (
    BOT_DM,
    CHAT_INPUT,
    MANAGE_GUILD,
    PRIVATE_CHANNEL,
    REPORT_ENTRY,
    RUN_ENTRY,
    text_argument,
)
from bot.chat.discord.outgoing.cards import EPHEMERAL
from bot.chat.discord.outgoing.components import custom_ids
from bot.chat.discord.outgoing.modals import modal_action, modal_command
from bot.chat.discord.snowflakes import time_of
from bot.chat.kit.code_fences import code_in, unfenced
from bot.chat.kit.custom_ids import without_number
from bot.chat.port import Command, Press, Upload
from bot.commands import REPORT, RUN, find_action
from bot.identity import MessageRef, Person, Place

APPLICATION_COMMAND = 2
MESSAGE_COMPONENT = 3
APPLICATION_COMMAND_AUTOCOMPLETE = 4
MODAL_SUBMIT = 5
ADMINISTRATOR = 1 << 3

Json = dict[str, Any]
Download = Callable[[Json], Awaitable[bytes]]

PLATFORM = "discord"
_REPORT_ID = re.compile(rf"{REPORT.name}:[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Interaction:
    id: str
    token: str
    webhook: str  # application id/token
    event: Command | Press
    is_public: bool
    is_on_message: bool
    is_on_ephemeral: bool
    # The bot is no member of the place: only the token reaches it.
    is_guest: bool


def parse_interaction(payload: Json, download: Download) -> Interaction | None:
    event = _event(payload, download)
    if event is None:
        return None
    message = payload.get("message")
    name = event.name if isinstance(event, Command) else event.action
    return Interaction(
        id=str(payload["id"]),
        token=str(payload["token"]),
        webhook=f"{payload['application_id']}/{payload['token']}",
        event=event,
        is_public=find_action(name).public,
        is_on_message=message is not None,
        is_on_ephemeral=bool(int((message or {}).get("flags") or 0) & EPHEMERAL),
        is_guest=_is_guest(payload),
    )


def place_in(guild: str | int | None, channel: str | int) -> Place:
    """A direct message or group chat is a community of its own."""
    return Place(PLATFORM, str(guild or f"dm:{channel}"), str(channel))


def person_of(user: Json, member: Json) -> Person:
    name = member.get("nick") or user.get("global_name") or user.get("username") or ""
    permissions = int(member.get("permissions") or 0)
    return Person(
        PLATFORM,
        str(user["id"]),
        str(name),
        admin=bool(permissions & (MANAGE_GUILD | ADMINISTRATOR)),
        groups=frozenset(map(str, member.get("roles") or ())),
    )


def _is_guest(payload: Json) -> bool:
    context = payload.get("context")
    if context in (BOT_DM, PRIVATE_CHANNEL):
        return bool(context == PRIVATE_CHANNEL)
    owners = payload.get("authorizing_integration_owners") or {}
    return bool(owners) and "0" not in owners


@dataclass(frozen=True, slots=True)
class _Origin:
    act: str
    person: Person
    place: Place
    message: MessageRef | None
    at: datetime

    def command(self, name: str, args: dict[str, str]) -> Command:
        return Command(self.act, self.person, self.place, name, self.at, args)

    def press(self, action: str, values: Sequence[str] = (), upload: Upload | None = None) -> Press:
        return Press(
            self.act,
            self.person,
            self.place,
            self.message,
            action,
            self.at,
            tuple(value for value in values if value),
            upload,
        )


def _origin(payload: Json) -> _Origin:
    member = payload.get("member") or {}
    channel = payload.get("channel_id") or (payload.get("channel") or {}).get("id")
    place = place_in(payload.get("guild_id"), str(channel))
    message = payload.get("message")
    return _Origin(
        str(payload["id"]),
        person_of(member.get("user") or payload["user"], member),
        place,
        MessageRef(place, str(message["id"])) if message else None,
        time_of(payload["id"]),
    )


def _event(payload: Json, download: Download) -> Command | Press | None:
    kind = payload["type"]
    data = payload.get("data") or {}
    origin = _origin(payload)
    if kind == MESSAGE_COMPONENT:
        values = [str(value) for value in data.get("values") or ()]
        return origin.press(without_number(str(data["custom_id"])), values)
    if kind == MODAL_SUBMIT:
        return _modal_event(data, origin, download)
    if kind != APPLICATION_COMMAND:
        return None
    if data.get("type", CHAT_INPUT) == CHAT_INPUT:
        return origin.command(str(data["name"]), _args(data))
    return _menu_event(data, origin)


def _modal_event(data: Json, origin: _Origin, download: Download) -> Command | Press | None:
    custom_id = str(data["custom_id"])
    if action := modal_action(custom_id):
        return origin.press(action, [_typed(data)], _upload(data, download))
    name, args = modal_command(custom_id)
    argument = text_argument(name)
    if argument is None:
        return None
    return origin.command(name, {**args, argument.name: unfenced(_typed(data))})


def _menu_event(data: Json, origin: _Origin) -> Press | None:
    if data.get("name") == REPORT_ENTRY:
        return origin.press(_report_action(data))
    if data.get("name") != RUN_ENTRY:
        return None
    code = code_in(str(_target(data).get("content") or ""))
    message = MessageRef(origin.place, str(data.get("target_id")))
    return replace(origin, message=message).press(RUN.name, [code])


def _args(data: Json) -> dict[str, str]:
    roles = (data.get("resolved") or {}).get("roles") or {}
    text = text_argument(str(data["name"]))
    args = {}
    for option in data.get("options") or ():
        name = str(option["name"])
        value = str(option["value"])
        if value in roles:
            value = f"{value} {roles[value]['name']}"
        args[name] = unfenced(value) if text and name == text.name else value
    return args


def _report_action(data: Json) -> str:
    # Without a report button, the conversation says so.
    actions = map(without_number, sorted(custom_ids(_target(data).get("components") or ())))
    return next(filter(_REPORT_ID.match, actions), f"{REPORT.name}:")


def _target(data: Json) -> Json:
    messages = (data.get("resolved") or {}).get("messages") or {}
    message: Json = messages.get(str(data.get("target_id"))) or {}
    return message


def _typed(data: Json) -> str:
    values = (field["value"] for field in _fields(data) if field.get("value") is not None)
    return str(next(values, ""))


def _upload(data: Json, download: Download) -> Upload | None:
    attachments = (data.get("resolved") or {}).get("attachments") or {}
    ids = [str(value) for field in _fields(data) for value in field.get("values") or ()]
    file = next((attachments[each] for each in ids if each in attachments), None)
    return Upload(str(file.get("filename") or ""), lambda: download(file)) if file else None


def _fields(data: Json) -> list[Json]:
    # Inputs stand in labels or in rows.
    parts = [part.get("component") or part for part in data.get("components") or ()]
    return parts + [inner for part in parts for inner in part.get("components") or ()]
