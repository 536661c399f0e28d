"""Expand: where a report was made, so that the admins of that community read it and no others."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAME = "uq_reports_question_digest_player_id"


def upgrade() -> None:
    with op.batch_alter_table("reports") as reports:
        reports.add_column(sa.Column("place_id", ID))
        reports.create_foreign_key("fk_reports_place_id", "places", ["place_id"], ["id"])
        reports.drop_constraint(NAME, type_="unique")
        reports.create_unique_constraint(
            f"{NAME}_place_id", ["question", "digest", "player_id", "place_id"]
        )


def downgrade() -> None:
    op.execute(
        "delete from reports where id not in (select min(id) from reports group by question, digest, player_id)"
    )
    with op.batch_alter_table("reports") as reports:
        reports.drop_constraint(f"{NAME}_place_id", type_="unique")
        reports.create_unique_constraint(NAME, ["question", "digest", "player_id"])
        reports.drop_constraint("fk_reports_place_id", type_="foreignkey")
        reports.drop_column("place_id")
