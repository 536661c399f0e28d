"""Streaks explained to their members, and repaired by admins."""

from datetime import date

from bot.conversation.request import Request
from bot.errors import UserError
from bot.phrases.streaks import repair_card, streak_card


async def streak(request: Request) -> None:
    view = await request.quizmaster.streaks.view(request.player, request.now())
    await request.reply.whisper(streak_card(view))


async def repair(request: Request) -> None:
    name, day = request.arg("member"), request.arg("day")
    if not name or not day:
        raise UserError("repair_incomplete")
    reason = request.arg("reason").removeprefix("reason:")
    view = await request.quizmaster.repairs.repair(
        request.player, request.place, name, day, reason, request.now()
    )
    await request.reply.whisper(repair_card(view, date.fromisoformat(day)))
