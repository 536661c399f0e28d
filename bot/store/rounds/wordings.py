"""Wordings: questions exactly as they were asked."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.quiz.questions import Question, from_json, to_json
from bot.store.sql.database import Transaction, insert_into
from bot.store.sql.tables.rounds import wordings


async def add(tx: Transaction, question: Question) -> None:
    row = insert_into(tx, wordings).values(
        digest=question.digest, question=question.id, body=to_json(question)
    )
    await tx.execute(row.on_conflict_do_nothing())


async def get(tx: Transaction, digest: str) -> Question:
    return from_json(
        (await tx.execute(select(wordings.c.body).where(wordings.c.digest == digest))).scalar_one()
    )


async def find_all(tx: Transaction, digests: Sequence[str]) -> dict[str, Question]:
    query = select(wordings.c.digest, wordings.c.body).where(wordings.c.digest.in_(digests))
    return {digest: from_json(body) for digest, body in await tx.execute(query)}
