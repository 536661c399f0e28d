"""How questions are asked in a place."""

from bot.chat.card import Button, Card, Facts
from bot.model.places import PlaceSettings
from bot.phrases.formatting import note, sentence
from bot.phrases.untrusted_text import one_line


def settings(room: PlaceSettings, zone: str, *, changed: bool = False) -> Card:
    """The settings of a place, each with the press that turns it over."""
    speed, answers = ("on", "off") if room.speed else ("off", "on"), room.answers
    other = "reactions" if answers == "buttons" else "buttons"
    facts = (
        ("Time zone", room.zone or f"{zone} (nobody has set one)"),
        ("Speed points", speed[0]),
        ("Answers by", answers),
        *((("Admins too", one_line(room.admins)),) if room.admins else ()),
    )
    hint = note(
        "`/settings zone:Europe/Berlin` sets the zone. Rounds under way keep what they began with."
    )
    return Card(
        "Settings of this place",
        (Facts(facts), hint),
        (
            Button(f"Turn speed points {speed[1]}", f"set:speed:{speed[1]}"),
            Button(f"Answer by {other}", f"set:answers:{other}"),
        ),
        "good" if changed else "plain",
    )


def shut_out(name: str) -> Card:
    """To somebody who looks after a place that the bot was shut out of."""
    said = sentence(
        f"I can no longer view or write in {one_line(name)}, so I paused my questions there. Give me back the rights to "
        "view the channel, send messages and read its history, then use any command of mine there."
    )
    return Card("I was shut out of a channel", (said,), tone="bad")
