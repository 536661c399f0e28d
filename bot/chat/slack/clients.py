"""Everything that calls Slack, put together."""

from dataclasses import dataclass

import aiohttp

from bot.chat.slack.admins import Admins
from bot.chat.slack.core import Core
from bot.chat.slack.files import FileUploads, download
from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.outgoing.home_tab import HomeTabs
from bot.chat.slack.outgoing.message_updates import MessageUpdates
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.posts import Posts
from bot.chat.slack.outgoing.reactions import Reactions
from bot.chat.slack.payload import Json
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
        return await download(self.api, team, file)

    async def close(self) -> None:
        await self.reactions.close()
        await self.home_tabs.tasks.close()
        await self.names.lookups.close()


def make_clients(
    core: Core, session: aiohttp.ClientSession, api_url: str, workspaces: Workspaces
) -> Clients:
    timeouts = core.timeouts
    api = WebApi(session, api_url, workspaces)
    names = MemberNames(core, api)
    messages = Messages(api, FileUploads(api), core.say)
    updates = MessageUpdates(messages, timeouts.between_updates)
    reactions = Reactions(core, messages, workspaces, names)
    return Clients(
        api,
        workspaces,
        messages,
        Posts(core, messages, updates, reactions),
        reactions,
        HomeTabs(core, api, messages, names),
        Admins(api, names, timeouts.remember),
        names,
    )
