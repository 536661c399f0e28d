"""Sentences by name: what a UserError is told in, and the words that an adapter shows."""

from bot.errors import UserError
from bot.phrases.sentences import (
    attempts,
    calendar,
    discord,
    judging,
    links,
    packs,
    people,
    reminders,
    requests,
    rounds,
    runs,
    schedules,
    slack,
    streaks,
    typed_commands,
    uploads,
    web,
)
from bot.phrases.sentences.sentence import Sentence

SENTENCES: dict[str, Sentence] = {
    **attempts.SENTENCES,
    **calendar.SENTENCES,
    **discord.SENTENCES,
    **judging.SENTENCES,
    **links.SENTENCES,
    **packs.SENTENCES,
    **people.SENTENCES,
    **reminders.SENTENCES,
    **requests.SENTENCES,
    **rounds.SENTENCES,
    **runs.SENTENCES,
    **schedules.SENTENCES,
    **slack.SENTENCES,
    **streaks.SENTENCES,
    **typed_commands.SENTENCES,
    **uploads.SENTENCES,
    **web.SENTENCES,
}


def say(name: str, /, **values: object) -> str:
    sentence = SENTENCES[name]
    return sentence.format(**values) if isinstance(sentence, str) else sentence(**values)


def explain(error: UserError) -> str:
    return say(error.reason, **error.values)
