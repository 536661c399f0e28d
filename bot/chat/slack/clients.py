"""Everything that says something to Slack, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.chat.card import Card
from bot.chat.kit.storage import Memory
from bot.chat.slack.admins import Keepers
from bot.chat.slack.cards import render
from bot.chat.slack.file_uploads import Files, handed_over
from bot.chat.slack.home_tab import Homes
from bot.chat.slack.member_names import Mended, Names
from bot.chat.slack.message_updates import Writing
from bot.chat.slack.messages import Channels
from bot.chat.slack.reactions import Reactions
from bot.chat.slack.timeouts import Pace
from bot.chat.slack.web_api import Json, Wire
from bot.chat.slack.workspaces import Workspaces
from bot.identity import MessageRef


@dataclass(frozen=True, slots=True)
class Desk:
    wire: Wire
    channels: Channels
    reactions: Reactions
    homes: Homes
    keepers: Keepers
    names: Names
    writing: Writing

    async def fetch(self, team: str, file: Json) -> bytes:
        """A file that somebody handed over in a form."""
        return await handed_over(self.wire, team, file)

    async def close(self) -> None:
        await self.reactions.close()
        await self.homes.close()
        await self.names.close()


def desk(
    session: aiohttp.ClientSession,
    api: str,
    workspaces: Workspaces,
    memory: Memory,
    now: Callable[[], datetime],
    pace: Pace,
    mended: Mended,
) -> Desk:
    wire = Wire(session, api, workspaces)
    channels, names = Channels(wire, Files(wire)), Names(wire, pace.names, mended)

    async def write(message: MessageRef, card: Card) -> None:
        await channels.edit(message, render(card))

    return Desk(
        wire,
        channels,
        Reactions(channels, workspaces, names, memory, now),
        Homes(wire, channels, names, pace.home, now),
        Keepers(wire, names, pace.known),
        names,
        Writing(write, channels.room, pace.apart),
    )
