"""Interactions as events of the port."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

from discord import Permissions
from discord.utils import snowflake_time

from bot.chat.discord.incoming import slash_commands
from bot.chat.discord.incoming.slash_commands import CHAT_INPUT, text_argument
from bot.chat.discord.outgoing.cards import EPHEMERAL
from bot.chat.discord.outgoing.components import custom_ids
from bot.chat.discord.outgoing.modals import modal_action, modal_command
from bot.chat.kit.code_fences import code_in, unfenced
from bot.chat.kit.custom_ids import without_number
from bot.chat.platform_interface import Command, Press, Upload
from bot.commands import REPORT, RUN, find_action
from bot.identity import MessageRef, Person, Place

Json = dict[str, Any]
Download = Callable[[Json], Awaitable[bytes]]

PLATFORM = "discord"


@dataclass(frozen=True, slots=True)
class Interaction:
    token: str = field(repr=False)
    webhook: str = field(repr=False)  # application id/token
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
    permissions = Permissions(int(member.get("permissions") or 0))
    return Person(
        PLATFORM,
        str(user["id"]),
        str(name),
        admin=permissions.manage_guild or permissions.administrator,
        groups=frozenset(map(str, member.get("roles") or ())),
    )


def _is_guest(payload: Json) -> bool:
    match payload.get("context"):
        case 1:  # BOT_DM
            return False
        case 2:  # PRIVATE_CHANNEL
            return True
    owners = payload.get("authorizing_integration_owners") or {}
    return bool(owners) and "0" not in owners


def _event(payload: Json, download: Download) -> Command | Press | None:
    data = payload.get("data") or {}
    press = _press(payload)
    match payload["type"]:
        case 3:  # MESSAGE_COMPONENT
            values = filter(None, map(str, data.get("values") or ()))
            action = without_number(str(data["custom_id"]))
            return replace(press, action=action, values=tuple(values))
        case 5:  # MODAL_SUBMIT
            return _modal_event(data, press, download)
        case 2 if data.get("type", CHAT_INPUT) == CHAT_INPUT:  # APPLICATION_COMMAND
            return _command(press, str(data["name"]), _args(data))
        case 2:
            return _menu_event(data, press)
    return None


def _press(payload: Json) -> Press:
    """What all events of an interaction have."""
    member = payload.get("member") or {}
    channel = payload.get("channel_id") or (payload.get("channel") or {}).get("id")
    place = place_in(payload.get("guild_id"), str(channel))
    message = payload.get("message")
    return Press(
        str(payload["id"]),
        person_of(member.get("user") or payload["user"], member),
        place,
        MessageRef(place, str(message["id"])) if message else None,
        "",
        snowflake_time(int(payload["id"])),
    )


def _command(press: Press, name: str, args: dict[str, str]) -> Command:
    return Command(press.id, press.person, press.place, name, press.at, args)


def _modal_event(data: Json, press: Press, download: Download) -> Command | Press | None:
    custom_id = str(data["custom_id"])
    # Inputs stand in labels or in rows.
    parts = [part.get("component") or part for part in data.get("components") or ()]
    fields = parts + [inner for part in parts for inner in part.get("components") or ()]
    texts = (str(field["value"]) for field in fields if field.get("value") is not None)
    text = next(texts, "")
    if action := modal_action(custom_id):
        attachments = (data.get("resolved") or {}).get("attachments") or {}
        ids = [str(value) for field in fields for value in field.get("values") or ()]
        file = next((attachments[each] for each in ids if each in attachments), None)
        upload = Upload(str(file.get("filename") or ""), lambda: download(file)) if file else None
        return replace(press, action=action, values=(text,) if text else (), upload=upload)
    name, args = modal_command(custom_id)
    argument = text_argument(name)
    if argument is None:
        return None
    return _command(press, name, {**args, argument.name: unfenced(text)})


def _menu_event(data: Json, press: Press) -> Press | None:
    target = str(data.get("target_id"))
    messages = (data.get("resolved") or {}).get("messages") or {}
    message: Json = messages.get(target) or {}
    match data.get("name"):
        case slash_commands.REPORT_ENTRY:
            # Without a report button, the conversation says so.
            ids = map(without_number, sorted(custom_ids(message.get("components") or ())))
            report = re.compile(rf"{REPORT.name}:[0-9]+\Z")
            return replace(press, action=next(filter(report.match, ids), f"{REPORT.name}:"))
        case slash_commands.RUN_ENTRY:
            code = code_in(str(message.get("content") or ""))
            return replace(
                press,
                message=MessageRef(press.place, target),
                action=RUN.name,
                values=(code,) if code else (),
            )
    return None


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
