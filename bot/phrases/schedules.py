"""Schedules and holidays, for the admins who keep them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.card import Block, Button, Card, Facts, Input, Table, Text
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, SHUT_OUT, Occurrence
from bot.model.schedules import (
    DaysOff,
    PreviewDay,
    Schedule,
    ScheduleEntry,
    ScheduleList,
    SchedulePreview,
)
from bot.phrases.formatting import (
    LEVELS,
    note,
    plural,
    rough_duration,
    sentence,
    text_card,
    without_marks,
)
from bot.phrases.sentences.schedules import skipped_holidays
from bot.phrases.untrusted_text import one_line
from bot.quiz.questions import Level

SHOWN = 31
BUTTONS = 10
HOW = (
    "`/schedule add at:09:00 days:mon-fri zone:Europe/Berlin "
    "packs:gru,why-rnns levels:beginner open:12h`"
)
REASONS = {
    AWAY: "I was not running",
    SHUT_OUT: "I was shut out of this channel",
    NOTHING_FITS: "no question fitted",
    NOT_POSTED: "I failed while I posted it",
}
SUGGESTIONS = (
    Button("Every day at 09:00", "schedule:add:0900", "primary"),
    Button("Monday to Friday at 09:00", "schedule:add:0900:mon-fri"),
)
ALL_SCHEDULES = Button("All schedules", "schedule:list", "quiet")

# Schedules


def schedules_card(agenda: ScheduleList) -> Card:
    if not agenda.entries:
        none = sentence("Nothing is scheduled here. Choose one of these, or write your own:")
        return Card("No schedules yet", (none, sentence(HOW)), SUGGESTIONS)
    rows = tuple(_row(entry, agenda) for entry in agenda.entries)
    blocks: tuple[Block, ...] = (
        Table("Schedules of this place", ("No.", "When", "What", "Next"), rows),
        *_missed(agenda.missed),
        note(
            f"Next times are in your zone, {agenda.reader_zone}. "
            f"`/schedule list number:{rows[0][0]}` shows one alone."
        ),
    )
    buttons = [Button(f"No. {number}", f"schedule:list:{number}") for number, *_ in rows[:BUTTONS]]
    preview = Button("Next 14 days", "schedule:preview", "primary")
    return Card("🗓 Schedules", blocks, (*buttons, preview))


def _row(entry: ScheduleEntry, agenda: ScheduleList) -> tuple[str, ...]:
    schedule = entry.schedule
    coming = [local_time(due.at, agenda.reader_zone) for due in entry.next_times[:1]]
    what = _packs_and_levels(schedule, agenda.titles)
    return str(schedule.id), _when(entry), what, *(coming or [_no_next(schedule)])


def _missed(missed: tuple[Occurrence, ...]) -> tuple[Block, ...]:
    if not missed:
        return ()
    dates = []
    for occurrence in missed:
        reason = REASONS.get(occurrence.reason, occurrence.reason)
        dates.append(f"{long_date(occurrence.day)} (No. {occurrence.schedule_id}): {reason}")
    return (sentence(f"Missed and not made up for: {'; '.join(dates)}."),)


def schedule_card(agenda: ScheduleList, change: str = "", undo: tuple[Button, ...] = ()) -> Card:
    (entry,) = agenda.entries
    schedule = entry.schedule
    times = "; ".join(local_time(due.at, agenda.reader_zone) for due in entry.next_times)
    facts = (
        ("When", _when(entry)),
        ("What", _packs_and_levels(schedule, agenda.titles)),
        ("Stays open", rough_duration(timedelta(minutes=schedule.minutes))),
        ("Answers by", schedule.answers or "what the place is set to"),
        ("Next", times or _no_next(schedule)),
    )
    blocks: list[Block] = [sentence(change)] if change else []
    blocks += Facts(facts), note(f"Next times are in your zone, {agenda.reader_zone}.")
    buttons = (*undo, *_buttons(entry))
    return Card(f"🗓 Schedule {schedule.id}", tuple(blocks), buttons)


def _buttons(entry: ScheduleEntry) -> Iterator[Button]:
    # A button names the date that it skips: pressed twice, it skips one.
    number = entry.schedule.id
    if entry.schedule.paused:
        yield Button("Resume", f"schedule:resume:{number}", "primary")
    else:
        yield Button("Pause", f"schedule:pause:{number}")
    for due in entry.next_times[:1]:
        yield Button("Skip the next", f"schedule:skip:{number}:{due.day}")
    yield Button("Post now", f"schedule:now:{number}")
    yield Button("Next 14 days", "schedule:preview")
    yield Button("Remove", f"schedule:remove:{number}", "danger")
    yield ALL_SCHEDULES


def ask_again_button(number: int, day: date) -> Button:
    return Button(
        "Take that back",
        f"schedule:resume:{number}:{day}",
        spoken=f"Take that back: ask on {long_date(day)}",
    )


def schedule_removed_card(number: int) -> Card:
    text = "It asks nothing any more. What it asked before stays."
    undo = Button("Take that back", f"schedule:resume:{number}")
    return text_card(f"Schedule {number} is removed", text, (undo, ALL_SCHEDULES))


def preview_card(preview: SchedulePreview) -> Card:
    """For admins: it names the questions to come, and no key."""
    title, buttons = "The next 14 days", (ALL_SCHEDULES,)
    if not preview.slots:
        return text_card(title, "Nothing is to come. `/schedule list` shows why.", buttons)
    zone = preview.reader_zone
    rows = tuple(_preview_row(day, zone) for day in preview.slots[:SHOWN])
    blocks: tuple[Block, ...] = (
        Table("Questions to come", ("When", "No.", "Question"), rows),
        *_and_more(len(preview.slots)),
        note(f"Times are in your zone, {zone}. A date is the schedule’s own."),
        note(
            "They come like this unless `/challenge` empties the bag first. `/schedule pin` sets "
            "the question of a date; `/schedule move` lets two dates change questions."
        ),
    )
    return Card(title, blocks, buttons)


def _preview_row(day: PreviewDay, zone: str) -> tuple[str, ...]:
    # Three columns, for phones: only a question that an admin set says where it is from.
    question = day.question
    text = f"{without_marks(question.title)} ({question.id})" if question else day.off
    by_admin = ", set by an admin" if day.pinned else ""
    return local_time(day.at, zone), str(day.schedule.id), f"{text}{by_admin}"


def _and_more(rows: int) -> tuple[Text, ...]:
    hidden = rows - SHOWN
    return (note(f"and {hidden:,} more"),) if hidden > 0 else ()


def _when(entry: ScheduleEntry) -> str:
    minute, hour, *days = entry.schedule.cron.split()
    at = f"{int(hour):02}:{int(minute):02}"
    if days == ["*", "*", "*"]:
        when = f"every day at {at}"
    elif days[:2] == ["*", "*"]:
        when = f"{days[2]} at {at}"
    else:
        when = f"{at} on {' '.join(days)} (cron)"
    return f"{when}, {entry.zone}"


def _packs_and_levels(schedule: Schedule, titles: Mapping[str, str]) -> str:
    packs = ", ".join(titles.get(name, f"{name} (gone)") for name in schedule.packs) or "all packs"
    levels = ", ".join(LEVELS[Level(name)] for name in schedule.levels)
    return f"{packs}; {levels}" if levels else packs


def _no_next(schedule: Schedule) -> str:
    return "paused" if schedule.paused else "nothing to come"


def local_time(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"


def long_date(day: date) -> str:
    return f"{day:%a %d %b %Y}"


# Holidays


def holidays_card(days_off: DaysOff) -> Card:
    changed = tuple(_changed(days_off))
    how = note(
        "`/holidays add 2026-12-24..2027-01-01` keeps days off, and so does a calendar: "
        "the file of one, or its text."
    )
    file = Input("Choose a calendar file (.ics)", "holidays:add", "Keep its days off", file=".ics")
    if not days_off.days:
        none = sentence("Schedules ask on every day of theirs.")
        return Card("🏖 No holidays", (*changed, none, how, file))
    rows = tuple(
        (long_date(holiday.day), one_line(holiday.name) or "holiday")
        for holiday in days_off.days[:SHOWN]
    )
    table = Table("Days on which nothing is asked", ("Day", "Name"), rows)
    undo = note("`/holidays remove 2026-12-24` takes them back.")
    more = _and_more(len(days_off.days))
    return Card("🏖 Holidays", (*changed, table, *more, how, undo, file))


def _changed(days_off: DaysOff) -> Iterator[Text]:
    if days_off.taken_back and not days_off.changed:
        yield sentence("That was no holiday here, so nothing has changed.")
    elif days_off.changed:
        what = "taken back" if days_off.taken_back else "kept off"
        yield sentence(f"{plural(days_off.changed, 'day')} {what}.")
    if days_off.too_late:
        yield sentence("What was asked today already stays.")
    for skipped in days_off.skipped:
        yield Text((one_line(skipped_holidays(skipped)),))
