"""Sentences by name, and the cards of acts that came to nothing."""

from bot.chat.card import Card
from bot.errors import UserError
from bot.phrases.formatting import text_card
from bot.phrases.sentences import people, platforms, requests, rounds, runs, schedules
from bot.phrases.sentences.sentence import Sentences
from bot.phrases.untrusted_text import harmless

SENTENCES: Sentences = {
    **people.SENTENCES,
    **platforms.SENTENCES,
    **requests.SENTENCES,
    **rounds.SENTENCES,
    **runs.SENTENCES,
    **schedules.SENTENCES,
}


def say(name: str, /, **values: object) -> str:
    sentence = SENTENCES[name]
    return sentence.format(**values) if isinstance(sentence, str) else sentence(**values)


def explain(error: UserError) -> str:
    return say(error.reason, **error.values)


def refused_card(error: UserError) -> Card:
    return text_card("That did not work", harmless(explain(error)), tone="bad")


def failure_card(reference: str) -> Card:
    text = (
        f"That was my mistake, not yours, and it is in my log as `{reference}`. "
        "Nothing you did is lost: try again."
    )
    return text_card("Something went wrong", text, tone="bad")
