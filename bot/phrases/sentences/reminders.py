"""Reminders that cannot be set."""

from bot.phrases.sentences.sentence import Sentences

SENTENCES: Sentences = {
    "reminder_hour_unreadable": (
        "Choose an hour from 0 to 23, like `/remind hour:19`, or `/remind hour:off`."
    ),
}
