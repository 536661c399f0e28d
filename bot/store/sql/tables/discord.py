"""What the Discord adapter keeps."""

from sqlalchemy import Column, Index, Text

from bot.store.sql.columns import at, table

discord_values = table(
    "discord_values",
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False, server_default=""),
    at(),
    Index(None, "at"),
)
