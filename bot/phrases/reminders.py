"""Private reminders, and what is said about them."""

from bot.chat.card import Block, Button, Card, Countdown, Text
from bot.model.reminders import Reminder, ReminderMessage
from bot.phrases.formatting import note, sentence

STOP = Button("No more reminders", "remind:off", "quiet")


def letter(theirs: ReminderMessage) -> Card:
    """Their daily question is still open."""
    several = len(theirs.dailies) > 1
    lines = [
        block
        for daily in theirs.dailies
        for block in (Text(("Still open: ", daily.question.title)), Countdown(daily.closes_at))
    ]
    where = note(
        "You answer where it was asked. This comes once a day, only while you have not answered."
    )
    title = (
        "⏰ Your daily questions are waiting" if several else "⏰ Your daily question is waiting"
    )
    return Card(title, (*lines, where), (STOP,))


def wish(mine: Reminder | None) -> Card:
    """How things stand."""
    if mine is None:
        said = "You get no reminders. `/remind hour:19` sends you one at seven in the evening of your own time zone."
        return Card("Reminders are off", (sentence(said), _zone()))
    blocks: tuple[Block, ...] = (
        sentence(
            f"Once a day at {mine.hour}:00, only while your daily question is open and you have not answered it."
        ),
    )
    if mine.refused_at:
        blocks += (
            sentence(
                f"I could not reach you on {mine.refused_at:%d %B}: allow private messages from me, then use "
                f"`/remind hour:{mine.hour}` again."
            ),
        )
    return Card(
        "Reminders are on", (*blocks, _zone()), (STOP,), "bad" if mine.refused_at else "plain"
    )


def stopped(*, there_was_one: bool) -> Card:
    said = "You get no more reminders." if there_was_one else "You get no reminders."
    return Card("Reminders are off", (sentence(f"{said} `/remind hour:19` brings them back."),))


def _zone() -> Text:
    return note("Nobody else sees this. `/me zone:Europe/Berlin` sets your time zone.")
