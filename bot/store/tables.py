"""Every table. The rules that two processes could race for stand here, as keys and checks."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. A value without a zone is refused, whatever the engine would make of it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the base class names it)
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"an instant needs its zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the base class names it)
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _to(target: str, name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    return Column(name, Id, ForeignKey(target), primary_key=primary_key, nullable=nullable)


def _at(name: str = "at", *, nullable: bool = False) -> Column[datetime]:
    return Column(name, Instant, nullable=nullable)


def _table(name: str, *parts: Any, **options: Any) -> Table:
    return Table(name, metadata, *parts, **options)


# People and places

players = _table(
    "players",
    _id(),
    Column("name", Text, nullable=False),
    Column("zone", Text),
    Column("name_hidden", Boolean, nullable=False, server_default=false()),
    _at("created_at"),
)

accounts = _table(
    "accounts",
    Column("platform", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    _to("players.id", "player_id"),
    Index(None, "player_id"),
)

members = _table(
    "members",
    Column("platform", Text, primary_key=True),
    Column("community", Text, primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    _at("left_at", nullable=True),
)

places = _table(
    "places",
    _id(),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("zone", Text),
    Column("speed", Boolean, nullable=False, server_default=true()),
    Column("answers", Text, nullable=False, server_default="buttons"),
    _at("paused_at", nullable=True),
    UniqueConstraint("platform", "community", "channel"),
    CheckConstraint("answers in ('buttons', 'reactions')", name="answers"),
)

communities = _table(
    "communities",
    Column("platform", Text, primary_key=True),
    Column("community", Text, primary_key=True),
    Column("admins", Text, nullable=False, server_default=""),
    Column("admins_name", Text, nullable=False, server_default=""),
)

# Questions as they were asked, and what people say of them

wordings = _table(
    "wordings",
    Column("digest", Text, primary_key=True),
    Column("question", Text, nullable=False),
    Column("body", JSON, nullable=False),
)

draws = _table(
    "draws",
    _to("places.id", "place_id", primary_key=True),
    Column("question", Text, primary_key=True),
    _at(),
)

votes = _table(
    "votes",
    Column("question", Text, primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("value", Integer, nullable=False),
    _at(),
    CheckConstraint("value in (-1, 1)", name="value"),
)

reports = _table(
    "reports",
    _id(),
    Column("question", Text, nullable=False),
    Column("digest", Text, nullable=False),
    _to("players.id", "player_id"),
    Column("reason", Text, nullable=False),
    _at(),
    _at("settled_at", nullable=True),
    UniqueConstraint("question", "digest", "player_id"),
)

# Rounds, sittings, answers

takes = _table(
    "takes",
    _id(),
    _to("players.id", "player_id"),
    _to("places.id", "place_id"),
    Column("pack", Text, nullable=False),
    Column("act", Text, nullable=False, unique=True),
    Column("digests", JSON, nullable=False),
    _at("started_at"),
    _at("finished_at", nullable=True),
    Column("right", Integer, nullable=False, server_default="0"),
    Index(None, "player_id", "pack"),
)

rounds = _table(
    "rounds",
    _id(),
    Column("act", Text, nullable=False, unique=True),
    Column("mode", Text, nullable=False),
    Column("status", Text, nullable=False),
    _to("places.id", "place_id"),
    Column("live_in", Id, unique=True),
    Column("question", Text, nullable=False),
    Column("digest", Text, ForeignKey("wordings.digest"), nullable=False),
    _to("players.id", "player_id", nullable=True),
    _to("takes.id", "take_id", nullable=True),
    Column("position", Integer),
    Column("speed", Boolean, nullable=False),
    Column("answers", Text, nullable=False),
    Column("wish", Text, nullable=False, server_default=""),
    _at("opened_at"),
    _at("closes_at", nullable=True),
    _at("early_at", nullable=True),
    _at("closed_at", nullable=True),
    Column("message", Text),
    CheckConstraint("mode in ('live', 'pack', 'practice')", name="mode"),
    CheckConstraint("status in ('claimed', 'open', 'closed', 'told', 'void')", name="status"),
    CheckConstraint("(mode = 'live') = (player_id is null)", name="owner"),
    UniqueConstraint("take_id", "position"),
    CheckConstraint(
        "(live_in is not null) = (mode = 'live' and status in ('claimed', 'open'))", name="one_live_round_a_place"
    ),
    Index(None, "status", "closes_at"),
    Index(None, "place_id", "message"),
)

sittings = _table(
    "sittings",
    _to("rounds.id", "round_id", primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("tries_used", Integer, nullable=False, server_default="0"),
    Column("hints_taken", Integer, nullable=False, server_default="0"),
    Column("points", Integer, nullable=False, server_default="0"),
    Column("share", Float, nullable=False, server_default="0"),
    Column("solved", Boolean, nullable=False, server_default=false()),
    _at("joined_at"),
    _at("finished_at", nullable=True),
    Index(None, "player_id", "finished_at"),
)

attempts = _table(
    "attempts",
    _to("rounds.id", "round_id", primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("act", Text, nullable=False, unique=True),
    Column("answer", JSON, nullable=False),
    Column("share", Float, nullable=False),
    Column("points", Integer, nullable=False),
    Column("gain", Integer, nullable=False),
    Column("factors", JSON, nullable=False),
    _at(),
    CheckConstraint("number >= 1", name="number"),
)

hints = _table(
    "hints",
    _to("rounds.id", "round_id", primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
    _at(),
    Column("act", Text, unique=True),
)

badges = _table(
    "badges",
    _to("players.id", "player_id", primary_key=True),
    Column("badge", Text, primary_key=True),
    _at(),
)

days = _table(
    "days",
    _to("players.id", "player_id", primary_key=True),
    Column("day", Date, primary_key=True),
)

# One member on several platforms

link_codes = _table(
    "link_codes",
    _to("players.id", "player_id", primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("platform", Text, nullable=False),
    Column("community", Text, nullable=False),
    Column("act", Text, nullable=False),
    _at("until"),
)

link_tries = _table(
    "link_tries",
    _to("players.id", "player_id", primary_key=True),
    Column("wrong", Integer, nullable=False),
    Column("act", Text, nullable=False),
    _at("until"),
)

links = _table(
    "links",
    _id(),
    _to("players.id", "player_id"),
    _to("players.id", "joined_id"),
    Column("act", Text, nullable=False, unique=True),
    Column("moved", JSON, nullable=False),
    _at(),
    _at("undone_at", nullable=True),
    Column("undone_act", Text),
    Index(None, "player_id"),
    Index(None, "joined_id"),
    CheckConstraint("player_id <> joined_id", name="two_players"),
)

# Code that members ran, and what came of it

runs = _table(
    "runs",
    _id(),
    Column("run", Text, nullable=False, unique=True),
    Column("act", Text, nullable=False, unique=True),
    _to("players.id", "player_id"),
    _to("places.id", "place_id"),
    Column("active_of", Id, unique=True),
    Column("bot", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="booked"),
    Column("title", Text, nullable=False, server_default=""),
    Column("code", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("private", Boolean, nullable=False, server_default=false()),
    Column("source", Text),
    Column("message", Text),
    _at("booked_at"),
    _at("started_at", nullable=True),
    _at("ended_at", nullable=True),
    _at("lease_until"),
    Column("outcome", Text),
    Column("note", Text, nullable=False, server_default=""),
    Column("output", Text, nullable=False, server_default=""),
    Column("hidden", Integer, nullable=False, server_default="0"),
    Column("seconds", Float, nullable=False, server_default="0"),
    CheckConstraint("state in ('booked', 'waiting', 'taken', 'ended')", name="state"),
    CheckConstraint("(active_of is null) = (state = 'ended')", name="one_run_a_member"),
    Index(None, "player_id", "booked_at"),
    Index(None, "place_id", "source"),
    Index(None, "state", "lease_until"),
)

# Boards: rebuilt from attempts at any time

boards = _table(
    "boards",
    _id(),
    Column("scope", Text, nullable=False),
    Column("scope_key", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("period_key", Text, nullable=False),
    UniqueConstraint("scope", "scope_key", "period", "period_key"),
)

round_boards = _table(
    "round_boards",
    _to("rounds.id", "round_id", primary_key=True),
    _to("boards.id", "board_id", primary_key=True),
)

scores = _table(
    "scores",
    _to("boards.id", "board_id", primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("points", Integer, nullable=False),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Index("scores_rank", "board_id", "shown", "points", "player_id"),
    sqlite_with_rowid=False,
)

score_histogram = _table(
    "score_histogram",
    _to("boards.id", "board_id", primary_key=True),
    Column("level", Integer, primary_key=True),
    Column("bucket", Integer, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_with_rowid=False,
)

unfolded = _table(
    "unfolded",
    _to("rounds.id", "round_id", primary_key=True),
    _to("players.id", "player_id", primary_key=True),
    Column("number", Integer, primary_key=True),
)

# The web chat's own memory

web_people = _table(
    "web_people",
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),
    _at("created_at"),
)

web_messages = _table(
    "web_messages",
    _id(),
    Column("version", Id, nullable=False, unique=True),
    Column("key", Text, nullable=False, unique=True),
    Column("channel", Text, nullable=False),
    Column("reader", Text),
    Column("speaker", Text),
    Column("author", Text, nullable=False),
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    _at(),
    Column("turn_key", Text),
    _at("turned_at", nullable=True),
    Index(None, "channel", "id"),
)

web_versions = _table(
    "web_versions",
    Column("id", Integer, primary_key=True),
    Column("latest", Id, nullable=False),
    CheckConstraint("id = 1", name="single"),
)

web_pictures = _table(
    "web_pictures",
    Column("digest", Text, primary_key=True),
    Column("data", LargeBinary, nullable=False),
)

# Discord's own memory

discord_notes = _table(
    "discord_notes",
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False, server_default=""),
    _at(),
    Index(None, "at"),
)

# Slack's own memory; the three tables after the first have the columns that Slack's library writes, of any length

slack_notes = _table(
    "slack_notes",
    Column("name", Text, primary_key=True),
    Column("words", Text, nullable=False, server_default=""),
    _at(),
    Index(None, "at"),
)

slack_installations = _table(
    "slack_installations",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("client_id", "app_id")),
    *(Column(name, Text) for name in ("enterprise_id", "enterprise_name", "enterprise_url", "team_id", "team_name")),
    *(Column(name, Text) for name in ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", Text, nullable=False),
    *(Column(name, Text) for name in ("user_token", "user_scopes", "user_refresh_token")),
    Column("user_token_expires_at", DateTime),
    *(Column(f"incoming_webhook_{name}", Text) for name in ("url", "channel", "channel_id", "configuration_url")),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", Text),
    Column("installed_at", DateTime, nullable=False),
    Index("ix_slack_installations_whose", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_bots = _table(
    "slack_bots",
    Column("id", Integer, primary_key=True, autoincrement=True),
    *(Column(name, Text, nullable=False) for name in ("client_id", "app_id")),
    *(Column(name, Text) for name in ("enterprise_id", "enterprise_name", "team_id", "team_name")),
    *(Column(name, Text) for name in ("bot_token", "bot_id", "bot_user_id", "bot_scopes", "bot_refresh_token")),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("ix_slack_bots_whose", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = _table(
    "slack_oauth_states",
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", Text, nullable=False),
    Column("expire_at", DateTime, nullable=False),
    Index(None, "state"),
)
