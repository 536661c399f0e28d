"""The shape of the tables, and how they get the newest."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, NullPool, event, inspect, text
from sqlalchemy.exc import DBAPIError

from bot.errors import OperatorError
from bot.store.sql.database import Database
from bot.store.sql.engine import AsyncEngine, create_async_engine

if TYPE_CHECKING:
    from alembic.config import Config

# The newest revision in `migrations/versions`. They are numbered, so a greater one is newer.
HEAD = "r0001"
RELEASED = re.compile(r"r\d{4}")
# Versions before the first release had revisions 0001 to 0007
DEVELOPMENT = re.compile(r"\d{4}")

MIGRATIONS = Path(__file__).resolve().parents[3] / "migrations"
LOCK = 0x70726F6F66  # any number, as long as every process that migrates takes the same one

REMEDIES = (
    (
        "file is not a database",
        "{where} is not a database. Move the file away, or choose another place for it.",
    ),
    (
        "readonly database",
        "{where} cannot be written. Give this user the right to write it, or choose another place.",
    ),
    (
        "unable to open",
        "{where} cannot be opened. Make its folder, and give this user the right to write in it.",
    ),
    (
        "database is locked",
        "{where} is held by another program. End that program, then start again.",
    ),
    ("permission denied", "{where} refuses this user. Grant it the right to create tables there."),
)
UNREACHABLE = (
    "{where} does not answer. See that it runs and that TORCHPROOF_DATABASE_URL names it rightly."
)
FOREIGN = "{where} holds tables of another program. Give Torchproof a database of its own."
NEWER = (
    "{where} was written by a newer Torchproof (revision {found}, this one knows {head}). "
    "Update Torchproof."
)
OUTDATED = (
    "{where} was made by a development version of Torchproof, before the first release. "
    "Move the data folder away, or name another database in TORCHPROOF_DATABASE_URL, "
    "then start again."
)


async def needs_upgrade(database: Database) -> bool:
    with _database_errors_explained(database):
        async with database.transaction() as act:
            if await act.run_sync(_revision, database) != HEAD:
                return True
            # In a read-only file SQLite fails only at the first real write.
            await act.execute(text("update alembic_version set version_num = version_num"))
            return False


async def upgrade(database: Database) -> None:
    engine = _engine(database)
    try:
        with _database_errors_explained(database):
            async with engine.begin() as transaction:
                await transaction.run_sync(_upgrade, database)
    finally:
        await engine.dispose()


def config(connection: Connection) -> "Config":
    from alembic.config import Config

    alembic = Config(attributes={"connection": connection})
    alembic.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return alembic


def _upgrade(connection: Connection, database: Database) -> None:
    from alembic import command

    if not database.is_sqlite:
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    if _revision(connection, database) == HEAD:
        return
    command.upgrade(config(connection), HEAD)
    if database.is_sqlite and connection.execute(text("pragma foreign_key_check")).first():
        raise RuntimeError("a migration left rows that point nowhere")


def _revision(connection: Connection, database: Database) -> str | None:
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    query = text("select version_num from alembic_version")
    found = connection.execute(query).scalar_one_or_none() if "alembic_version" in tables else ""
    if found is None or (RELEASED.fullmatch(found) and found <= HEAD):
        return found
    if DEVELOPMENT.fullmatch(found):
        refusal = OUTDATED
    else:
        refusal = NEWER if RELEASED.fullmatch(found) else FOREIGN
    raise OperatorError(refusal.format(where=_where(database), found=found, head=HEAD))


def _engine(database: Database) -> AsyncEngine:
    """SQLite can rebuild a table only while it ignores foreign keys."""
    if not database.is_sqlite:
        return create_async_engine(database.url, poolclass=NullPool)
    own_transactions = {"isolation_level": None, "timeout": 20}
    engine = create_async_engine(database.url, poolclass=NullPool, connect_args=own_transactions)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    """WAL is set here alone: connections that set it at once collide."""
    connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _database_errors_explained(database: Database) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig).lower()
        sentence = next((remedy for sign, remedy in REMEDIES if sign in cause), None)
        if sentence is None and not error.connection_invalidated and error.statement is not None:
            raise
        raise OperatorError((sentence or UNREACHABLE).format(where=_where(database))) from error


def _where(database: Database) -> str:
    if database.is_sqlite:
        return f"The file {database.url.database}"
    return f"The database {database.url.set(query={}).render_as_string(hide_password=True)}"
