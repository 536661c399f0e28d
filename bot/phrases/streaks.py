"""Streaks: their days, their freezes, and what became of each day."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.chat.card import Card, Facts, Table, Text
from bot.model.streaks import StreakNews, StreakView
from bot.phrases.formatting import note, plural, sentence, shown_name
from bot.phrases.untrusted_text import one_line
from bot.quiz.badges import MILESTONES, Badge
from bot.quiz.calendar.excuses import Excuse
from bot.quiz.calendar.local_days import DAY
from bot.quiz.streaks import EARNED_BY, MOST, Lapse, LapseOutcome, Streak

SHOWN = 14
EXCUSES = {
    Excuse.AWAY: "excused: I was not here",
    Excuse.MISSED: "excused: I posted no daily question",
    Excuse.SKIPPED: "excused: your change of zone left hardly anything of this date",
}
RULES = note(
    "A day counts when you solve something that is new to you; until four hours after midnight "
    f"that can still be the day before. {EARNED_BY} such days earn a freeze, and you can hold "
    f"{MOST}. A freeze covers one missed day by itself. Days on which I was away are excused."
)
SETTINGS = note(
    "`/me zone:Europe/Berlin` sets your time zone, "
    "`/remind hour:19` reminds you of an open daily question."
)


def short_date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def days_in_a_row(days: int) -> str:
    return f"{plural(days, 'day')} in a row"


def streak_news(news: StreakNews) -> tuple[Text, ...]:
    days, day = news.streak.days, short_date(news.day)
    text = f"{day} counts now."
    if days:
        late = f" This one counted for {day}, within its hours of grace."
        text = f"🔥 {days_in_a_row(days)}.{late if news.day < news.today else ''}"
    return (*map(_lapse, news.lapses), sentence(text), *map(_new_badge, news.badges))


def _lapse(lapse: Lapse) -> Text:
    day = short_date(lapse.day)
    if lapse.outcome is LapseOutcome.FROZEN:
        return sentence(f"❄️ A freeze covered {day}.")
    return sentence(
        f"On {day} your streak of {plural(lapse.days, 'day')} ended: you held no freeze."
    )


def _new_badge(badge: Badge) -> Text:
    return sentence(f"New badge: {badge.icon} {badge.title}")


def streak_card(view: StreakView) -> Card:
    streak = view.streak
    days = Table(f"The last {SHOWN} days", ("Day", "What became of it"), tuple(_days(view)))
    badges = map(_new_badge, view.badges)
    return Card(
        f"🔥 {days_in_a_row(streak.days)}" if streak.days else "No streak at the moment",
        (Facts(tuple(_facts(view))), *badges, days, RULES, SETTINGS),
    )


def _facts(view: StreakView) -> Iterator[tuple[str, str]]:
    calendar, longest = view.history.calendar, view.streak.longest
    today = "counts already"
    if not view.streak.today:
        today = f"still open, for {_hours(calendar.countable_until(view.today) - view.now)}"
    yield "Today", today
    yield "Longest", plural(longest, "day")
    yield "Freezes", freezes(view.streak)
    zone, coming = calendar.zone_at(view.now), calendar.next_zone(view.now)
    yield "Time zone", zone_text(zone, coming, chosen=view.player.zone is not None)
    if days := next((days for days in MILESTONES if days > longest), None):
        yield "Next milestone", f"{MILESTONES[days].icon} {MILESTONES[days].title} ({days})"


def _hours(left: timedelta) -> str:
    hours = left // timedelta(hours=1)
    return plural(hours, "hour") if hours else "less than an hour"


def freezes(streak: Streak) -> str:
    if not streak.to_freeze:
        return f"{streak.freezes}, the most that can be held"
    return f"{streak.freezes}; the next after {plural(streak.to_freeze, 'more day', 'more days')}"


def zone_text(zone: str, coming: tuple[date, str] | None, *, chosen: bool) -> str:
    if coming:
        day, coming_zone = coming
        return f"{zone}; from {short_date(day)} on {coming_zone}"
    return zone if chosen else f"{zone} (you have set none)"


def _days(view: StreakView) -> Iterator[tuple[str, str]]:
    first = min(view.history.counted, default=view.today)
    for back in range(SHOWN):
        day = view.today - back * DAY
        if day < first and back:
            return
        yield short_date(day), _day_outcome(day, view)


def _day_outcome(day: date, view: StreakView) -> str:
    for repair in view.repairs:
        if repair.day == day:
            return f"repaired by {shown_name(repair.by)}: {one_line(repair.reason)}"
    if day in view.history.counted:
        return "✓ counts"
    outcome = next((lapse.outcome for lapse in view.streak.lapses if lapse.day == day), None)
    if outcome is LapseOutcome.EXCUSED:
        return EXCUSES[view.excused[day]]
    if outcome is LapseOutcome.FROZEN:
        return "❄️ covered by a freeze"
    if outcome is LapseOutcome.ENDED:
        return "✗ the streak ended: no freeze was left"
    return (
        "still open"
        if day > view.history.calendar.last_finished_day(view.now)
        else "nothing solved"
    )


def repair_card(view: StreakView, day: date) -> Card:
    days = days_in_a_row(view.streak.days)
    text = f"{short_date(day)} counts for {shown_name(view.player)} now: {days}."
    shown = note("`/streak` shows them the day with your name and reason.")
    return Card("Repaired", (Text((text,)), shown))
