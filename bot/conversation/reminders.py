"""Reminders: wished for, sent, and given up with one press."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from bot.chat.port import Command, Platform
from bot.conversation.request import Request
from bot.model.reminders import ReminderMessage
from bot.phrases import reminders as said
from bot.quizmaster.reminders import Reminders

log = logging.getLogger(__name__)


class RemindersTalk:
    def __init__(
        self, reminders: Reminders, platforms: Mapping[str, Platform], now: Callable[[], datetime]
    ) -> None:
        self._reminders = reminders
        self._platforms = platforms
        self._now = now

    async def remind(self, request: Request) -> None:
        """`/remind hour:19`, `/remind hour:off`, or the press that ends them."""
        hour = request.args.get("hour") or request.word(1)
        if hour == "off":
            card = said.stopped(there_was_one=await self._reminders.stop(request.player))
        elif hour:
            event = request.event
            card = said.wish(
                await self._reminders.choose(
                    request.player, event.person, event.place, hour, self._now()
                )
            )
        else:
            card = said.wish(await self._reminders.find(request.player))
        await (
            request.reply.whisper(card)
            if isinstance(request.event, Command)
            else request.reply.replace(card)
        )

    async def send(self) -> None:
        """Whatever is due, to whoever still has a question open."""
        while letters := await self._reminders.take(self._platforms, self._now()):
            await asyncio.gather(*map(self._send, letters))

    async def _send(self, letter: ReminderMessage) -> None:
        platform = self._platforms[letter.place.platform]
        try:
            taken = await platform.write(
                letter.person, letter.place, said.letter(letter), letter.key
            )
            await self._reminders.sent(letter, self._now(), refused=not taken)
        except Exception:
            log.exception(
                "the reminder %s could not be sent; the next look tries again", letter.key
            )

    async def tidy(self) -> None:
        await self._reminders.tidy(self._now())
