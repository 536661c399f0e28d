"""Dates, holidays, cron lines and zones that cannot be read."""

from collections.abc import Sequence

from bot.phrases.sentences.sentence import Sentences
from bot.quiz.calendar.holidays import SkippedHolidays
from bot.quiz.calendar.ics import LONGEST_SPAN, SkippedReason

CRON = (
    'Write it as five parts between quotes, such as cron:"30 9 * * mon-fri": '
    "minute, hour, day of the month, month, weekday."
)
DATES = (
    "Write dates like 2026-12-25 or 2026-12-24..2027-01-01, or give me an .ics file or its text."
)
SKIPPED = {
    SkippedReason.OVER: (
        "left out because it is over.",
        "left out because they are over.",
    ),
    SkippedReason.HOURS: (
        "left out because it has hours, and only whole days are days off.",
        "left out because they have hours, and only whole days are days off.",
    ),
    SkippedReason.CANCELLED: (
        "left out because it is cancelled there.",
        "left out because they are cancelled there.",
    ),
    SkippedReason.UNREADABLE: (
        "left out because it has no date that I can read.",
        "left out because they have no date that I can read.",
    ),
    SkippedReason.LONG: (
        f"left out because it lasts longer than {LONGEST_SPAN} days.",
        f"left out because they last longer than {LONGEST_SPAN} days.",
    ),
    SkippedReason.REPEATS: (
        "comes again in a way that I cannot read: I took its own date alone.",
        "come again in a way that I cannot read: I took their own dates alone.",
    ),
}
"""For one, and for several."""


def skipped_holidays(skipped: SkippedHolidays) -> str:
    names = ", ".join(skipped.names)
    more = " …" if skipped.count > len(skipped.names) else ""
    sample = f" ({names}{more})" if names else ""
    return f"{skipped.count}{sample} {SKIPPED[skipped.reason][skipped.count > 1]}"


def _no_holiday_to_come(skipped: Sequence[SkippedHolidays]) -> str:
    return " ".join(["I found no day to come in that.", *map(skipped_holidays, skipped), DATES])


SENTENCES: Sentences = {
    "cron_unreadable": f"I cannot read that cron line. {CRON}",
    "cron_not_once_a_day": (
        "A schedule asks once a day, so minute and hour are one number each. "
        "Add a second schedule for a second time."
    ),
    "cron_number_too_large": (
        f"There is no {{name}} {{number}}: it is a number from 0 to {{most}}. {CRON}"
    ),
    "cron_part_unreadable": f"I cannot read {{part}} in that cron line. {CRON}",
    "cron_never": "That day never comes. Check the day of the month and the month.",
    "file_is_no_calendar": (
        "That file is no calendar: it has no BEGIN:VCALENDAR. "
        "Export it as .ics (iCalendar) and send that."
    ),
    "calendar_repeats_too_much": (
        "That calendar repeats too much to be about days off. Give me the dates themselves."
    ),
    "too_many_holidays": "That is more than {most} days. Give me fewer at once.",
    "no_holiday_to_come": _no_holiday_to_come,
    "holiday_unreadable": f"{{text}} is no date. {DATES}",
    "holiday_no_date": f"{{text}} is not in the calendar. {DATES}",
    "holidays_no_span": f"{{first}} to {{last}} is no span of at most {{most}} days. {DATES}",
    "unknown_zone": (
        "That is no time zone I know. Write it like Europe/Berlin, America/New_York or UTC."
    ),
}
