"""The shuffle bag of a place: which questions were drawn since they were last put back."""

import random
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.store.sql.database import Transaction
from bot.store.sql.rows import insert_new, upsert
from bot.store.sql.tables.daily import drawn_questions, shuffle_bags

SEED_BITS = 31


async def lock(tx: Transaction, place_id: int) -> ShuffleBag:
    """Nobody else draws before this transaction ends."""
    await insert_new(tx, shuffle_bags, place_id=place_id, lap=random.getrandbits(SEED_BITS))
    mine = select(shuffle_bags.c.lap).where(shuffle_bags.c.place_id == place_id)
    lap = (await tx.scalars(mine.with_for_update())).one()
    return ShuffleBag(lap, tuple(await drawn(tx, place_id)))


async def drawn(tx: Transaction, place_id: int) -> list[str]:
    """Oldest first."""
    query = select(drawn_questions.c.question).where(drawn_questions.c.place_id == place_id)
    in_order = query.order_by(drawn_questions.c.at, drawn_questions.c.question)
    return list(await tx.scalars(in_order))


async def save(
    tx: Transaction, place_id: int, before: ShuffleBag, after: ShuffleBag, at: datetime
) -> None:
    if after.seed != before.seed:
        bag = update(shuffle_bags).where(shuffle_bags.c.place_id == place_id)
        await tx.execute(bag.values(lap=after.seed))
        put_back = [question for question in before.drawn if question not in after.drawn]
        mine = delete(drawn_questions).where(drawn_questions.c.place_id == place_id)
        await tx.execute(mine.where(drawn_questions.c.question.in_(put_back)))
    key = {"place_id": place_id, "question": after.drawn[-1]}
    await upsert(tx, drawn_questions, key, at=at)
