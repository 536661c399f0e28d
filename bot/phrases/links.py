"""What is said to members who join their accounts."""

from bot.chat.card import Block, Button, Card, Countdown, Mono, Text
from bot.model.links import LinkCode, LinkedMember
from bot.phrases.formatting import note, sentence

UNDO = Button(
    "Undo my last link",
    "unlink",
    "danger",
    spoken="Undo my last link: the accounts are two members again",
)


def code(given: LinkCode, *, linked: bool) -> Card:
    blocks: tuple[Block, ...] = (
        Text(
            (
                "Type ",
                Mono(f"/link {given.words}"),
                " on the other platform, with your account there.",
            )
        ),
        Countdown(given.until),
        note(
            "The code works once. Whoever enters it becomes one member with you, so show it to nobody."
        ),
    )
    return Card("Your code", blocks, (UNDO,) if linked else ())


def joined(both: LinkedMember) -> Card:
    said = sentence(
        f"From now on you are one member, **{both.player.name}**: one score, one streak, all badges. Where both "
        "accounts had answered the same question, the earlier answer counts."
    )
    until = note(f"A mistake? `/link undo` parts them again, until {both.until:%d %B, %H:%M} UTC.")
    return Card("Done: your accounts are one member", (said, until), (UNDO,), "good")


def parted() -> Card:
    said = sentence(
        "The accounts are two members again, each with what it had. What you did since stays here."
    )
    return Card("The link is undone", (said,))
