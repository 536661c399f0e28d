"""The home that the app keeps for each member: shown when they open it, and again when something changes meanwhile."""

import asyncio
import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Hear, Posted, Visit
from bot.chat.slack.incoming.payloads import PLATFORM, person_of
from bot.chat.slack.member_names import MemberNames
from bot.chat.slack.outgoing.cards import render
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.reply import FAILURES
from bot.chat.slack.web_api import WebApi
from bot.identity import MessageRef, Place

BLOCKS = 100
MANY = 10_000
SOON_S = 1.0
"""Several changes within this time are shown together."""
_log = logging.getLogger(__name__)


class HomeTabs:
    def __init__(
        self,
        wire: WebApi,
        channels: Messages,
        names: MemberNames,
        open_s: float,
        now: Callable[[], datetime],
    ) -> None:
        self._wire, self._channels, self._names, self._open_s, self._now = (
            wire,
            channels,
            names,
            open_s,
            now,
        )
        self._open: dict[tuple[str, str], float] = {}
        self._changing: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def open(self, team: str, user: str, hear: Hear) -> None:
        if len(self._open) > MANY:
            self._open.clear()
        self._open[team, user] = asyncio.get_running_loop().time() + self._open_s
        await self._show(team, user, hear)

    def touch(self, team: str, user: str, hear: Hear) -> None:
        """Something of theirs has changed; where their home was opened lately it is shown anew."""
        key = team, user
        if (
            self._open.get(key, 0.0) > asyncio.get_running_loop().time()
            and key not in self._changing
        ):
            self._changing[key] = asyncio.create_task(self._again(team, user, hear))
            self._changing[key].add_done_callback(lambda _: self._changing.pop(key, None))

    async def close(self) -> None:
        tasks = list(self._changing.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _again(self, team: str, user: str, hear: Hear) -> None:
        await asyncio.sleep(SOON_S)
        await self._show(team, user, hear)

    async def _show(self, team: str, user: str, hear: Hear) -> None:
        place = Place(PLATFORM, team, "")
        reply = HomeReply(self._wire, self._channels, place, user, self._now)
        person = person_of(team, user, self._names.of(team, user))
        await hear(Visit(secrets.token_hex(8), person, place, self._now()), reply)
        self._names.check(team, user, person.name)


class HomeReply:
    """However something is said here, it is what the home shows."""

    def __init__(
        self, wire: WebApi, channels: Messages, place: Place, user: str, now: Callable[[], datetime]
    ) -> None:
        self._wire, self._channels, self._place, self._user, self._now = (
            wire,
            channels,
            place,
            user,
            now,
        )

    async def show(self, card: Card, key: str = "") -> Posted:  # noqa: ARG002 (the port names it)
        team = self._place.community
        try:
            blocks = await self._channels.blocks(team, render(card, BLOCKS))
            await self._wire.ask(
                team, "views_publish", user_id=self._user, view={"type": "home", "blocks": blocks}
            )
        except FAILURES as error:
            _log.warning("a home could not be shown: %s", error)
        return Posted(MessageRef(self._place, f"home {self._user}"), self._now())

    async def whisper(self, card: Card) -> Posted:
        return await self.show(card)

    async def replace(self, card: Card) -> Posted:
        return await self.show(card)
