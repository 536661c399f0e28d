"""What was done to a schedule, and commands that are not understood."""

from collections.abc import Sequence
from datetime import date

from bot.phrases.sentences.sentence import Sentences


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
}
