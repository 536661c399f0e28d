"""All that calls Slack, put together."""

from dataclasses import dataclass

import aiohttp

from bot.chat.slack.members import Admins, MemberNames
from bot.chat.slack.outgoing.files import Files
from bot.chat.slack.outgoing.home_tab import HomeTabs
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.posts import Posts
from bot.chat.slack.outgoing.reactions import Reactions
from bot.chat.slack.shared import Core
from bot.chat.slack.web_api import WebApi
from bot.chat.slack.workspaces import Workspaces


@dataclass
class Clients:
    _core: Core
    _session: aiohttp.ClientSession
    _api_url: str
    workspaces: Workspaces

    def __post_init__(self) -> None:
        core = self._core
        self.api = WebApi(self._session, self._api_url, self.workspaces)
        self.files = Files(self.api)
        self.names = MemberNames(core, self.api)
        self.admins = Admins(self.api, self.names, core.timeouts.remember)
        self.messages = Messages(self.api, self.files, core.say)
        self.reactions = Reactions(core, self.messages, self.workspaces, self.names)
        self.posts = Posts(core, self.messages, self.reactions)
        self.home_tabs = HomeTabs(core, self.api, self.messages, self.names)

    async def close(self) -> None:
        await self.reactions.close()
        await self.home_tabs.tasks.close()
        await self.names.lookups.close()
