"""What the phrases of streaks, reminders and digests are handed, and every card they make of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.chat.card import Card
from bot.identity import Person
from bot.model.boards import Board
from bot.model.digests import Digest, HardestQuestion
from bot.model.people import Player
from bot.model.reminders import OpenDaily, Reminder, ReminderMessage
from bot.model.streaks import Repair, StreakHistory, StreakNews, StreakView
from bot.phrases.digests import digest_card, digest_switch_card
from bot.phrases.reminders import reminder_card, reminder_settings_card, reminder_stopped_card
from bot.phrases.rounds.verdict import verdict_card
from bot.phrases.streaks import repair_card, streak_card
from bot.quiz.badges import MILESTONES, Badge
from bot.quiz.calendar.excuses import Excuses, Outage
from bot.quiz.calendar.local_days import ZoneChange, ZoneHistory
from bot.quiz.streaks import Lapse, LapseOutcome, Streak
from tests.phrases.scenes import ANN, BOB, HERE, NOON, asked, done, ranked, verdict
from tests.quiz.generated import GATE

TODAY = NOON.date()


def ago(*days: int) -> frozenset[date]:
    return frozenset(TODAY - timedelta(days=each) for each in days)


def standing(
    counting: Collection[int] = (0, 1, 2),
    missed: Collection[int] = (),
    calendar: ZoneHistory = ZoneHistory("UTC"),  # noqa: B008 (a frozen value)
    outages: tuple[Outage, ...] = (),
    repairs: Mapping[int, str] = {},
    by: Player = BOB,
    **changes: Any,
) -> StreakView:
    """At noon, by the law itself."""
    past = StreakHistory(
        ANN.id, ago(*counting), frozenset(), Excuses(calendar, outages, ago(*missed))
    )
    told = past.streak(NOON)
    excused = {
        lapse.day: why for lapse in told.lapses if (why := past.excuses.excuse_for(lapse.day))
    }
    mended = tuple(
        Repair(TODAY - timedelta(days=day), by, said, NOON) for day, said in repairs.items()
    )
    return replace(StreakView(ANN, past, told, excused, mended, NOON, "UTC"), **changes)


def away(day: int) -> Outage:
    """For two hours at that day's noon."""
    at = NOON - timedelta(days=day)
    return Outage(at, at + timedelta(hours=2))


def news(days: int = 8, **changes: Any) -> StreakNews:
    return replace(StreakNews(TODAY, TODAY, Streak(days, days, today=True), (), ()), **changes)


MOVED = ZoneHistory("UTC", (ZoneChange(NOON + timedelta(hours=12), "Asia/Tokyo"),))
SKIPPED = ZoneHistory("Pacific/Pago_Pago").with_zone("Pacific/Kiritimati", NOON - timedelta(days=2))
FROZE, ENDED = Lapse(TODAY, LapseOutcome.FROZEN, 7), Lapse(TODAY, LapseOutcome.ENDED, 1)
WISH = Reminder(7, 19, Person("web", "ann", ""), HERE, NOON, None)
DAILY = OpenDaily(GATE, HERE, NOON + timedelta(hours=3))


def letter(dailies: int = 1) -> ReminderMessage:
    return ReminderMessage(7, TODAY, WISH.person, HERE, (DAILY,) * dailies)


def week(**changes: Any) -> Digest:
    whole = Digest(
        place_id=1,
        place=HERE,
        week="2026-W10",
        monday=date(2026, 3, 2),
        board=Board((ranked(ANN), ranked(BOB, 50, 2)), (), 2),
        hardest=HardestQuestion(GATE, 1, 3),
        badges=((ANN, MILESTONES[7]), (BOB, Badge("pack:gates", "Gate Keeper", "🚪"))),
    )
    return replace(whole, **changes)


def cards() -> Iterator[tuple[str, Card]]:
    yield "streak", streak_card(standing())
    yield "streak, new", streak_card(standing(()))
    yield "streak with a milestone", streak_card(standing(range(8), badges=(MILESTONES[7],)))
    yield (
        "streak with everything",
        streak_card(
            standing((1, 4, *range(6, 13)), (3,), outages=(away(2),), repairs={1: "the train"})
        ),
    )
    yield "streak of a traveller", streak_card(standing(calendar=MOVED))
    yield "streak over the date line", streak_card(standing((0, 2, 3), calendar=SKIPPED))
    yield "repaired", repair_card(standing(), TODAY)
    counted = news(lapses=(FROZE, ENDED), badges=(MILESTONES[7],))
    yield "verdict with a streak", verdict_card(verdict(asked(), ("A",), done(), counted=counted))
    late = news(day=TODAY - timedelta(days=1))
    yield (
        "verdict in the hours of grace",
        verdict_card(verdict(asked(), ("A",), done(), counted=late)),
    )
    yield "reminder", reminder_card(letter())
    yield "reminder of two", reminder_card(letter(2))
    yield "reminders on", reminder_settings_card(WISH)
    yield "reminders refused", reminder_settings_card(replace(WISH, refused_at=NOON))
    yield "reminders off", reminder_settings_card(None)
    for was_set in (True, False):
        yield (
            f"reminders stopped {was_set}",
            reminder_stopped_card(was_set=was_set),
        )
    yield "digest", digest_card(week(), b"PNG")
    yield "digest without a board", digest_card(week(board=Board((), (), 0), hardest=None), None)
    yield "digest of points alone", digest_card(week(hardest=None, badges=()), None)
    yield "digest chosen", digest_switch_card(NOON.date())
    yield "no digest", digest_switch_card(None)
