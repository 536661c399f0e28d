"""Members who link their accounts."""

from bot.chat.card import Button, Card, Countdown
from bot.model.links import LinkCode, LinkedMember
from bot.phrases.formatting import note, sentence, text_card

UNDO = Button(
    "Undo my last link",
    "unlink",
    "danger",
    spoken="Undo my last link: the accounts are two members again",
)


def link_code_card(code: LinkCode, *, linked: bool) -> Card:
    blocks = (
        sentence(f"Type `/link {code.words}` on the other platform, with your account there."),
        Countdown(code.until),
        note(
            "The code works once. Whoever enters it becomes one member with you, "
            "so show it to nobody."
        ),
    )
    return Card("Your code", blocks, (UNDO,) if linked else ())


def linked_card(joined: LinkedMember) -> Card:
    text = sentence(
        f"From now on you are one member, **{joined.player.name}**: one score, one streak, all "
        "badges. Where both accounts had answered the same question, the earlier answer counts."
    )
    until = note(
        f"A mistake? `/link undo` parts them again, until {joined.until:%d %B, %H:%M} UTC."
    )
    return Card("Done: your accounts are one member", (text, until), (UNDO,), "good")


def unlinked_card() -> Card:
    text = (
        "The accounts are two members again, each with what it had. What you did since stays here."
    )
    return text_card("The link is undone", text)
