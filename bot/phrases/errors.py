"""What somebody is told whose act came to nothing."""

from bot.chat.card import Card
from bot.errors import UserError
from bot.phrases.formatting import sentence
from bot.phrases.say import explain
from bot.phrases.untrusted_text import harmless


def refused_card(error: UserError) -> Card:
    return Card("That did not work", (sentence(harmless(explain(error))),), tone="bad")


def failure_card(reference: str) -> Card:
    text = (
        f"That was my mistake, not yours, and it is in my log as `{reference}`. "
        "Nothing you did is lost: try again."
    )
    return Card("Something went wrong", (sentence(text),), tone="bad")
