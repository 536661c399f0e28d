"""Reminders: chosen, sent, and stopped with one press."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.port import Platform
from bot.conversation.request import Request
from bot.model.reminders import ReminderMessage
from bot.phrases.reminders import (
    reminder_card,
    reminder_settings_card,
    reminder_stopped_card,
)
from bot.quizmaster.core import Core
from bot.quizmaster.reminders import Reminders

log = logging.getLogger(__name__)


@dataclass
class ReminderCommands:
    reminders: Reminders
    platforms: Mapping[str, Platform]
    core: Core

    async def remind(self, request: Request) -> None:
        player, hour = request.player, request.arg("hour") or request.word(1)
        if hour == "off":
            card = reminder_stopped_card(was_set=await self.reminders.remove(player))
        elif hour:
            person, now = request.event.person, self.core.now()
            reminder = await self.reminders.set_hour(player, person, request.place, hour, now)
            card = reminder_settings_card(reminder)
        else:
            card = reminder_settings_card(await self.reminders.find(player))
        await request.answer(card)

    async def send(self) -> None:
        while messages := await self.reminders.claim_due(self.platforms, self.core.now()):
            await asyncio.gather(*map(self._send, messages))

    async def _send(self, message: ReminderMessage) -> None:
        platform, card = self.platforms[message.place.platform], reminder_card(message)
        try:
            taken = await platform.write(message.person, message.place, card, message.key)
            await self.reminders.mark_sent(message, self.core.now(), refused=not taken)
        except Exception:
            log.exception("reminder %s could not be sent; it is tried again", message.key)

    async def tidy(self) -> None:
        await self.reminders.delete_old(self.core.now())
