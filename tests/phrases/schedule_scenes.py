"""What is said around schedules: admins at their lists, a daily on its day, its end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.chat.card import Card
from bot.model.daily import AWAY, DailyResult, Occurrence, Solver
from bot.model.rounds import Round, RoundProgress
from bot.model.schedules import (
    DaysOff,
    PreviewDay,
    Schedule,
    ScheduleEntry,
    ScheduleList,
    SchedulePreview,
)
from bot.phrases.daily import daily_end_card
from bot.phrases.rounds.question import question_card
from bot.phrases.schedules import (
    ask_again_button,
    holidays_card,
    preview_card,
    schedule_card,
    schedule_removed_card,
    schedules_card,
)
from bot.quiz.calendar.cron import upcoming
from bot.quiz.calendar.holidays import Holiday, SkippedHolidays
from bot.quiz.calendar.ics import SkippedReason
from bot.quiz.questions import Question
from tests.phrases.scenes import ANN, BOB, HERE, NOON, asked, result
from tests.quiz.generated import GATE

DAY = date(2026, 3, 2)
NEW_YORK = "America/New_York"


def schedule(**changes: Any) -> Schedule:
    whole = Schedule(
        id=3,
        place=HERE,
        place_id=1,
        cron="0 9 * * *",
        own_zone=None,
        place_zone="Europe/Berlin",
        packs=(),
        levels=(),
        minutes=23 * 60,
        answers=None,
        paused=False,
        removed=False,
        next_day=DAY,
        next_at=NOON,
        shut_out=False,
    )
    return replace(whole, **changes)


def entry(**changes: Any) -> ScheduleEntry:
    kept = schedule(**changes)
    fires = () if kept.paused else tuple(upcoming(kept.cron, kept.zone("UTC"), NOON, 3))
    return ScheduleEntry(kept, kept.zone("UTC"), fires)


def agenda(*entries: ScheduleEntry, missed: tuple[Occurrence, ...] = ()) -> ScheduleList:
    return ScheduleList(entries, NEW_YORK, {"gates": "Gates"}, missed)


def missed(reason: str) -> Occurrence:
    return Occurrence(3, DAY, HERE, "missed", reason, NOON, NOON, None)


def slot(question: Question | None = GATE, **changes: Any) -> PreviewDay:
    return replace(PreviewDay(schedule(), DAY, NOON, question), **changes)


def of_the_day(**changes: Any) -> Round:
    """A daily that was due at noon and stays open for twelve hours."""
    twelve = NOON + timedelta(hours=12)
    return asked(mode="daily", speed=False, due_at=NOON, closes_at=twelve, **changes)


def solved(count: int, *solvers: Solver) -> DailyResult:
    ended = replace(
        result(chosen=("A",), solved=count), round=of_the_day(status="closed"), joined=count
    )
    return DailyResult(ended, solvers)


def every() -> Iterator[tuple[str, Card]]:
    yield from _lists()
    yield from _days()
    yield "daily", question_card(of_the_day(), None)
    yield "daily, counted", question_card(of_the_day(), None, RoundProgress(2, 1))
    yield "daily, late", question_card(of_the_day(opened_at=NOON + timedelta(hours=1)), None)
    yield (
        "daily, nobody",
        daily_end_card(replace(solved(0), result=replace(solved(0).result, first=None))),
    )
    ann = Solver(ANN, 1, 100, 1)
    yield "daily, solved", daily_end_card(solved(2, ann, Solver(BOB, 2, 60, 12)))
    yield "daily, solved by many", daily_end_card(solved(40, *[ann] * 20))
    yield "daily, solved by one more", daily_end_card(solved(16, *[ann] * 16))


def _lists() -> Iterator[tuple[str, Card]]:
    weekdays = entry(
        id=4,
        cron="30 9 * * mon-fri",
        own_zone="Asia/Tokyo",
        packs=("gates", "gone"),
        levels=("expert",),
    )
    leap = entry(id=5, cron="0 9 29 2 *", answers="reactions", minutes=2 * 24 * 60)
    resting = entry(id=6, paused=True)
    yield "no schedules", schedules_card(agenda())
    yield "schedules", schedules_card(agenda(entry(), weekdays, leap, resting))
    yield (
        "schedules, some missed",
        schedules_card(agenda(entry(), missed=(missed(AWAY), missed("the moon")))),
    )
    for each in (entry(), weekdays, leap, resting):
        yield (
            f"schedule {each.schedule.cron} {each.schedule.paused}",
            schedule_card(agenda(each), "It goes on."),
        )
    skipped = schedule_card(agenda(entry()), "It is skipped.", (ask_again_button(3, DAY),))
    yield "schedule with a skipped date", skipped
    yield "schedule shown", schedule_card(agenda(ScheduleEntry(schedule(), "UTC", ())))
    yield "schedule removed", schedule_removed_card(3)
    yield "nothing to come", preview_card(SchedulePreview((), NEW_YORK))
    to_come = (slot(), slot(pinned=True), slot(None, off="Christmas"))
    yield "to come", preview_card(SchedulePreview(to_come, NEW_YORK))
    yield "much to come", preview_card(SchedulePreview((slot(),) * 40, NEW_YORK))


def _days() -> Iterator[tuple[str, Card]]:
    off = tuple(Holiday(DAY + timedelta(days=n), "Spring" if n else "") for n in range(40))
    yield "no holidays", holidays_card(DaysOff(()))
    yield "holidays", holidays_card(DaysOff(off[:2], 1))
    yield "holidays taken back", holidays_card(DaysOff(off[:1], 2, taken_back=True))
    yield "holidays that were none", holidays_card(DaysOff(off[:1], taken_back=True))
    yield "many holidays", holidays_card(DaysOff(off, 40))
    left = (
        SkippedHolidays(SkippedReason.HOURS, 4, ("A meeting", "Lunch")),
        SkippedHolidays(SkippedReason.OVER, 1),
    )
    yield (
        "holidays out of a calendar",
        holidays_card(DaysOff(off[:1], 1, skipped=left, too_late=True)),
    )
