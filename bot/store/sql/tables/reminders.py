"""Who wants to be reminded, and which reminders were sent."""

from sqlalchemy import CheckConstraint, Column, Date, Index

from bot.store.sql.columns import at, number, table, text, to

reminders = table(
    "reminders",
    to("players.id", "player_id", primary_key=True),
    number("hour"),
    text("platform"),
    text("person"),
    text("community"),
    text("channel"),
    at("next_at"),
    at("refused_at", nullable=True),
    CheckConstraint("hour between 0 and 23", name="hour"),
    Index(None, "next_at"),
)

reminder_messages = table(
    "reminder_messages",
    to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
    at("claimed_at"),
    at("sent_at", nullable=True),
    Index(None, "sent_at", "claimed_at"),
)
