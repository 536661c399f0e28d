"""Streaks explained to their members, and repaired by admins."""

from dataclasses import dataclass
from datetime import date

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases.streaks import repair_card, streak_card
from bot.quizmaster.core import Core
from bot.quizmaster.streaks import Repairs, Streaks


@dataclass
class StreakCommands:
    streaks: Streaks
    repairs: Repairs
    core: Core

    async def streak(self, request: Request) -> None:
        view = await self.streaks.view(request.player, self.core.now())
        await request.reply.whisper(streak_card(view))

    async def repair(self, request: Request) -> None:
        name, day = request.arg("member"), request.arg("day")
        if not name or not day:
            raise UserError("repair_incomplete")
        reason = request.arg("reason").removeprefix("reason:")
        view = await self.repairs.repair(
            request.player, request.place, name, day, reason, self.core.now()
        )
        await request.reply.whisper(repair_card(view, date.fromisoformat(day)))
