"""What a streak is told with: the days, the freezes, and why each day went as it did."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.chat.card import Block, Card, Facts, Table, Text
from bot.model.streaks import StreakNews, StreakView
from bot.phrases.formatting import many, named, note, sentence
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
RULES = (
    "A day counts when you solve something that is new to you; until four hours after midnight that can still be the "
    f"day before. {EARNED_BY} such days earn a freeze, and you can hold {MOST}. A freeze covers one missed day by "
    "itself. Days on which I was away are excused."
)


def dated(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def in_a_row(days: int) -> str:
    return f"{many(days, 'day')} in a row"


def counted(news: StreakNews) -> tuple[Text, ...]:
    """Beside a verdict: what the answer did to the streak, and what happened to it unseen."""
    streak = news.streak
    late = (
        f" This one counted for {dated(news.day)}, within its hours of grace."
        if news.day < news.today
        else ""
    )
    said = f"🔥 {in_a_row(streak.days)}.{late}" if streak.days else f"{dated(news.day)} counts now."
    return (*map(lapse, news.lapses), sentence(said), *map(badge, news.badges))


def lapse(gone: Lapse) -> Text:
    if gone.outcome is LapseOutcome.FROZEN:
        return sentence(f"❄️ A freeze covered {dated(gone.day)}.")
    return sentence(
        f"On {dated(gone.day)} your streak of {many(gone.days, 'day')} ended: you held no freeze."
    )


def badge(new: Badge) -> Text:
    return sentence(f"New badge: {new.icon} {new.title}")


def explained(mine: StreakView) -> Card:
    """The streak, and how it came about."""
    streak = mine.streak
    title = f"🔥 {in_a_row(streak.days)}" if streak.days else "No streak at the moment"
    blocks: tuple[Block, ...] = (
        Facts(tuple(_facts(mine))),
        *map(badge, mine.badges),
        Table(f"The last {SHOWN} days", ("Day", "What became of it"), tuple(_days(mine))),
        note(RULES),
        note(
            "`/me zone:Europe/Berlin` sets your time zone, `/remind hour:19` reminds you of an open daily question."
        ),
    )
    return Card(title, blocks)


def _facts(mine: StreakView) -> Iterator[tuple[str, str]]:
    yield "Today", _today(mine)
    yield "Longest", many(mine.streak.longest, "day")
    yield "Freezes", freezes(mine.streak)
    calendar = mine.history.calendar
    yield (
        "Time zone",
        zone(
            calendar.zone_at(mine.now),
            calendar.next_zone(mine.now),
            chosen=mine.player.zone is not None,
        ),
    )
    if following := next((days for days in MILESTONES if days > mine.streak.longest), None):
        yield (
            "Next milestone",
            f"{MILESTONES[following].icon} {MILESTONES[following].title} ({following})",
        )


def _today(mine: StreakView) -> str:
    calendar, today = mine.history.calendar, mine.today
    if mine.streak.today:
        return "counts already"
    return f"still open, for {_hours(calendar.countable_until(today) - mine.now)}"


def _hours(left: timedelta) -> str:
    hours = left // timedelta(hours=1)
    return many(hours, "hour") if hours else "less than an hour"


def freezes(streak: Streak) -> str:
    if not streak.to_freeze:
        return f"{streak.freezes}, the most that can be held"
    return f"{streak.freezes}; the next after {many(streak.to_freeze, 'more day', 'more days')}"


def zone(now: str, coming: tuple[date, str] | None, *, chosen: bool) -> str:
    if coming:
        return f"{now}; from {dated(coming[0])} on {coming[1]}"
    return now if chosen else f"{now} (you have set none)"


def _days(mine: StreakView) -> Iterator[tuple[str, str]]:
    """The newest first; before the first day that counted there is nothing to tell."""
    first = min(mine.history.counted, default=mine.today)
    for back in range(SHOWN):
        day = mine.today - back * DAY
        if day < first and back:
            return
        yield dated(day), _day(day, mine)


def _day(day: date, mine: StreakView) -> str:
    repaired = next((each for each in mine.repairs if each.day == day), None)
    if repaired:
        return f"repaired by {named(repaired.by)}: {one_line(repaired.reason)}"
    if day in mine.history.counted:
        return "✓ counts"
    passed = next((each.outcome for each in mine.streak.lapses if each.day == day), None)
    if passed is LapseOutcome.EXCUSED:
        return EXCUSES[mine.excused[day]]
    if passed is LapseOutcome.FROZEN:
        return "❄️ covered by a freeze"
    if passed is LapseOutcome.ENDED:
        return "✗ the streak ended: no freeze was left"
    return "still open" if day > mine.history.calendar.last_over(mine.now) else "nothing solved"


def repaired(theirs: StreakView, day: date) -> Card:
    """To the admin who gave a day back."""
    said = f"{dated(day)} counts for {named(theirs.player)} now: {in_a_row(theirs.streak.days)}."
    return Card(
        "Repaired", (Text((said,)), note("`/streak` shows them the day with your name and reason."))
    )
