"""How Alembic runs our migrations.

They run on the connection it is handed, inside the transaction that is already open.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.store.sql.all_tables import metadata
from bot.store.sql.columns import Id, Instant


def written(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """Our own column types, as a migration writes them: it must not change when the tables do."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and value is Id:
        return "ID"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    render_item=written,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
