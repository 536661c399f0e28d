"""Streaks explained to their members, and repaired by admins."""

from collections.abc import Callable
from datetime import date, datetime

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases import streaks as said
from bot.quizmaster.streaks import Streaks


class StreaksTalk:
    def __init__(self, streaks: Streaks, now: Callable[[], datetime]) -> None:
        self._streaks = streaks
        self._now = now

    async def streak(self, request: Request) -> None:
        await request.reply.whisper(
            said.explained(await self._streaks.standing(request.player, self._now()))
        )

    async def repair(self, request: Request) -> None:
        """`/repair member:Ada day:2026-03-02`, and why."""
        name, day = request.args.get("member", ""), request.args.get("day", "")
        if not name or not day:
            raise UserError("repair_incomplete")
        reason = request.args.get("reason", "").removeprefix("reason:")
        theirs = await self._streaks.repair(
            request.player, request.event.place, name, day, reason, self._now()
        )
        await request.reply.whisper(said.repaired(theirs, date.fromisoformat(day)))
