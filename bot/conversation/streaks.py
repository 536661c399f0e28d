"""Streaks explained to their members, and repaired by admins."""

from collections.abc import Callable
from datetime import date, datetime

from bot.conversation.request import Turn
from bot.errors import UserError
from bot.phrases import streaks as said
from bot.quizmaster.streaks import Streaks


class StreaksTalk:
    def __init__(self, streaks: Streaks, now: Callable[[], datetime]) -> None:
        self._streaks = streaks
        self._now = now

    async def streak(self, turn: Turn) -> None:
        await turn.reply.whisper(
            said.explained(await self._streaks.standing(turn.player, self._now()))
        )

    async def repair(self, turn: Turn) -> None:
        """`/repair member:Ada day:2026-03-02`, and why."""
        name, day = turn.args.get("member", ""), turn.args.get("day", "")
        if not name or not day:
            raise UserError(
                "Say who, which day and why: `/repair member:Ada day:2026-03-02 the train had no network`. "
                "A blank in a name is written `_`."
            )
        reason = turn.args.get("reason", "").removeprefix("reason:")
        theirs = await self._streaks.repair(
            turn.player, turn.event.place, name, day, reason, self._now()
        )
        await turn.reply.whisper(said.repaired(theirs, date.fromisoformat(day)))
