"""Expand: every table of the first release."""

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
AT = sa.DateTime(timezone=True)


TABLES = (
    "players",
    "accounts",
    "members",
    "communities",
    "places",
    "takes",
    "wordings",
    "rounds",
    "attempts",
    "hints",
    "sittings",
    "badges",
    "holidays",
    "schedules",
    "pins",
    "skips",
    "drawn_questions",
    "shuffle_bags",
    "occurrences",
    "heartbeat",
    "outages",
    "lapses",
    "repairs",
    "streak_days",
    "zone_changes",
    "reminder_messages",
    "reminders",
    "digest_posts",
    "digest_subscriptions",
    "reports",
    "votes",
    "link_codes",
    "link_tries",
    "links",
    "runs",
    "boards",
    "score_histogram",
    "scores",
    "round_boards",
    "uncounted_attempts",
    "web_messages",
    "web_people",
    "web_pictures",
    "web_versions",
    "discord_values",
    "slack_bots",
    "slack_installations",
    "slack_oauth_states",
    "slack_values",
)
"""In the order in which they are made."""


def upgrade() -> None:
    _people()
    _places()
    _packs()
    _rounds()
    _profile()
    _schedules()
    _daily()
    _streaks()
    _reminders()
    _digests()
    _feedback()
    _links()
    _runs()
    _boards()
    _web_chat()
    _discord()
    _slack()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "players",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("name_hidden", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("zone_before", sa.Text()),
        sa.Column("zone_since", AT),
        sa.PrimaryKeyConstraint("id", name="pk_players"),
    )
    op.create_table(
        "accounts",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_accounts_player_id"),
        sa.PrimaryKeyConstraint("platform", "person", name="pk_accounts"),
    )
    op.create_index("ix_accounts_player_id", "accounts", ["player_id"])
    op.create_table(
        "members",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("left_at", AT),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_members_player_id"),
        sa.PrimaryKeyConstraint("platform", "community", "player_id", name="pk_members"),
    )


def _places() -> None:
    op.create_table(
        "communities",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("admins", sa.Text(), server_default="", nullable=False),
        sa.Column("admins_name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("platform", "community", name="pk_communities"),
    )
    op.create_table(
        "places",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("speed", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("answers", sa.Text(), server_default="buttons", nullable=False),
        sa.Column("paused_at", AT),
        sa.CheckConstraint("answers in ('buttons', 'reactions')", name=op.f("ck_places_answers")),
        sa.PrimaryKeyConstraint("id", name="pk_places"),
        sa.UniqueConstraint(
            "platform", "community", "channel", name="uq_places_platform_community_channel"
        ),
    )


def _packs() -> None:
    op.create_table(
        "takes",
        sa.Column("id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("pack", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("finished_at", AT),
        sa.Column("right", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_takes_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_takes_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_takes"),
        sa.UniqueConstraint("act", name="uq_takes_act"),
    )
    op.create_index("ix_takes_player_id_pack", "takes", ["player_id", "pack"])


def _rounds() -> None:
    op.create_table(
        "wordings",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_wordings"),
    )
    op.create_table(
        "rounds",
        sa.Column("id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("live_in", ID),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("player_id", ID),
        sa.Column("take_id", ID),
        sa.Column("position", sa.Integer()),
        sa.Column("speed", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("question_filter", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("closes_at", AT),
        sa.Column("early_at", AT),
        sa.Column("closed_at", AT),
        sa.Column("message", sa.Text()),
        sa.Column("due_at", AT),
        sa.CheckConstraint(
            "(live_in is not null) = (mode = 'live' and status in ('claimed', 'open'))",
            name=op.f("ck_rounds_one_live_round_a_place"),
        ),
        sa.CheckConstraint(
            "(mode in ('live', 'daily')) = (player_id is null)", name=op.f("ck_rounds_owner")
        ),
        sa.CheckConstraint(
            "mode in ('live', 'daily', 'pack', 'practice')", name=op.f("ck_rounds_mode")
        ),
        sa.CheckConstraint(
            "status in ('claimed', 'open', 'closed', 'announced', 'void')",
            name=op.f("ck_rounds_status"),
        ),
        sa.ForeignKeyConstraint(["digest"], ["wordings.digest"], name="fk_rounds_digest"),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_rounds_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_rounds_player_id"),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name="fk_rounds_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rounds"),
        sa.UniqueConstraint("act", name="uq_rounds_act"),
        sa.UniqueConstraint("live_in", name="uq_rounds_live_in"),
        sa.UniqueConstraint("take_id", "position", name="uq_rounds_take_id_position"),
    )
    op.create_index("ix_rounds_place_id_message", "rounds", ["place_id", "message"])
    op.create_index("ix_rounds_status_closes_at", "rounds", ["status", "closes_at"])
    op.create_table(
        "attempts",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_attempts_number")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_attempts_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_attempts_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_attempts"),
        sa.UniqueConstraint("act", name="uq_attempts_act"),
    )
    op.create_table(
        "hints",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("act", sa.Text()),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_hints_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_hints_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_hints"),
        sa.UniqueConstraint("act", name="uq_hints_act"),
    )
    op.create_table(
        "sittings",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("tries_used", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hints_taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("points", sa.Integer(), server_default="0", nullable=False),
        sa.Column("share", sa.Float(), server_default="0", nullable=False),
        sa.Column("solved", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("joined_at", AT, nullable=False),
        sa.Column("finished_at", AT),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_sittings_player_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_sittings_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", name="pk_sittings"),
    )
    op.create_index("ix_sittings_player_id_finished_at", "sittings", ["player_id", "finished_at"])


def _profile() -> None:
    op.create_table(
        "badges",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("badge", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_badges_player_id"),
        sa.PrimaryKeyConstraint("player_id", "badge", name="pk_badges"),
    )


def _schedules() -> None:
    op.create_table(
        "holidays",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_holidays_place_id"),
        sa.PrimaryKeyConstraint("place_id", "day", name="pk_holidays"),
    )
    op.create_table(
        "schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("cron", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text()),
        sa.Column("packs", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text()),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("paused_at", AT),
        sa.Column("removed_at", AT),
        sa.Column("next_day", sa.Date()),
        sa.Column("next_at", AT),
        sa.CheckConstraint(
            "answers in ('buttons', 'reactions')", name=op.f("ck_schedules_answers")
        ),
        sa.CheckConstraint(
            "(next_day is null) = (next_at is null)", name=op.f("ck_schedules_next")
        ),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_schedules_minutes")),
        sa.CheckConstraint(
            "next_at is null or (paused_at is null and removed_at is null)",
            name=op.f("ck_schedules_resting"),
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_schedules_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_schedules_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_schedules"),
        sa.UniqueConstraint("act", name="uq_schedules_act"),
    )
    op.create_index("ix_schedules_next_at", "schedules", ["next_at"])
    op.create_index("ix_schedules_place_id", "schedules", ["place_id"])
    op.create_table(
        "pins",
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name="fk_pins_schedule_id"),
        sa.PrimaryKeyConstraint("schedule_id", "day", name="pk_pins"),
    )
    op.create_table(
        "skips",
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedules.id"], name="fk_skips_schedule_id"),
        sa.PrimaryKeyConstraint("schedule_id", "day", name="pk_skips"),
    )


def _daily() -> None:
    op.create_table(
        "drawn_questions",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_drawn_questions_place_id"),
        sa.PrimaryKeyConstraint("place_id", "question", name="pk_drawn_questions"),
    )
    op.create_table(
        "shuffle_bags",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("lap", ID, nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_shuffle_bags_place_id"),
        sa.PrimaryKeyConstraint("place_id", name="pk_shuffle_bags"),
    )
    op.create_table(
        "occurrences",
        sa.Column("schedule_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("lease_until", AT),
        sa.Column("round_id", ID),
        sa.CheckConstraint(
            "state in ('due', 'posted', 'announced', 'skipped', 'missed')",
            name=op.f("ck_occurrences_state"),
        ),
        sa.CheckConstraint(
            "state not in ('posted', 'announced') or round_id is not null",
            name=op.f("ck_occurrences_asked"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_occurrences_round_id"),
        sa.ForeignKeyConstraint(
            ["schedule_id"], ["schedules.id"], name="fk_occurrences_schedule_id"
        ),
        sa.PrimaryKeyConstraint("schedule_id", "day", name="pk_occurrences"),
        sa.UniqueConstraint("round_id", name="uq_occurrences_round_id"),
    )
    op.create_index("ix_occurrences_due_at", "occurrences", ["due_at"])
    op.create_index("ix_occurrences_state_due_at", "occurrences", ["state", "due_at"])


def _streaks() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("beat_at", AT, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_heartbeat_single")),
        sa.PrimaryKeyConstraint("id", name="pk_heartbeat"),
    )
    op.create_table(
        "outages",
        sa.Column("id", ID, nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("ended_at", AT, nullable=False),
        sa.CheckConstraint("began_at < ended_at", name=op.f("ck_outages_order")),
        sa.PrimaryKeyConstraint("id", name="pk_outages"),
        sa.UniqueConstraint("began_at", name="uq_outages_began_at"),
    )
    op.create_table(
        "lapses",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("passed", sa.Text(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("seen_at", AT),
        sa.CheckConstraint("passed in ('frozen', 'ended')", name=op.f("ck_lapses_passed")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_lapses_player_id"),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_lapses"),
    )
    op.create_table(
        "repairs",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["players.id"], name="fk_repairs_by_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_repairs_player_id"),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_repairs"),
    )
    op.create_table(
        "streak_days",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("act", sa.Text()),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_streak_days_player_id"),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_streak_days"),
    )
    op.create_index("ix_streak_days_act", "streak_days", ["act"])
    op.create_index("ix_streak_days_day", "streak_days", ["day"])
    op.create_table(
        "zone_changes",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_zone_changes_player_id"),
        sa.PrimaryKeyConstraint("player_id", "since", name="pk_zone_changes"),
    )


def _reminders() -> None:
    op.create_table(
        "reminder_messages",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claimed_at", AT, nullable=False),
        sa.Column("sent_at", AT),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name="fk_reminder_messages_player_id"
        ),
        sa.PrimaryKeyConstraint("player_id", "day", name="pk_reminder_messages"),
    )
    op.create_index(
        "ix_reminder_messages_sent_at_claimed_at", "reminder_messages", ["sent_at", "claimed_at"]
    )
    op.create_table(
        "reminders",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.Column("refused_at", AT),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_reminders_hour")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_reminders_player_id"),
        sa.PrimaryKeyConstraint("player_id", name="pk_reminders"),
    )
    op.create_index("ix_reminders_next_at", "reminders", ["next_at"])


def _digests() -> None:
    op.create_table(
        "digest_posts",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("week", sa.Text(), nullable=False),
        sa.Column("claimed_at", AT, nullable=False),
        sa.Column("posted_at", AT),
        sa.Column("message", sa.Text()),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_digest_posts_place_id"),
        sa.PrimaryKeyConstraint("place_id", "week", name="pk_digest_posts"),
    )
    op.create_index(
        "ix_digest_posts_posted_at_claimed_at", "digest_posts", ["posted_at", "claimed_at"]
    )
    op.create_table(
        "digest_subscriptions",
        sa.Column("place_id", ID, nullable=False),
        sa.Column("next_at", AT, nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"], ["places.id"], name="fk_digest_subscriptions_place_id"
        ),
        sa.PrimaryKeyConstraint("place_id", name="pk_digest_subscriptions"),
    )
    op.create_index("ix_digest_subscriptions_next_at", "digest_subscriptions", ["next_at"])


def _feedback() -> None:
    op.create_table(
        "reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("settled_at", AT),
        sa.Column("place_id", ID),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_reports_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_reports_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint(
            "question",
            "digest",
            "player_id",
            "place_id",
            name="uq_reports_question_digest_player_id_place_id",
        ),
    )
    op.create_table(
        "votes",
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.CheckConstraint("value in (-1, 1)", name=op.f("ck_votes_value")),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_votes_player_id"),
        sa.PrimaryKeyConstraint("question", "player_id", name="pk_votes"),
    )


def _links() -> None:
    op.create_table(
        "link_codes",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_link_codes_player_id"),
        sa.PrimaryKeyConstraint("player_id", name="pk_link_codes"),
        sa.UniqueConstraint("digest", name="uq_link_codes_digest"),
    )
    op.create_table(
        "link_tries",
        sa.Column("player_id", ID, nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_link_tries_player_id"),
        sa.PrimaryKeyConstraint("player_id", name="pk_link_tries"),
    )
    op.create_table(
        "links",
        sa.Column("id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("joined_id", ID, nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("undone_at", AT),
        sa.Column("undone_act", sa.Text()),
        sa.CheckConstraint("player_id <> joined_id", name=op.f("ck_links_two_players")),
        sa.ForeignKeyConstraint(["joined_id"], ["players.id"], name="fk_links_joined_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_links_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_links"),
        sa.UniqueConstraint("act", name="uq_links_act"),
    )
    op.create_index("ix_links_joined_id", "links", ["joined_id"])
    op.create_index("ix_links_player_id", "links", ["player_id"])


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("run", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("place_id", ID, nullable=False),
        sa.Column("active_of", ID),
        sa.Column("bot", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="booked", nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("private", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("message", sa.Text()),
        sa.Column("booked_at", AT, nullable=False),
        sa.Column("started_at", AT),
        sa.Column("ended_at", AT),
        sa.Column("lease_until", AT, nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("output", sa.Text(), server_default="", nullable=False),
        sa.Column("hidden", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.Float(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "(active_of is null) = (state = 'ended')", name=op.f("ck_runs_one_run_a_member")
        ),
        sa.CheckConstraint(
            "state in ('booked', 'waiting', 'taken', 'ended')", name=op.f("ck_runs_state")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["places.id"], name="fk_runs_place_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_runs_player_id"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
        sa.UniqueConstraint("act", name="uq_runs_act"),
        sa.UniqueConstraint("active_of", name="uq_runs_active_of"),
        sa.UniqueConstraint("run", name="uq_runs_run"),
    )
    op.create_index("ix_runs_place_id_source", "runs", ["place_id", "source"])
    op.create_index("ix_runs_player_id_booked_at", "runs", ["player_id", "booked_at"])
    op.create_index("ix_runs_state_lease_until", "runs", ["state", "lease_until"])


def _boards() -> None:
    op.create_table(
        "boards",
        sa.Column("id", ID, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_key", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("period_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_boards"),
        sa.UniqueConstraint(
            "scope",
            "scope_key",
            "period",
            "period_key",
            name="uq_boards_scope_scope_key_period_period_key",
        ),
    )
    op.create_table(
        "score_histogram",
        sa.Column("board_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_score_histogram_board_id"),
        sa.PrimaryKeyConstraint("board_id", "level", "bucket", name="pk_score_histogram"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "scores",
        sa.Column("board_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_scores_board_id"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_scores_player_id"),
        sa.PrimaryKeyConstraint("board_id", "player_id", name="pk_scores"),
        sqlite_with_rowid=False,
    )
    op.create_index("scores_rank", "scores", ["board_id", "shown", "points", "player_id"])
    op.create_table(
        "round_boards",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("board_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name="fk_round_boards_board_id"),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_round_boards_round_id"),
        sa.PrimaryKeyConstraint("round_id", "board_id", name="pk_round_boards"),
    )
    op.create_table(
        "uncounted_attempts",
        sa.Column("round_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name="fk_uncounted_attempts_player_id"
        ),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"], name="fk_uncounted_attempts_round_id"),
        sa.PrimaryKeyConstraint("round_id", "player_id", "number", name="pk_uncounted_attempts"),
    )


def _web_chat() -> None:
    op.create_table(
        "web_messages",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text()),
        sa.Column("speaker", sa.Text()),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("replace_key", sa.Text()),
        sa.Column("replaced_at", AT),
        sa.PrimaryKeyConstraint("id", name="pk_web_messages"),
        sa.UniqueConstraint("key", name="uq_web_messages_key"),
        sa.UniqueConstraint("version", name="uq_web_messages_version"),
    )
    op.create_index("ix_web_messages_channel_id", "web_messages", ["channel", "id"])
    op.create_table(
        "web_people",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_web_people"),
        sa.UniqueConstraint("name_key", name="uq_web_people_name_key"),
    )
    op.create_table(
        "web_pictures",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_web_pictures"),
    )
    op.create_table(
        "web_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("latest", ID, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_web_versions_single")),
        sa.PrimaryKeyConstraint("id", name="pk_web_versions"),
    )


def _discord() -> None:
    op.create_table(
        "discord_values",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_discord_values"),
    )
    op.create_index("ix_discord_values_at", "discord_values", ["at"])


def _slack() -> None:
    op.create_table(
        "slack_bots",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text()),
        sa.Column("enterprise_name", sa.Text()),
        sa.Column("team_id", sa.Text()),
        sa.Column("team_name", sa.Text()),
        sa.Column("bot_token", sa.Text()),
        sa.Column("bot_id", sa.Text()),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("bot_scopes", sa.Text()),
        sa.Column("bot_refresh_token", sa.Text()),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_bots"),
    )
    op.create_index(
        "ix_slack_bots_whose",
        "slack_bots",
        ["client_id", "enterprise_id", "team_id", "installed_at"],
    )
    op.create_table(
        "slack_installations",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("enterprise_id", sa.Text()),
        sa.Column("enterprise_name", sa.Text()),
        sa.Column("enterprise_url", sa.Text()),
        sa.Column("team_id", sa.Text()),
        sa.Column("team_name", sa.Text()),
        sa.Column("bot_token", sa.Text()),
        sa.Column("bot_id", sa.Text()),
        sa.Column("bot_user_id", sa.Text()),
        sa.Column("bot_scopes", sa.Text()),
        sa.Column("bot_refresh_token", sa.Text()),
        sa.Column("bot_token_expires_at", sa.DateTime()),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("user_token", sa.Text()),
        sa.Column("user_scopes", sa.Text()),
        sa.Column("user_refresh_token", sa.Text()),
        sa.Column("user_token_expires_at", sa.DateTime()),
        sa.Column("incoming_webhook_url", sa.Text()),
        sa.Column("incoming_webhook_channel", sa.Text()),
        sa.Column("incoming_webhook_channel_id", sa.Text()),
        sa.Column("incoming_webhook_configuration_url", sa.Text()),
        sa.Column("is_enterprise_install", sa.Boolean(), nullable=False),
        sa.Column("token_type", sa.Text()),
        sa.Column("installed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_installations"),
    )
    op.create_index(
        "ix_slack_installations_whose",
        "slack_installations",
        ["client_id", "enterprise_id", "team_id", "user_id", "installed_at"],
    )
    op.create_table(
        "slack_oauth_states",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("expire_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_slack_oauth_states"),
    )
    op.create_index("ix_slack_oauth_states_state", "slack_oauth_states", ["state"])
    op.create_table(
        "slack_values",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), server_default="", nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_slack_values"),
    )
    op.create_index("ix_slack_values_at", "slack_values", ["at"])
