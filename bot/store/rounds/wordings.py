"""Wordings: questions exactly as they were asked."""

from collections.abc import Sequence

from sqlalchemy import select

from bot.quiz.questions import Question, from_json, to_json
from bot.store.sql.database import Transaction
from bot.store.sql.rows import insert_new
from bot.store.sql.tables.rounds import wordings


async def add(tx: Transaction, question: Question) -> None:
    body = to_json(question)
    await insert_new(tx, wordings, digest=question.digest, question=question.id, body=body)


async def get(tx: Transaction, digest: str) -> Question:
    return (await find_all(tx, [digest]))[digest]


async def find_all(tx: Transaction, digests: Sequence[str]) -> dict[str, Question]:
    query = select(wordings.c.digest, wordings.c.body).where(wordings.c.digest.in_(digests))
    return {digest: from_json(body) for digest, body in await tx.execute(query)}
