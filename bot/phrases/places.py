"""How questions are asked in a place."""

from bot.chat.card import Button, Card, Facts
from bot.model.places import PlaceSettings
from bot.phrases.formatting import note, text_card
from bot.phrases.untrusted_text import one_line


def settings_card(settings: PlaceSettings, default_zone: str, *, changed: bool) -> Card:
    speed, other_speed = ("on", "off") if settings.speed else ("off", "on")
    other_answers = "reactions" if settings.answers == "buttons" else "buttons"
    facts = (
        ("Time zone", settings.zone or f"{default_zone} (nobody has set one)"),
        ("Speed points", speed),
        ("Answers by", settings.answers),
        *((("Admins too", one_line(settings.admins)),) if settings.admins else ()),
    )
    hint = note(
        "`/settings zone:Europe/Berlin` sets the zone. Rounds under way keep what they began with."
    )
    buttons = (
        Button(f"Turn speed points {other_speed}", f"set:speed:{other_speed}"),
        Button(f"Answer by {other_answers}", f"set:answers:{other_answers}"),
    )
    return Card(
        "Settings of this place", (Facts(facts), hint), buttons, "good" if changed else "plain"
    )


def shut_out_card(channel: str) -> Card:
    text = (
        f"I can no longer view or write in {one_line(channel)}, so I paused my questions there. "
        "Give me back the rights to view the channel, send messages and read its history, "
        "then use any command of mine there."
    )
    return text_card("I was shut out of a channel", text, tone="bad")
