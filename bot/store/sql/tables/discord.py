"""What the Discord adapter keeps."""

from sqlalchemy import Column, Index, Text

from bot.store.sql.columns import at, table

discord_notes = table(
    "discord_notes",
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False, server_default=""),
    at(),
    Index(None, "at"),
)
