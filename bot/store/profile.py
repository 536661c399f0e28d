"""What a member has done: points, accuracy, badges, recent scores."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from bot.model.profile import FinishedSitting
from bot.store.sql.database import Transaction
from bot.store.sql.rows import insert_new
from bot.store.sql.tables.people import badges
from bot.store.sql.tables.rounds import rounds, sittings


def _finished(player_id: int, *columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(sittings, sittings.c.round_id == rounds.c.id)
        .where(
            sittings.c.player_id == player_id,
            sittings.c.finished_at.is_not(None),
            sittings.c.tries_used > 0,
        )
    )


async def recent_scores(tx: Transaction, player_id: int, limit: int) -> list[FinishedSitting]:
    query = _finished(
        player_id,
        rounds.c.id,
        rounds.c.mode,
        rounds.c.question,
        rounds.c.digest,
        sittings.c.solved,
        sittings.c.points,
        sittings.c.finished_at,
    ).order_by(sittings.c.finished_at.desc(), rounds.c.id.desc())
    return [FinishedSitting(*row) for row in await tx.execute(query.limit(limit))]


async def accuracy_by_wording(tx: Transaction, player_id: int) -> dict[str, tuple[int, int]]:
    solved = func.sum(cast(sittings.c.solved, Integer))
    query = _finished(player_id, rounds.c.digest, func.count(), solved).group_by(rounds.c.digest)
    return {digest: (count, solved) for digest, count, solved in await tx.execute(query)}


async def total_points(tx: Transaction, player_id: int) -> int:
    total = func.coalesce(func.sum(sittings.c.points), 0)
    return int((await tx.scalars(select(total).where(sittings.c.player_id == player_id))).one())


async def badges_of(tx: Transaction, player_id: int) -> list[str]:
    query = select(badges.c.badge).filter_by(player_id=player_id).order_by(badges.c.at)
    return list(await tx.scalars(query))


async def milestones_of(
    tx: Transaction, player_ids: Sequence[int]
) -> dict[tuple[int, str], datetime]:
    mine = badges.c.player_id.in_(player_ids)
    rows = await tx.execute(select(badges).where(mine, badges.c.badge.like("streak:%")))
    return {(row.player_id, row.badge): row.at for row in rows}


async def award_badge(tx: Transaction, player_id: int, badge: str, at: datetime) -> bool:
    return await insert_new(tx, badges, player_id=player_id, badge=badge, at=at)
