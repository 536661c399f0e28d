"""A process of its own that answers, and prints how many counted.

Run as `python -m tests.store.answering URL ROUND PLAYER ACTS PREFIX`.
"""

import asyncio
import sys
from contextlib import suppress

from bot.store.rounds.ledger import Ledger
from bot.store.rounds.submissions import RecordedAttempt
from bot.store.sql.database import Database
from tests.store.scene import answer


async def main(url: str, round_id: str, player_id: str, acts: str, prefix: str) -> None:
    database = Database(url)
    ledger = Ledger(database, lambda: None)
    running = asyncio.create_task(ledger.run())
    print("ready", flush=True)  # noqa: T201 (this is its answer)
    await asyncio.to_thread(sys.stdin.readline)
    entries = [
        answer(f"{prefix}{number}", int(round_id), int(player_id)) for number in range(int(acts))
    ]
    outcomes = await asyncio.gather(*(ledger.submit(entry) for entry in entries))
    print(sum(isinstance(outcome, RecordedAttempt) for outcome in outcomes))  # noqa: T201 (as above)
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
