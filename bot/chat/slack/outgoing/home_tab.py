"""The Home tab of each member: shown when they open it, and again when something changes."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.chat.card import Card
from bot.chat.kit.background_tasks import BackgroundTasks
from bot.chat.kit.private_message import PrivateMessageReply
from bot.chat.kit.recent_values import RecentValues
from bot.chat.port import Hear, Posted, Visit
from bot.chat.slack.identifiers import person_of, place_of
from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.web_api import FAILURES, WebApi
from bot.identity import MessageRef

MOST_BLOCKS = 100
MOST_OPEN = 10_000
PAUSE_S = 1.0
"""Changes within this time are shown together."""
_log = logging.getLogger(__name__)


class HomeTabs:
    def __init__(
        self,
        api: WebApi,
        messages: Messages,
        names: MemberNames,
        open_s: float,
        now: Callable[[], datetime],
    ) -> None:
        self._api = api
        self._messages = messages
        self._names = names
        self._now = now
        self._open: RecentValues[tuple[str, str], bool] = RecentValues(MOST_OPEN, open_s)
        self.tasks = BackgroundTasks()

    async def open(self, team: str, user: str, hear: Hear) -> None:
        self._open[team, user] = True
        await self._show(team, user, hear)

    def refresh(self, team: str, user: str, hear: Hear) -> None:
        """In the background, where it was opened lately."""
        key = team, user
        if self._open.get(key) and not self.tasks.is_running(key):
            self.tasks.start(self._show_soon(team, user, hear), key)

    async def _show_soon(self, team: str, user: str, hear: Hear) -> None:
        await asyncio.sleep(PAUSE_S)
        await self._show(team, user, hear)

    async def _show(self, team: str, user: str, hear: Hear) -> None:
        async def publish(card: Card) -> None:
            try:
                blocks = await self._messages.blocks(team, card, MOST_BLOCKS)
                view = {"type": "home", "blocks": blocks}
                await self._api.call(team, "views_publish", user_id=user, view=view)
            except FAILURES as error:
                _log.warning("a Home tab could not be shown: %s", error)

        place = place_of(team)
        person = person_of(team, user, self._names.of(team, user))
        home = Posted(MessageRef(place, f"home {user}"), self._now())
        visit = Visit(secrets.token_hex(8), person, place, self._now())
        await hear(visit, PrivateMessageReply(publish, home))
        self._names.check(team, user, person.name)
