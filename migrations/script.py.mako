"""${message}

Old and new code run side by side while a bot is being updated, so a change takes three releases:
  expand    add what is new, nullable or with a server default; nobody has to know it yet
  migrate   the code writes both and reads the new; rows are copied in batches that can be run twice
  contract  only when no running code names the old any more, drop it
A migration says which of the three it is, touches no row count that grows without bound, and goes down again.
SQLite rebuilds a table for most changes: use op.batch_alter_table. On PostgreSQL build an index concurrently.
Import nothing from bot: a migration stays what it was.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
