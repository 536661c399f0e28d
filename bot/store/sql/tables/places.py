"""Places where questions are asked, and their communities."""

from sqlalchemy import Boolean, CheckConstraint, Column, Text, UniqueConstraint, true

from bot.store.sql.columns import at, own_id, table

places = table(
    "places",
    own_id(),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("zone", Text),
    Column("speed", Boolean, nullable=False, server_default=true()),
    Column("answers", Text, nullable=False, server_default="buttons"),
    at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    Column("platform", Text, primary_key=True),
    Column("community", Text, primary_key=True),
    Column("admins", Text, nullable=False, server_default=""),
    Column("admins_name", Text, nullable=False, server_default=""),
)
