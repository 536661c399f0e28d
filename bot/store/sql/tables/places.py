"""Places where questions are asked, and their communities."""

from sqlalchemy import Boolean, CheckConstraint, Column, Text, UniqueConstraint, true

from bot.store.sql.columns import at, own_id, table, text

places = table(
    "places",
    own_id(),
    text("platform"),
    text("community"),
    text("channel"),
    Column("zone", Text),
    Column("speed", Boolean, nullable=False, server_default=true()),
    text("answers", server_default="buttons"),
    at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    text("platform", primary_key=True),
    text("community", primary_key=True),
    text("admins", server_default=""),
    text("admins_name", server_default=""),
)
