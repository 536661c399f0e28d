"""Private reminders of an open daily question."""

from bot.chat.card import Block, Button, Card, Countdown, Text
from bot.model.reminders import Reminder, ReminderMessage
from bot.phrases.formatting import note, sentence, text_card

STOP = Button("No more reminders", "remind:off", "quiet")
PRIVATE = note("Nobody else sees this. `/me zone:Europe/Berlin` sets your time zone.")


def reminder_card(message: ReminderMessage) -> Card:
    blocks: list[Block] = []
    for daily in message.dailies:
        blocks += (Text(("Still open: ", daily.question.title)), Countdown(daily.closes_at))
    blocks.append(
        note(
            "You answer where it was asked. "
            "This comes once a day, only while you have not answered."
        )
    )
    waiting = "questions are" if len(message.dailies) > 1 else "question is"
    return Card(f"⏰ Your daily {waiting} waiting", tuple(blocks), (STOP,))


def reminder_settings_card(reminder: Reminder | None) -> Card:
    if reminder is None:
        off = (
            "You get no reminders. `/remind hour:19` sends you one at seven in the evening "
            "of your own time zone."
        )
        return Card("Reminders are off", (sentence(off), PRIVATE))
    hour, refused_at = reminder.hour, reminder.refused_at
    blocks = [
        sentence(
            f"Once a day at {hour}:00, only while your daily question is open "
            "and you have not answered it."
        )
    ]
    if refused_at:
        blocks.append(
            sentence(
                f"I could not reach you on {refused_at:%d %B}: allow private messages from me, "
                f"then use `/remind hour:{hour}` again."
            )
        )
    blocks.append(PRIVATE)
    return Card("Reminders are on", tuple(blocks), (STOP,), "bad" if refused_at else "plain")


def reminder_stopped_card(*, was_set: bool) -> Card:
    text = "You get no more reminders." if was_set else "You get no reminders."
    return text_card("Reminders are off", f"{text} `/remind hour:19` brings them back.")
