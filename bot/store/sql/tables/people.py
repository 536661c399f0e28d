"""Players, their accounts, communities and places, links and badges."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Text,
    UniqueConstraint,
    false,
    true,
)

from bot.store.sql.columns import (
    flag,
    foreign_key,
    instant_column,
    json,
    number,
    own_id,
    table,
    text,
)

players = table(
    "players",
    own_id(),
    text("name"),
    Column("zone", Text),
    flag("name_hidden", server_default=false()),
    instant_column("created_at"),
    Column("zone_before", Text),
    instant_column("zone_since", nullable=True),
)

accounts = table(
    "accounts",
    text("platform", key=True),
    text("person", key=True),
    foreign_key("players"),
    Index(None, "player_id"),
)

members = table(
    "members",
    text("platform", key=True),
    text("community", key=True),
    foreign_key("players", key=True),
    instant_column("left_at", nullable=True),
)


places = table(
    "places",
    own_id(),
    text("platform"),
    text("community"),
    text("channel"),
    Column("zone", Text),
    flag("speed", server_default=true()),
    text("answers", server_default="buttons"),
    instant_column("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = table(
    "communities",
    text("platform", key=True),
    text("community", key=True),
    text("admins", server_default=""),
    text("admins_name", server_default=""),
)


link_codes = table(
    "link_codes",
    foreign_key("players", key=True),
    text("digest", unique=True),
    text("platform"),
    text("community"),
    text("act"),
    instant_column("until"),
)

link_tries = table(
    "link_tries",
    foreign_key("players", key=True),
    number("wrong"),
    text("act"),
    instant_column("until"),
)

links = table(
    "links",
    own_id(),
    foreign_key("players"),
    foreign_key("players", "joined_id"),
    text("act", unique=True),
    json("moved"),
    instant_column(),
    instant_column("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)


badges = table(
    "badges",
    foreign_key("players", key=True),
    text("badge", key=True),
    instant_column(),
)
