"""Admins keeping schedules and holidays."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.chat.card import Button, Card
from bot.chat.port import Command, Press
from bot.commands import VERBS
from bot.conversation.request import LONGEST, Request
from bot.errors import UserError
from bot.model.schedules import WantedSchedule
from bot.phrases import schedules as said
from bot.phrases.say import say
from bot.quiz.calendar.holidays import decode_calendar
from bot.quizmaster.schedules import Schedules

Deed = Callable[[Request, int], Awaitable[Card]]
ACTIONS = next(verb.arguments[0].choices for verb in VERBS if verb.name == "schedule")


class SchedulesTalk:
    def __init__(self, schedules: Schedules, now: Callable[[], datetime]) -> None:
        self._schedules = schedules
        self._now = now
        self._deeds: Mapping[str, Deed] = {
            "pause": self._pause,
            "resume": self._resume,
            "remove": self._remove,
            "change": self._change,
            "skip": self._skip,
            "pin": self._pin,
            "move": self._move,
            "now": self._post,
        }

    async def schedule(self, request: Request) -> None:
        """`/schedule pause number:3`, or `schedule:pause:3` from a button; a time by itself is a schedule to add."""
        action = request.args.get("action") or request.word(1) or _meant(request)
        if action == "add":
            card = await self._add(request)
        elif action == "preview":
            card = said.preview(
                await self._schedules.preview(request.event.place, request.player, self._now())
            )
        elif action in self._deeds:
            card = await self._deeds[action](request, _number(request, action))
        else:
            card = await self._list(request)
        await _put(request, card)

    async def _list(self, request: Request) -> Card:
        if request.args.get("number") or request.word(2):
            return await self._entry(request, _number(request, "list"))
        return said.agenda(
            await self._schedules.agenda(request.event.place, request.player, self._now())
        )

    async def _entry(self, request: Request, number: int, words: str = "", *back: Button) -> Card:
        return said.entry(
            await self._schedules.entry(request.event.place, number, request.player, self._now()),
            words,
            back,
        )

    async def _add(self, request: Request) -> Card:
        event = request.event
        added = await self._schedules.add(
            event.id, request.player, event.place, _plan(request), self._now()
        )
        return await self._entry(request, added.id, say("schedule_added"))

    async def _change(self, request: Request, number: int) -> Card:
        await self._schedules.change(
            request.event.place, number, _written(request, request.args.get("at", "")), self._now()
        )
        return await self._entry(request, number, say("schedule_changed"))

    async def _pause(self, request: Request, number: int) -> Card:
        await self._schedules.pause(request.event.place, number, self._now())
        return await self._entry(request, number, say("schedule_paused"))

    async def _resume(self, request: Request, number: int) -> Card:
        """All of it, or one date of it that was skipped."""
        if chosen := request.args.get("date") or request.word(3):
            day = await self._schedules.unskip(request.event.place, number, chosen, self._now())
            return await self._entry(request, number, say("schedule_date_resumed", day=day))
        await self._schedules.resume(request.event.place, number, self._now())
        return await self._entry(request, number, say("schedule_resumed"))

    async def _remove(self, request: Request, number: int) -> Card:
        await self._schedules.remove(request.event.place, number, self._now())
        return said.removed(number)

    async def _skip(self, request: Request, number: int) -> Card:
        chosen = request.args.get("date") or request.word(3)
        day = await self._schedules.skip(request.event.place, number, chosen, self._now())
        return await self._entry(
            request, number, say("schedule_date_skipped", day=day), said.unskip(number, day)
        )

    async def _pin(self, request: Request, number: int) -> Card:
        question = request.args.get("question", "")
        day = await self._schedules.pin(
            request.event.place, number, request.args.get("date", ""), question, self._now()
        )
        name = "schedule_question_pinned" if question else "schedule_question_unpinned"
        return await self._entry(request, number, say(name, day=day, question=question))

    async def _move(self, request: Request, number: int) -> Card:
        day, to = request.args.get("date", ""), request.args.get("to", "")
        if not day or not to:
            raise UserError("schedule_dates_missing")
        first, second = await self._schedules.swap(
            request.event.id, request.event.place, number, day, to, self._now()
        )
        return await self._entry(
            request, number, say("schedule_questions_swapped", first=first, second=second)
        )

    async def _post(self, request: Request, number: int) -> Card:
        await self._schedules.post_now(request.event.id, request.event.place, number, self._now())
        return await self._entry(request, number, say("schedule_posted_now"))

    async def holidays(self, request: Request) -> None:
        """`/holidays add 2026-12-24`, or a calendar that was handed over."""
        event = request.event
        text = request.args.get("days", "")
        if isinstance(event, Press) and event.upload:
            text = decode_calendar(await event.upload.read())
        if text:
            back = request.args.get("action") == "remove"
            card = said.days_off(
                await self._schedules.keep_off(request.event.place, text, self._now(), back=back)
            )
        else:
            card = said.days_off(await self._schedules.days_off(request.event.place, self._now()))
        await _put(request, card)


async def _put(request: Request, card: Card) -> None:
    await (
        request.reply.whisper(card)
        if isinstance(request.event, Command)
        else request.reply.replace(card)
    )


def _meant(request: Request) -> str:
    """Without a word for it: a time is a schedule to add, or the number's new one."""
    if not {"at", "cron"} & set(request.args):
        return "list"
    return "change" if _is_number(request.args.get("number", "")) else "add"


def _number(request: Request, action: str) -> int:
    if request.words:
        return request.number(2)
    text = request.args.get("number", "").removeprefix("#")
    if _is_number(text):
        return int(text)
    if text:
        raise UserError("schedule_action_unknown", text=text, actions=ACTIONS)
    raise UserError("schedule_number_missing", action=action)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST and int(text) < 2**63


def _plan(request: Request) -> WantedSchedule:
    """From what was written; a button carries its time and days: `schedule:add:0900:mon-fri`."""
    if request.words:
        return WantedSchedule(
            at=f"{request.word(2)[:2]}:{request.word(2)[2:]}", days=request.word(3)
        )
    bare = request.args.get("number", "")  # a word without a name, as in `/schedule add 09:00`
    at = request.args.get("at", bare)
    if _is_number(bare) and (":" in at or " " in request.args.get("cron", "")):
        raise UserError("schedule_number_given", number=bare)
    return _written(request, at)


def _written(request: Request, at: str) -> WantedSchedule:
    args = request.args
    return WantedSchedule(
        at=at,
        days=args.get("days", ""),
        cron=args.get("cron", ""),
        zone=args.get("zone", ""),
        packs=args.get("packs", ""),
        levels=args.get("levels", ""),
        lasts=args.get("open", ""),
        answers=args.get("answers", ""),
    )
