"""Admins keeping schedules and holidays."""

from collections.abc import Awaitable, Callable, Mapping

from bot.chat.card import Button, Card
from bot.chat.port import Press
from bot.commands import VERBS
from bot.conversation.request import Request, is_id
from bot.errors import UserError
from bot.model.schedules import WantedSchedule
from bot.phrases.say import say
from bot.phrases.schedules import (
    ask_again_button,
    holidays_card,
    preview_card,
    schedule_card,
    schedule_removed_card,
    schedules_card,
)
from bot.quiz.calendar.holidays import decode_calendar
from bot.quizmaster.core import Core
from bot.quizmaster.schedules.schedules import Schedules

Change = Callable[[Request, int], Awaitable[Card]]
ACTIONS = next(verb.arguments[0].choices for verb in VERBS if verb.name == "schedule")


class ScheduleCommands:
    def __init__(self, schedules: Schedules, core: Core) -> None:
        self._schedules = schedules
        self._now = core.now
        self._changes: Mapping[str, Change] = {
            "change": self._change,
            "move": self._move,
            "now": self._post_now,
            "pause": self._pause,
            "pin": self._pin,
            "remove": self._remove,
            "resume": self._resume,
            "skip": self._skip,
        }

    async def schedule(self, request: Request) -> None:
        """`/schedule pause number:3`, or `schedule:pause:3` from a button."""
        action = request.arg("action") or request.word(1) or _implied_action(request)
        if action == "add":
            card = await self._add(request)
        elif action == "preview":
            card = preview_card(
                await self._schedules.preview(request.place, request.player, self._now())
            )
        elif action in self._changes:
            card = await self._changes[action](request, _number(request, action))
        else:
            card = await self._list(request)
        await request.answer(card)

    async def _list(self, request: Request) -> Card:
        if request.arg("number") or request.word(2):
            return await self._show(request, _number(request, "list"))
        return schedules_card(
            await self._schedules.list(request.place, request.player, self._now())
        )

    async def _show(self, request: Request, number: int, change: str = "", *undo: Button) -> Card:
        agenda = await self._schedules.list_one(request.place, number, request.player, self._now())
        return schedule_card(agenda, change, undo)

    async def _add(self, request: Request) -> Card:
        added = await self._schedules.add(
            request.act, request.player, request.place, _new_schedule(request), self._now()
        )
        return await self._show(request, added.id, say("schedule_added"))

    async def _change(self, request: Request, number: int) -> Card:
        wanted = _wanted(request, request.arg("at"))
        await self._schedules.change(request.place, number, wanted, self._now())
        return await self._show(request, number, say("schedule_changed"))

    async def _pause(self, request: Request, number: int) -> Card:
        await self._schedules.pause(request.place, number, self._now())
        return await self._show(request, number, say("schedule_paused"))

    async def _resume(self, request: Request, number: int) -> Card:
        if date := request.arg("date") or request.word(3):
            day = await self._schedules.dates.unskip(request.place, number, date, self._now())
            return await self._show(request, number, say("schedule_date_resumed", day=day))
        await self._schedules.resume(request.place, number, self._now())
        return await self._show(request, number, say("schedule_resumed"))

    async def _remove(self, request: Request, number: int) -> Card:
        await self._schedules.remove(request.place, number, self._now())
        return schedule_removed_card(number)

    async def _skip(self, request: Request, number: int) -> Card:
        date = request.arg("date") or request.word(3)
        day = await self._schedules.dates.skip(request.place, number, date, self._now())
        change, undo = say("schedule_date_skipped", day=day), ask_again_button(number, day)
        return await self._show(request, number, change, undo)

    async def _pin(self, request: Request, number: int) -> Card:
        date, question = request.arg("date"), request.arg("question")
        day = await self._schedules.dates.pin(request.place, number, date, question, self._now())
        if question:
            change = say("schedule_question_pinned", day=day, question=question)
        else:
            change = say("schedule_question_unpinned", day=day)
        return await self._show(request, number, change)

    async def _move(self, request: Request, number: int) -> Card:
        date, to = request.arg("date"), request.arg("to")
        if not date or not to:
            raise UserError("schedule_dates_missing")
        first, second = await self._schedules.dates.swap(
            request.act, request.place, number, date, to, self._now()
        )
        change = say("schedule_questions_swapped", first=first, second=second)
        return await self._show(request, number, change)

    async def _post_now(self, request: Request, number: int) -> Card:
        await self._schedules.post_now(request.act, request.place, number, self._now())
        return await self._show(request, number, say("schedule_posted_now"))

    async def holidays(self, request: Request) -> None:
        """`/holidays add 2026-12-24`, or a calendar file that was handed over."""
        event, text = request.event, request.arg("days")
        if isinstance(event, Press) and event.upload:
            text = decode_calendar(await event.upload.read())
        if text:
            back = request.arg("action") == "remove"
            days = await self._schedules.holidays.change(
                request.place, text, self._now(), remove=back
            )
        else:
            days = await self._schedules.holidays.list(request.place, self._now())
        await request.answer(holidays_card(days))


def _implied_action(request: Request) -> str:
    """A time without an action is of a schedule to add, or the new one of a number."""
    if not {"at", "cron"} & set(request.args):
        return "list"
    return "change" if is_id(request.arg("number")) else "add"


def _number(request: Request, action: str) -> int:
    if request.words:
        return request.number(2)
    text = request.arg("number").removeprefix("#")
    if is_id(text):
        return int(text)
    if text:
        raise UserError("schedule_action_unknown", text=text, actions=ACTIONS)
    raise UserError("schedule_number_missing", action=action)


def _new_schedule(request: Request) -> WantedSchedule:
    """A button carries a time and days: `schedule:add:0900:mon-fri`."""
    if request.words:
        time = request.word(2)
        return WantedSchedule(at=f"{time[:2]}:{time[2:]}", days=request.word(3))
    number = request.arg("number")  # or a word without a name, as in `/schedule add 09:00`
    at = request.args.get("at", number)
    if is_id(number) and (":" in at or " " in request.arg("cron")):
        raise UserError("schedule_number_given", number=number)
    return _wanted(request, at)


def _wanted(request: Request, at: str) -> WantedSchedule:
    return WantedSchedule(
        at=at,
        days=request.arg("days"),
        cron=request.arg("cron"),
        zone=request.arg("zone"),
        packs=request.arg("packs"),
        levels=request.arg("levels"),
        lasts=request.arg("open"),
        answers=request.arg("answers"),
    )
