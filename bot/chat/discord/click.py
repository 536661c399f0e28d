"""What somebody did, as an interaction tells it: read once, then no longer Discord's."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from discord import InteractionType

from bot.chat.discord.actions import action_of, form_action
from bot.chat.discord.cards import custom_ids
from bot.chat.discord.tree import REPORT, is_public
from bot.chat.port import Command, Press
from bot.identity import MessageRef, Person, Place

PLATFORM = "discord"
_REPORT = re.compile(r"report:[0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Click:
    """An interaction, and the ways in which it can be answered."""

    id: int
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


def read(interaction: discord.Interaction[Any]) -> Click | None:
    """None for what is not an act: an autocompletion, or something this bot does not know."""
    place = place_of(interaction)
    event = _event(interaction, place)
    if event is None:
        return None
    message = interaction.message
    return Click(
        id=interaction.id,
        token=interaction.token,
        webhook=f"{interaction.application_id}/{interaction.token}",
        place=place,
        at=interaction.created_at,
        on_private=message is not None and message.flags.ephemeral,
        on_message=message is not None,
        in_public=is_public(event),
        is_guest=_is_guest(interaction),
        event=event,
    )


def _is_guest(interaction: discord.Interaction[Any]) -> bool:
    context = interaction.context
    installed = interaction.is_guild_integration() or not interaction.is_user_integration() or context.dm_channel
    return bool(context.private_channel) or not installed


def place_of(interaction: discord.Interaction[Any]) -> Place:
    return place_in(interaction.guild_id, interaction.channel_id or 0)


def place_in(guild: int | None, channel: int) -> Place:
    """Each conversation outside of servers is a community of its own."""
    return Place(PLATFORM, str(guild or f"dm:{channel}"), str(channel))


def person_of(user: discord.User | discord.Member, permissions: discord.Permissions | None = None) -> Person:
    may = permissions is not None and (permissions.manage_guild or permissions.administrator)
    roles = getattr(user, "roles", ())
    return Person(PLATFORM, str(user.id), user.display_name, may, frozenset(str(role.id) for role in roles))


def _event(interaction: discord.Interaction[Any], place: Place) -> Command | Press | None:
    act, at = str(interaction.id), interaction.created_at
    person = person_of(interaction.user, interaction.permissions)
    said: dict[str, Any] = dict(interaction.data or {})
    message = MessageRef(place, str(interaction.message.id)) if interaction.message else None
    match interaction.type:
        case InteractionType.application_command if said.get("type", 1) == 1:
            return Command(act, person, place, str(said["name"]), at, _args(said))
        case InteractionType.application_command if said.get("name") == REPORT:
            return Press(act, person, place, None, _reported(said), at)
        case InteractionType.component:
            values = tuple(str(value) for value in said.get("values") or ())
            return Press(act, person, place, message, action_of(str(said["custom_id"])), at, values)
        case InteractionType.modal_submit:
            action = form_action(str(said["custom_id"]))
            return Press(act, person, place, message, action, at, (_typed(said),)) if action else None
        case _:
            return None


def _args(said: dict[str, Any]) -> dict[str, str]:
    """What was given to a command; a role goes with its name, for people to read."""
    roles = (said.get("resolved") or {}).get("roles") or {}
    return {str(each["name"]): _arg(str(each["value"]), roles) for each in said.get("options") or ()}


def _arg(value: str, roles: dict[str, Any]) -> str:
    return f"{value} {roles[value]['name']}" if value in roles else value


def _reported(said: dict[str, Any]) -> str:
    """The report button of the message that was pointed at; pointing elsewhere leads nowhere."""
    messages = (said.get("resolved") or {}).get("messages") or {}
    found = messages.get(str(said.get("target_id"))) or {}
    ids = map(action_of, sorted(custom_ids(found.get("components") or ())))
    return next((each for each in ids if _REPORT.match(each)), "report:")


def _typed(said: dict[str, Any]) -> str:
    """The one line of a form, wherever in it that stands."""
    inner = [part.get("component") or part for part in said.get("components") or ()]
    inner += [each for part in inner for each in part.get("components") or ()]
    return next((str(part["value"]) for part in inner if part.get("value") is not None), "")
