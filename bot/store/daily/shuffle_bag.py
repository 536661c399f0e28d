"""The shuffle bag of a place: which questions were drawn since they were last put back."""

import random
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.daily import drawn_questions, shuffle_bags

SEED_BITS = 31


async def lock(tx: Transaction, place_id: int) -> ShuffleBag:
    """The bag as it is now, made on the first draw."""
    row = insert_into(tx, shuffle_bags).values(place_id=place_id, lap=random.getrandbits(SEED_BITS))
    await tx.execute(row.on_conflict_do_nothing())
    lap = (
        await tx.execute(
            select(shuffle_bags.c.lap).where(shuffle_bags.c.place_id == place_id).with_for_update()
        )
    ).scalar_one()
    return ShuffleBag(lap, tuple(await drawn(tx, place_id)))


async def drawn(tx: Transaction, place_id: int) -> list[str]:
    """What has been drawn since it was last put back, oldest first."""
    query = select(drawn_questions.c.question).where(drawn_questions.c.place_id == place_id)
    return list(
        (
            await tx.execute(query.order_by(drawn_questions.c.at, drawn_questions.c.question))
        ).scalars()
    )


async def save(
    tx: Transaction, place_id: int, before: ShuffleBag, after: ShuffleBag, at: datetime
) -> None:
    """Remember what was drawn last, and what went back for it."""
    if after.lap != before.lap:
        await tx.execute(
            update(shuffle_bags).where(shuffle_bags.c.place_id == place_id).values(lap=after.lap)
        )
        await _put_back(tx, place_id, [name for name in before.drawn if name not in after.drawn])
    values = {"place_id": place_id, "question": after.drawn[-1], "at": at}
    row = insert_into(tx, drawn_questions).values(values)
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=[drawn_questions.c.place_id, drawn_questions.c.question], set_={"at": at}
        )
    )


async def _put_back(tx: Transaction, place_id: int, questions: Sequence[str]) -> None:
    await tx.execute(
        delete(drawn_questions).where(
            drawn_questions.c.place_id == place_id, drawn_questions.c.question.in_(questions)
        )
    )
