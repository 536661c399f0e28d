"""Write the next migration from what has changed in bot/store/sql/tables.

Run as `python -m migrations.new "add dailies"`.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from bot.store.sql.database import Database
from bot.store.sql.schema import HEAD, config, upgrade


def write(connection: Connection, message: str) -> None:
    number = f"r{int(HEAD[1:]) + 1:04}"
    command.revision(config(connection), message, autogenerate=True, rev_id=number)
    sys.stdout.write(f"Read and tidy it, then set HEAD in bot/store/sql/schema.py to {number!r}.\n")


async def main(message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{Path(folder) / 'empty.db'}")
        await upgrade(database)
        async with database.transaction() as act:
            await act.run_sync(write, message)
        await database.close()


if __name__ == "__main__":
    asyncio.run(main(" ".join(sys.argv[1:]) or "change"))
