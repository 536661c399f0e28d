"""The Home tab of each member."""

import asyncio
import secrets
from dataclasses import dataclass

from bot.chat.card import Card
from bot.chat.kit.limits import RecentValues
from bot.chat.kit.replies import PrivateMessageReply
from bot.chat.kit.tasks import BackgroundTasks
from bot.chat.platform_interface import Posted, Visit
from bot.chat.slack.members import MemberNames
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.payload import person_of, place_of
from bot.chat.slack.shared import Core, logged_failures
from bot.chat.slack.web_api import WebApi
from bot.identity import MessageRef

MOST_BLOCKS = 100
MOST_OPEN = 10_000
# Changes within this time are shown together.
PAUSE_S = 1.0


@dataclass
class HomeTabs:
    _core: Core
    _api: WebApi
    _messages: Messages
    _names: MemberNames

    def __post_init__(self) -> None:
        self._open = RecentValues[tuple[str, str], bool](MOST_OPEN, self._core.timeouts.home_tab)
        self.tasks = BackgroundTasks()

    async def open(self, team: str, user: str) -> None:
        self._open[team, user] = True
        await self._show(team, user)

    def refresh(self, team: str, user: str) -> None:
        key = team, user
        if self._open.get(key) and not self.tasks.is_running(key):
            self.tasks.start(self._show(team, user, PAUSE_S), key)

    async def _show(self, team: str, user: str, pause_s: float = 0) -> None:
        async def publish(card: Card) -> None:
            with logged_failures("a Home tab could not be shown"):
                blocks = await self._messages.blocks(team, card, MOST_BLOCKS)
                view = {"type": "home", "blocks": blocks}
                await self._api.call(team, "views_publish", user_id=user, view=view)

        await asyncio.sleep(pause_s)
        place = place_of(team)
        person = person_of(team, user, self._names.of(team, user))
        home = Posted(MessageRef(place, f"home {user}"), self._core.now())
        visit = Visit(secrets.token_hex(8), person, place, self._core.now())
        await self._core.hear(visit, PrivateMessageReply(publish, home))
        self._names.check(team, user, person.name)
