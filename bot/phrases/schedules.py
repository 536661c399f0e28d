"""Schedules, told to the admins who keep them."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.chat.card import Block, Button, Card, Facts, Input, Table, Text
from bot.model.daily import AWAY, NOT_POSTED, NOTHING_FITS, SHUT_OUT, Occurrence
from bot.model.schedules import DaysOff, PreviewDay, Schedule, ScheduleList, SchedulePreview
from bot.model.schedules import ScheduleEntry as Kept
from bot.phrases.formatting import LEVELS, bare, lasting, many, note, sentence
from bot.phrases.sentences.calendar import skipped_holidays
from bot.phrases.untrusted_text import one_line
from bot.quiz.questions import Level

HOW = "`/schedule add at:09:00 days:mon-fri zone:Europe/Berlin packs:gru,why-rnns levels:beginner open:12h`"
REASONS = {
    AWAY: "I was not running",
    SHUT_OUT: "I was shut out of this channel",
    NOTHING_FITS: "no question fitted",
    NOT_POSTED: "I failed while I posted it",
}
SHOWN = 31


def agenda(told: ScheduleList) -> Card:
    """All schedules of a place, each with what it asks and when it asks next."""
    if not told.entries:
        said = sentence("Nothing is scheduled here. Choose one of these, or write your own:")
        return Card("No schedules yet", (said, sentence(HOW)), _suggestions())
    rows = tuple(
        (
            str(each.schedule.id),
            _rhythm(each),
            _mix(each.schedule, told.titles),
            _soon(each, told.reader_zone),
        )
        for each in told.entries
    )
    blocks: tuple[Block, ...] = (
        Table("Schedules of this place", ("No.", "When", "What", "Next"), rows),
        *_missed(told.missed),
        note(
            f"Next times are in your zone, {told.reader_zone}. `/schedule list number:{rows[0][0]}` shows one alone."
        ),
    )
    buttons = tuple(
        Button(f"No. {each.schedule.id}", f"schedule:list:{each.schedule.id}")
        for each in told.entries[:10]
    )
    return Card(
        "🗓 Schedules", blocks, (*buttons, Button("Next 14 days", "schedule:preview", "primary"))
    )


def _suggestions() -> tuple[Button, ...]:
    return (
        Button("Every day at 09:00", "schedule:add:0900", "primary"),
        Button("Monday to Friday at 09:00", "schedule:add:0900:mon-fri"),
    )


def entry(told: ScheduleList, said: str = "", back: tuple[Button, ...] = ()) -> Card:
    """One schedule, after whatever was done to it, and how to take that back."""
    (one,) = told.entries
    kept = one.schedule
    facts = (
        ("When", _rhythm(one)),
        ("What", _mix(kept, told.titles)),
        ("Stays open", lasting(timedelta(minutes=kept.minutes))),
        ("Answers by", kept.answers or "what the place is set to"),
        (
            "Next",
            "; ".join(moment(due.at, told.reader_zone) for due in one.next_times) or _rest(kept),
        ),
    )
    zone = note(f"Next times are in your zone, {told.reader_zone}.")
    return Card(
        f"🗓 Schedule {kept.id}",
        (*((sentence(said),) if said else ()), Facts(facts), zone),
        (*back, *_deeds(one)),
    )


def _deeds(one: Kept) -> tuple[Button, ...]:
    """A button names the date that it skips: pressed twice, it skips one."""
    kept = one.schedule
    resume = Button("Resume", f"schedule:resume:{kept.id}", "primary")
    skips = (
        Button("Skip the next", f"schedule:skip:{kept.id}:{due.day}") for due in one.next_times[:1]
    )
    return (
        resume if kept.paused else Button("Pause", f"schedule:pause:{kept.id}"),
        *skips,
        Button("Post now", f"schedule:now:{kept.id}"),
        Button("Next 14 days", "schedule:preview"),
        Button("Remove", f"schedule:remove:{kept.id}", "danger"),
        Button("All schedules", "schedule:list", "quiet"),
    )


def removed(number: int) -> Card:
    said = sentence("It asks nothing any more. What it asked before stays.")
    return Card(
        f"Schedule {number} is removed",
        (said,),
        (
            Button("Take that back", f"schedule:resume:{number}"),
            Button("All schedules", "schedule:list", "quiet"),
        ),
    )


def preview(told: SchedulePreview) -> Card:
    """Two weeks ahead, question by question. For admins: it names what is to come, and no key."""
    back = (Button("All schedules", "schedule:list", "quiet"),)
    if not told.slots:
        return Card(
            "The next 14 days", (sentence("Nothing is to come. `/schedule list` shows why."),), back
        )
    rows = tuple(_line(each, told.reader_zone) for each in told.slots[:SHOWN])
    hidden = len(told.slots) - len(rows)
    more = (note(f"and {hidden:,} more"),) if hidden else ()
    hint = note(
        "They come like this unless `/challenge` empties the bag first. `/schedule pin` sets the question of a date; "
        "`/schedule move` lets two dates change questions."
    )
    table = Table("Questions to come", ("When", "No.", "Question"), rows)
    zone = note(f"Times are in your zone, {told.reader_zone}. A date is the schedule’s own.")
    return Card("The next 14 days", (table, *more, zone, hint), back)


def _line(slot: PreviewDay, zone: str) -> tuple[str, ...]:
    """A phone has no room for a column that says of nearly every question that it was drawn."""
    asked = f"{bare(slot.question.title)} ({slot.question.id})" if slot.question else slot.off
    return (
        moment(slot.at, zone),
        str(slot.schedule.id),
        f"{asked}, set by an admin" if slot.pinned else asked,
    )


def days_off(told: DaysOff) -> Card:
    """The holidays of a place, after whatever was done to them."""
    changed = tuple(_done(told))
    how = note(
        "`/holidays add 2026-12-24..2027-01-01` keeps days off, and so does a calendar: the file of one, or its text."
    )
    file = Input("Choose a calendar file (.ics)", "holidays:add", "Keep its days off", file=".ics")
    back = note("`/holidays remove 2026-12-24` takes them back.")
    if not told.days:
        return Card(
            "🏖 No holidays",
            (*changed, sentence("Schedules ask on every day of theirs."), how, file),
        )
    rows = tuple((_day(each.day), one_line(each.name) or "holiday") for each in told.days[:SHOWN])
    hidden = len(told.days) - len(rows)
    more = (note(f"and {hidden:,} more"),) if hidden else ()
    table = Table("Days on which nothing is asked", ("Day", "Name"), rows)
    return Card("🏖 Holidays", (*changed, table, *more, how, back, file))


def _done(told: DaysOff) -> Iterator[Text]:
    """What came of what was given: what was taken, what was not, and why."""
    if told.taken_back and not told.changed:
        yield sentence("That was no holiday here, so nothing has changed.")
    elif told.changed or told.taken_back:
        deed = "taken back" if told.taken_back else "kept off"
        yield sentence(f"{many(told.changed, 'day')} {deed}.")
    if told.too_late:
        yield sentence("What was asked today already stays.")
    for each in told.skipped:
        yield Text((one_line(skipped_holidays(each)),))


# Small words


def _rhythm(each: Kept) -> str:
    minute, hour, *days = each.schedule.cron.split()
    at = f"{int(hour):02}:{int(minute):02}"
    if days == ["*", "*", "*"]:
        when = f"every day at {at}"
    elif days[:2] == ["*", "*"]:
        when = f"{days[2]} at {at}"
    else:
        when = f"{at} on {' '.join(days)} (cron)"
    return f"{when}, {each.zone}"


def _mix(kept: Schedule, titles: Mapping[str, str]) -> str:
    packs = ", ".join(titles.get(name, f"{name} (gone)") for name in kept.packs) or "all packs"
    levels = ", ".join(LEVELS[Level(name)] for name in kept.levels)
    return f"{packs}; {levels}" if levels else packs


def _soon(each: Kept, zone: str) -> str:
    return moment(each.next_times[0].at, zone) if each.next_times else _rest(each.schedule)


def _rest(kept: Schedule) -> str:
    return "paused" if kept.paused else "nothing to come"


def moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}"


def _day(day: date) -> str:
    return f"{day:%a %d %b %Y}"


def _missed(missed: tuple[Occurrence, ...]) -> tuple[Block, ...]:
    if not missed:
        return ()
    told = "; ".join(
        f"{_day(each.day)} (No. {each.schedule_id}): {REASONS.get(each.reason, each.reason)}"
        for each in missed
    )
    return (sentence(f"Missed and not made up for: {told}."),)


def unskip(number: int, day: date) -> Button:
    return Button(
        "Take that back",
        f"schedule:resume:{number}:{day}",
        spoken=f"Take that back: ask on {_day(day)}",
    )
