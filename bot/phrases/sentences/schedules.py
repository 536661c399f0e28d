"""What was done to a schedule, and commands that are not understood."""

from collections.abc import Sequence

from bot.phrases.sentences.sentence import Sentences


def _unknown_action(text: str, actions: Sequence[str]) -> str:
    return (
        f"“{text[:20]}” is no number of a schedule, and nothing that I can do with one. "
        f"I can {', '.join(actions)}."
    )


SENTENCES: Sentences = {
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
