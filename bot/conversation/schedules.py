"""Admins keeping schedules and holidays."""

from bot.chat.card import Button, Card
from bot.chat.platform_interface import Press
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

ACTIONS = next(verb.arguments[0].choices for verb in VERBS if verb.name == "schedule")
CHANGES = ("change", "now", "pause", "remove", "resume")
DATE_CHANGES = ("move", "pin", "skip")


async def schedule(request: Request) -> None:
    """`/schedule pause number:3`, or `schedule:pause:3` from a button."""
    schedules, place, player = request.quizmaster.schedules, request.place, request.player
    action = request.arg("action") or request.word(1) or _implied_action(request)
    if action == "add":
        wanted = _new_schedule(request)
        added = await schedules.add(request.act, player, place, wanted, request.now())
        card = await _show(request, added.id, say("schedule_added"))
    elif action == "preview":
        card = preview_card(await schedules.preview(place, player, request.now()))
    elif action in CHANGES:
        card = await _change(request, action, _number(request, action))
    elif action in DATE_CHANGES:
        card = await _change_date(request, action, _number(request, action))
    elif request.arg("number") or request.word(2):
        card = await _show(request, _number(request, "list"))
    else:
        card = schedules_card(await schedules.list(place, player, request.now()))
    await request.answer(card)


async def _show(request: Request, number: int, change: str = "", *undo: Button) -> Card:
    agenda = await request.quizmaster.schedules.list_one(
        request.place, number, request.player, request.now()
    )
    return schedule_card(agenda, change, undo)


async def _change(request: Request, action: str, number: int) -> Card:
    schedules, place, now = request.quizmaster.schedules, request.place, request.now()
    if action == "change":
        await schedules.change(place, number, _wanted(request, request.arg("at")), now)
        change = say("schedule_changed")
    elif action == "pause":
        await schedules.pause(place, number, now)
        change = say("schedule_paused")
    elif action == "now":
        await schedules.post_now(request.act, place, number, now)
        change = say("schedule_posted_now")
    elif action == "remove":
        await schedules.remove(place, number, now)
        return schedule_removed_card(number)
    elif date := request.arg("date") or request.word(3):
        day = await schedules.dates.unskip(place, number, date, now)
        change = say("schedule_date_resumed", day=day)
    else:
        await schedules.resume(place, number, now)
        change = say("schedule_resumed")
    return await _show(request, number, change)


async def _change_date(request: Request, action: str, number: int) -> Card:
    dates, place, now = request.quizmaster.schedules.dates, request.place, request.now()
    date, to, question = request.arg("date"), request.arg("to"), request.arg("question")
    if action == "skip":
        day = await dates.skip(place, number, date or request.word(3), now)
        undo = ask_again_button(number, day)
        return await _show(request, number, say("schedule_date_skipped", day=day), undo)
    if action == "pin":
        day = await dates.pin(place, number, date, question, now)
        if question:
            change = say("schedule_question_pinned", day=day, question=question)
        else:
            change = say("schedule_question_unpinned", day=day)
    elif date and to:
        first, second = await dates.swap(request.act, place, number, date, to, now)
        change = say("schedule_questions_swapped", first=first, second=second)
    else:
        raise UserError("schedule_dates_missing")
    return await _show(request, number, change)


async def holidays(request: Request) -> None:
    """`/holidays add 2026-12-24`, or a calendar file that was handed over."""
    event, text, place = request.event, request.arg("days"), request.place
    holidays, now = request.quizmaster.schedules.holidays, request.now()
    if isinstance(event, Press) and event.upload:
        text = decode_calendar(await event.upload.read())
    if text:
        back = request.arg("action") == "remove"
        days = await holidays.change(place, text, now, remove=back)
    else:
        days = await holidays.list(place, now)
    await request.answer(holidays_card(days))


def _implied_action(request: Request) -> str:
    # A time without an action is of a schedule to add, or the new one of a number.
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
    # A button carries a time and days: `schedule:add:0900:mon-fri`.
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
