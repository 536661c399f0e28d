"""The shuffle bag of a place: no question comes again before all that fit have come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from bot.store.database import Transaction, insert_into
from bot.store.tables import draws


async def drawn(tx: Transaction, room_id: int, questions: Sequence[str]) -> list[str]:
    """Which of these have been drawn since the bag was last filled, oldest first."""
    query = select(draws.c.question).where(draws.c.place_id == room_id, draws.c.question.in_(questions))
    return list((await tx.execute(query.order_by(draws.c.at, draws.c.question))).scalars())


async def put_back(tx: Transaction, room_id: int, questions: Sequence[str]) -> None:
    await tx.execute(delete(draws).where(draws.c.place_id == room_id, draws.c.question.in_(questions)))


async def draw(tx: Transaction, room_id: int, question: str, at: datetime) -> None:
    row = insert_into(tx, draws).values(place_id=room_id, question=question, at=at)
    await tx.execute(row.on_conflict_do_update(index_elements=[draws.c.place_id, draws.c.question], set_={"at": at}))
