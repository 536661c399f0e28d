"""What can be asked, and what is said when something goes wrong."""

from bot.chat.card import Block, Button, Card, Table
from bot.commands import VERBS, Verb
from bot.phrases.formatting import note, sentence
from bot.phrases.untrusted_text import harmless

NAMED = 3


def overview(*, admin: bool) -> Card:
    rows = tuple((_form(verb), verb.summary) for verb in VERBS if admin or not verb.admin)
    blocks: tuple[Block, ...] = (
        sentence("I ask questions about PyTorch and RNNs, and I can prove every answer."),
        Table("Commands", ("Type", "What it does"), rows),
        note(
            "Words in brackets may be left out; where … stands there are more. An answer counts from the moment you press; nobody else sees it."
        ),
    )
    buttons = (
        Button("Ask everyone", "challenge", "primary", spoken="Ask everyone here a question"),
        Button("Packs", "packs"),
        Button("Practise", "practice"),
    )
    return Card("What I can do", blocks, buttons)


def _form(verb: Verb) -> str:
    """What is looked up somewhere may not be there on this platform, and a dozen words are no form any more."""
    names = [f"[{argument.name}]" for argument in verb.arguments]
    return " ".join([f"/{verb.name}", *names[:NAMED], *(["…"] if len(names) > NAMED else [])])


def refused(said: str) -> Card:
    """A UserError's own words."""
    return Card("That did not work", (sentence(harmless(said)),), tone="bad")


def broken(reference: str) -> Card:
    said = f"That was my mistake, not yours, and it is in my log as `{reference}`. Nothing you did is lost: try again."
    return Card("Something went wrong", (sentence(said),), tone="bad")
