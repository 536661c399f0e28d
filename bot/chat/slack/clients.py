"""Everything that says something to Slack, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.chat.card import Card
from bot.chat.kit.storage import Storage
from bot.chat.slack.admins import Admins
from bot.chat.slack.member_names import MemberNames, Mended
from bot.chat.slack.outgoing.cards import render
from bot.chat.slack.outgoing.file_uploads import FileUploads, handed_over
from bot.chat.slack.outgoing.home_tab import HomeTabs
from bot.chat.slack.outgoing.message_updates import MessageUpdates
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.reactions import Reactions
from bot.chat.slack.timeouts import Timeouts
from bot.chat.slack.web_api import Json, WebApi
from bot.chat.slack.workspaces import Workspaces
from bot.identity import MessageRef


@dataclass(frozen=True, slots=True)
class Clients:
    wire: WebApi
    channels: Messages
    reactions: Reactions
    homes: HomeTabs
    keepers: Admins
    names: MemberNames
    writing: MessageUpdates

    async def fetch(self, team: str, file: Json) -> bytes:
        """A file that somebody handed over in a form."""
        return await handed_over(self.wire, team, file)

    async def close(self) -> None:
        await self.reactions.close()
        await self.homes.close()
        await self.names.close()


def make_clients(
    session: aiohttp.ClientSession,
    api: str,
    workspaces: Workspaces,
    memory: Storage,
    now: Callable[[], datetime],
    pace: Timeouts,
    mended: Mended,
) -> Clients:
    wire = WebApi(session, api, workspaces)
    channels, names = Messages(wire, FileUploads(wire)), MemberNames(wire, pace.names, mended)

    async def write(message: MessageRef, card: Card) -> None:
        await channels.edit(message, render(card))

    return Clients(
        wire,
        channels,
        Reactions(channels, workspaces, names, memory, now),
        HomeTabs(wire, channels, names, pace.home, now),
        Admins(wire, names, pace.known),
        names,
        MessageUpdates(write, channels.room, pace.apart),
    )
