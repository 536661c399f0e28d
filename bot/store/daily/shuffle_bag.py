"""The shuffle bag of a place: which questions were drawn since they were last put back."""

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.daily import bags, draws

SEED_BITS = 31


async def lock(tx: Transaction, place_id: int) -> ShuffleBag:
    """The bag as it is now, made on the first draw."""
    row = insert_into(tx, bags).values(place_id=place_id, lap=random.getrandbits(SEED_BITS))
    await tx.execute(row.on_conflict_do_nothing())
    lap = (
        await tx.execute(select(bags.c.lap).where(bags.c.place_id == place_id).with_for_update())
    ).scalar_one()
    return ShuffleBag(lap, tuple(await drawn_questions(tx, place_id)))


async def drawn_questions(tx: Transaction, place_id: int) -> list[str]:
    """What has been drawn since it was last put back, oldest first."""
    query = select(draws.c.question).where(draws.c.place_id == place_id)
    return list((await tx.execute(query.order_by(draws.c.at, draws.c.question))).scalars())


async def save(
    tx: Transaction, place_id: int, before: ShuffleBag, after: ShuffleBag, at: datetime
) -> None:
    """Remember what was drawn last, and what went back for it."""
    if after.lap != before.lap:
        await tx.execute(update(bags).where(bags.c.place_id == place_id).values(lap=after.lap))
        await _put_back(tx, place_id, [name for name in before.drawn if name not in after.drawn])
    values = {"place_id": place_id, "question": after.drawn[-1], "at": at}
    row = insert_into(tx, draws).values(values)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[draws.c.place_id, draws.c.question], set_={"at": at}
        )
    )


async def _put_back(tx: Transaction, place_id: int, questions: Sequence[str]) -> None:
    await tx.execute(
        delete(draws).where(draws.c.place_id == place_id, draws.c.question.in_(questions))
    )
