"""Everything that calls Slack, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from bot.chat.kit.storage import Storage
from bot.chat.port import Say
from bot.chat.slack.admins import Admins
from bot.chat.slack.files import FileUploads, download
from bot.chat.slack.member_names import MemberNames, Rename
from bot.chat.slack.outgoing.home_tab import HomeTabs
from bot.chat.slack.outgoing.message_updates import MessageUpdates
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.posts import Posts
from bot.chat.slack.outgoing.reactions import Reactions
from bot.chat.slack.payload import Json
from bot.chat.slack.timeouts import Timeouts
from bot.chat.slack.web_api import WebApi
from bot.chat.slack.workspaces import Workspaces


@dataclass(frozen=True, slots=True)
class Clients:
    api: WebApi
    workspaces: Workspaces
    messages: Messages
    posts: Posts
    reactions: Reactions
    home_tabs: HomeTabs
    admins: Admins
    names: MemberNames

    async def download(self, team: str, file: Json) -> bytes:
        """A file that somebody chose in a modal."""
        return await download(self.api, team, file)

    async def close(self) -> None:
        await self.reactions.close()
        await self.home_tabs.tasks.close()
        await self.names.lookups.close()


def make_clients(
    session: aiohttp.ClientSession,
    api_url: str,
    workspaces: Workspaces,
    storage: Storage,
    now: Callable[[], datetime],
    timeouts: Timeouts,
    say: Say,
    rename: Rename,
) -> Clients:
    api = WebApi(session, api_url, workspaces)
    names = MemberNames(api, timeouts.remember_names, rename)
    messages = Messages(api, FileUploads(api), say)
    updates = MessageUpdates(messages.edit, messages.update_allowance, timeouts.between_updates)
    reactions = Reactions(messages, workspaces, names, storage, now)
    return Clients(
        api,
        workspaces,
        messages,
        Posts(messages, updates, reactions, storage, now, timeouts.other_process),
        reactions,
        HomeTabs(api, messages, names, timeouts.home_tab, now),
        Admins(api, names, timeouts.remember),
        names,
    )
