"""Slash commands: `/quiz` with a verb and its arguments, and `/run` with code."""

from collections.abc import Mapping
from datetime import datetime

from bot.chat.kit.typed_commands import Sources, parse
from bot.chat.port import Command
from bot.chat.slack.identifiers import person_of, place_of
from bot.chat.slack.incoming.typed_text import read_command
from bot.chat.slack.interaction import Interaction
from bot.chat.slack.outgoing.mrkdwn import RUN_COMMAND, as_seen
from bot.chat.slack.payload import Json, text
from bot.commands import RUN


def read(payload: Json, at: datetime, sources: Sources) -> Interaction:
    """A UserError says what was not understood."""
    typed = text(payload, "text")
    if payload["command"] == RUN_COMMAND:
        verb, arguments = parse(f"{RUN.name} {as_seen(typed.strip())}", sources)
    else:
        verb, arguments = read_command(str(payload["team_id"]), typed, sources)
    return _interaction(payload, at, verb, arguments)


def not_understood(payload: Json, at: datetime) -> Interaction:
    return _interaction(payload, at, "", {})


def _interaction(
    payload: Json, at: datetime, verb: str, arguments: Mapping[str, str]
) -> Interaction:
    team = str(payload["team_id"])
    person = person_of(team, str(payload["user_id"]), text(payload, "user_name"))
    place = place_of(team, payload["channel_id"])
    command = Command(str(payload["trigger_id"]), person, place, verb, at, arguments)
    return Interaction(command, text(payload, "response_url"))
