"""Admins keeping schedules and holidays."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from bot.chat.card import Button, Card
from bot.chat.port import Command, Press
from bot.commands import VERBS
from bot.conversation.request import LONGEST, Turn
from bot.errors import UserError
from bot.phrases import schedules as said
from bot.quiz.calendar.holidays import words
from bot.quizmaster.plans import Plan
from bot.quizmaster.schedules import Schedules

Deed = Callable[[Turn, int], Awaitable[Card]]
NUMBER = "Say which schedule: `/schedule {} number:3`. `/schedule list` shows their numbers."
UNKNOWN = "“{}” is no number of a schedule, and nothing that I can do with one. I can {}."
ACTIONS = next(verb.arguments[0].choices for verb in VERBS if verb.name == "schedule")
THERE = "Schedule {0} is not added: leave its number out. To change it: `/schedule change number:{0} at:10:00`."


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

    async def schedule(self, turn: Turn) -> None:
        """`/schedule pause number:3`, or `schedule:pause:3` from a button; a time by itself is a schedule to add."""
        action = turn.args.get("action") or turn.word(1) or _meant(turn)
        if action == "add":
            card = await self._add(turn)
        elif action == "preview":
            card = said.preview(
                await self._schedules.preview(turn.event.place, turn.player, self._now())
            )
        elif action in self._deeds:
            card = await self._deeds[action](turn, _number(turn, action))
        else:
            card = await self._list(turn)
        await _put(turn, card)

    async def _list(self, turn: Turn) -> Card:
        if turn.args.get("number") or turn.word(2):
            return await self._entry(turn, _number(turn, "list"))
        return said.agenda(await self._schedules.agenda(turn.event.place, turn.player, self._now()))

    async def _entry(self, turn: Turn, number: int, words: str = "", *back: Button) -> Card:
        return said.entry(
            await self._schedules.entry(turn.event.place, number, turn.player, self._now()),
            words,
            back,
        )

    async def _add(self, turn: Turn) -> Card:
        event = turn.event
        added = await self._schedules.add(
            event.id, turn.player, event.place, _plan(turn), self._now()
        )
        return await self._entry(turn, added.id, "It is set up.")

    async def _change(self, turn: Turn, number: int) -> Card:
        await self._schedules.change(
            turn.event.place, number, _written(turn, turn.args.get("at", "")), self._now()
        )
        return await self._entry(turn, number, "It is changed.")

    async def _pause(self, turn: Turn, number: int) -> Card:
        await self._schedules.pause(turn.event.place, number, self._now())
        return await self._entry(turn, number, "It rests until you resume it.")

    async def _resume(self, turn: Turn, number: int) -> Card:
        """All of it, or one date of it that was skipped."""
        if chosen := turn.args.get("date") or turn.word(3):
            day = await self._schedules.unskip(turn.event.place, number, chosen, self._now())
            return await self._entry(turn, number, said.unskipped(day))
        await self._schedules.resume(turn.event.place, number, self._now())
        return await self._entry(turn, number, "It goes on.")

    async def _remove(self, turn: Turn, number: int) -> Card:
        await self._schedules.remove(turn.event.place, number, self._now())
        return said.removed(number)

    async def _skip(self, turn: Turn, number: int) -> Card:
        chosen = turn.args.get("date") or turn.word(3)
        day = await self._schedules.skip(turn.event.place, number, chosen, self._now())
        return await self._entry(turn, number, said.skipped(day), said.unskip(number, day))

    async def _pin(self, turn: Turn, number: int) -> Card:
        question = turn.args.get("question", "")
        day = await self._schedules.pin(
            turn.event.place, number, turn.args.get("date", ""), question, self._now()
        )
        return await self._entry(turn, number, said.pinned(day, question))

    async def _move(self, turn: Turn, number: int) -> Card:
        day, to = turn.args.get("date", ""), turn.args.get("to", "")
        if not day or not to:
            raise UserError(
                "Say which two dates change questions: `/schedule move number:3 date:2026-11-25 to:2026-11-27`."
            )
        first, second = await self._schedules.swap(
            turn.event.id, turn.event.place, number, day, to, self._now()
        )
        return await self._entry(turn, number, said.swapped(first, second))

    async def _post(self, turn: Turn, number: int) -> Card:
        await self._schedules.post_now(turn.event.id, turn.event.place, number, self._now())
        return await self._entry(turn, number, "Today’s question is on its way.")

    async def holidays(self, turn: Turn) -> None:
        """`/holidays add 2026-12-24`, or a calendar that was handed over."""
        event = turn.event
        text = turn.args.get("days", "")
        if isinstance(event, Press) and event.upload:
            text = words(await event.upload.read())
        if text:
            back = turn.args.get("action") == "remove"
            card = said.days_off(
                await self._schedules.keep_off(turn.event.place, text, self._now(), back=back)
            )
        else:
            card = said.days_off(await self._schedules.days_off(turn.event.place, self._now()))
        await _put(turn, card)


async def _put(turn: Turn, card: Card) -> None:
    await (turn.reply.whisper(card) if isinstance(turn.event, Command) else turn.reply.turn(card))


def _meant(turn: Turn) -> str:
    """Without a word for it: a time is a schedule to add, or the number's new one."""
    if not {"at", "cron"} & set(turn.args):
        return "list"
    return "change" if _is_number(turn.args.get("number", "")) else "add"


def _number(turn: Turn, action: str) -> int:
    if turn.words:
        return turn.number(2)
    text = turn.args.get("number", "").removeprefix("#")
    if _is_number(text):
        return int(text)
    raise UserError(
        UNKNOWN.format(text[:20], ", ".join(ACTIONS)) if text else NUMBER.format(action)
    )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= LONGEST and int(text) < 2**63


def _plan(turn: Turn) -> Plan:
    """From what was written; a button carries its time and days: `schedule:add:0900:mon-fri`."""
    if turn.words:
        return Plan(at=f"{turn.word(2)[:2]}:{turn.word(2)[2:]}", days=turn.word(3))
    bare = turn.args.get("number", "")  # a word without a name, as in `/schedule add 09:00`
    at = turn.args.get("at", bare)
    if _is_number(bare) and (":" in at or " " in turn.args.get("cron", "")):
        raise UserError(THERE.format(bare))
    return _written(turn, at)


def _written(turn: Turn, at: str) -> Plan:
    args = turn.args
    return Plan(
        at=at,
        days=args.get("days", ""),
        cron=args.get("cron", ""),
        zone=args.get("zone", ""),
        packs=args.get("packs", ""),
        levels=args.get("levels", ""),
        lasts=args.get("open", ""),
        answers=args.get("answers", ""),
    )
