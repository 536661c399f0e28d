"""Which places want a weekly digest, and which were posted."""

from sqlalchemy import Column, Index, Text

from bot.store.sql.columns import at, table, text, to

digest_subscriptions = table(
    "digest_subscriptions",
    to("places.id", "place_id", primary_key=True),
    at("next_at"),
    Index(None, "next_at"),
)

digest_posts = table(
    "digest_posts",
    to("places.id", "place_id", primary_key=True),
    text("week", primary_key=True),
    at("claimed_at"),
    at("posted_at", nullable=True),
    Column("message", Text),
    Index(None, "posted_at", "claimed_at"),
)
