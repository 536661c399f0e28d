"""Schedules and holidays: what was done, and what cannot be read."""

from collections.abc import Sequence
from datetime import date

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
# For one, and for several.
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


def _unknown_action(text: str, actions: Sequence[str]) -> str:
    return (
        f"“{text[:20]}” is no number of a schedule, and nothing that I can do with one. "
        f"I can {', '.join(actions)}."
    )


def _no_such_question(question: str, like: str | None) -> str:
    hint = f"Did you mean {like}?" if like else "Write it as pack/name, as its file is called."
    return f"There is no question {question}. {hint}"


def _date_unreadable(text: str, today: date) -> str:
    problem = f"{text} is no date." if text else "Say which date."
    return f"{problem} Write it like date:{today}."


def _time_unreadable(text: str) -> str:
    problem = f"{text} is no time of the day that I can read. " if text else ""
    return (
        f"{problem}Say at what time it asks, by 24 hours: "
        "`/schedule add at:09:00 days:mon-fri zone:Europe/Berlin`."
    )


def _no_such_level(name: str, levels: Sequence[str]) -> str:
    return f"There is no level {name}. I know {', '.join(levels)}."


def skipped_holidays(skipped: SkippedHolidays) -> str:
    names = ", ".join(skipped.names)
    more = " …" if skipped.count > len(skipped.names) else ""
    sample = f" ({names}{more})" if names else ""
    return f"{skipped.count}{sample} {SKIPPED[skipped.reason][skipped.count > 1]}"


def _no_holiday_to_come(skipped: Sequence[SkippedHolidays]) -> str:
    return " ".join(["I found no day to come in that.", *map(skipped_holidays, skipped), DATES])


SENTENCES: Sentences = {
    "no_such_schedule": (
        "There is no schedule {number} here. "
        "`/schedule list` shows those there are, with their numbers."
    ),
    "too_many_schedules": (
        "This place has {most} schedules. Remove one first: `/schedule list` shows them."
    ),
    "no_question_fits_new_schedule": (
        "No question fits that. Name another level or pack, or leave one out."
    ),
    "no_question_fits_changed_schedule": (
        "No question fits that. Name another level or pack, or packs:all."
    ),
    "no_question_fits_old_schedule": (
        "No question fits this schedule any more: its packs are gone. Add another schedule."
    ),
    "todays_question_missed": (
        "Today's question of this schedule could not be posted, and its time is over. "
        "`/challenge` asks another."
    ),
    "todays_question_is_out": (
        "Today's question of this schedule is out already. `/challenge` asks another at once."
    ),
    "schedule_not_on_date": (
        "Schedule {number} asks nothing on {day}. `/schedule preview` shows its dates."
    ),
    "schedule_date_is_out": "The question of {day} is out already. Choose a later date.",
    "schedule_date_unreadable": _date_unreadable,
    "schedule_date_too_far": "{day} is not within a year from today. Write it like {today}.",
    "schedule_dates_are_one": "Those are one date. Name two that are to change questions.",
    "schedule_dates_not_in_preview": (
        "Both dates must be among those that `/schedule preview` shows with a question."
    ),
    "no_such_question": _no_such_question,
    "schedule_unchanged": (
        "Say what is to be otherwise: "
        "`/schedule change number:{number} at:10:00 days:mon-fri packs:all`."
    ),
    "schedule_cron_and_time": "Give either a cron line or a time with its days, not both.",
    "schedule_time_unreadable": _time_unreadable,
    "schedule_days_unreadable": (
        "I cannot read the days {text}. "
        "Write them like days:mon-fri or days:mon,wed,sun; without any it is every day."
    ),
    "schedule_duration_unreadable": (
        "Say how long it stays open as 30m, 12h or 2d: from five minutes to seven days."
    ),
    "no_such_level": _no_such_level,
    "schedule_added": "It is set up.",
    "schedule_changed": "It is changed.",
    "schedule_paused": "It rests until you resume it.",
    "schedule_resumed": "It goes on.",
    "schedule_posted_now": "Today’s question is on its way.",
    "schedule_date_skipped": "Nothing is asked on {day:%a %d %b %Y}.",
    "schedule_date_resumed": "{day:%a %d %b %Y} is not skipped any more.",
    "schedule_question_pinned": "{day:%a %d %b %Y} is set to {question}.",
    "schedule_question_unpinned": "{day:%a %d %b %Y} is drawn from the bag again.",
    "schedule_questions_swapped": (
        "{first:%a %d %b %Y} and {second:%a %d %b %Y} have changed questions."
    ),
    "schedule_number_missing": (
        "Say which schedule: `/schedule {action} number:3`. `/schedule list` shows their numbers."
    ),
    "schedule_action_unknown": _unknown_action,
    "schedule_dates_missing": (
        "Say which two dates change questions: "
        "`/schedule move number:3 date:2026-11-25 to:2026-11-27`."
    ),
    "schedule_number_given": (
        "Schedule {number} is not added: leave its number out. "
        "To change it: `/schedule change number:{number} at:10:00`."
    ),
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
