"""What can be asked for."""

from bot.chat.card import Button, Card, Table
from bot.commands import VERBS, Verb
from bot.phrases.formatting import note, sentence

# Arguments that are named after a command; more make no form that anybody reads.
NAMED = 3


def help_card(*, admin: bool) -> Card:
    rows = tuple((_form(verb), verb.summary) for verb in VERBS if admin or not verb.admin)
    blocks = (
        sentence("I ask questions about PyTorch and RNNs, and I can prove every answer."),
        Table("Commands", ("Type", "What it does"), rows),
        note(
            "Words in brackets may be left out; where … stands there are more. "
            "An answer counts from the moment you press; nobody else sees it."
        ),
    )
    buttons = (
        Button("Ask everyone", "challenge", "primary", spoken="Ask everyone here a question"),
        Button("Packs", "packs"),
        Button("Practise", "practice"),
    )
    return Card("What I can do", blocks, buttons)


def _form(verb: Verb) -> str:
    names = [f"[{argument.name}]" for argument in verb.arguments]
    return " ".join([f"/{verb.name}", *names[:NAMED], *(["…"] if len(names) > NAMED else [])])
