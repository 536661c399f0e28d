"""Reminders: chosen, sent, and stopped with one press."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.platform_interface import Platform
from bot.conversation.request import Request
from bot.model.reminders import ReminderMessage
from bot.phrases.reminders import reminder_card, reminder_settings_card, reminder_stopped_card
from bot.quizmaster.quizmaster import Quizmaster

log = logging.getLogger(__name__)


async def remind(request: Request) -> None:
    reminders, player = request.quizmaster.reminders, request.player
    hour = request.arg("hour") or request.word(1)
    if hour == "off":
        card = reminder_stopped_card(was_set=await reminders.remove(player))
    elif hour:
        card = reminder_settings_card(
            await reminders.set_hour(
                player, request.event.person, request.place, hour, request.now()
            )
        )
    else:
        card = reminder_settings_card(await reminders.find(player))
    await request.answer(card)


@dataclass
class SendReminders:
    quizmaster: Quizmaster
    platforms: Mapping[str, Platform]

    async def send(self) -> None:
        reminders, now = self.quizmaster.reminders, self.quizmaster.now
        while messages := await reminders.claim_due(self.platforms, now()):
            await asyncio.gather(*map(self._send, messages))

    async def _send(self, message: ReminderMessage) -> None:
        platform, card = self.platforms[message.place.platform], reminder_card(message)
        try:
            taken = await platform.send_private(message.person, message.place, card, message.key)
            await self.quizmaster.reminders.mark_sent(
                message, self.quizmaster.now(), refused=not taken
            )
        except Exception:
            log.exception("reminder %s could not be sent; it is tried again", message.key)

    async def tidy(self) -> None:
        await self.quizmaster.reminders.delete_old(self.quizmaster.now())
