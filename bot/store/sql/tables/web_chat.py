"""What the web chat keeps: its people, messages and pictures."""

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text

from bot.store.sql.columns import Id, at, number, own_id, table, text

web_people = table(
    "web_people",
    text("id", primary_key=True),
    text("name"),
    text("name_key", unique=True),
    at("created_at"),
)

web_messages = table(
    "web_messages",
    own_id(),
    Column("version", Id, nullable=False, unique=True),
    text("key", unique=True),
    text("channel"),
    Column("reader", Text),
    Column("speaker", Text),
    text("author"),
    text("html"),
    text("text"),
    at(),
    Column("replace_key", Text),
    at("replaced_at", nullable=True),
    Index(None, "channel", "id"),
)

web_versions = table(
    "web_versions",
    number("id", primary_key=True),
    Column("latest", Id, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

web_pictures = table(
    "web_pictures",
    text("digest", primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
