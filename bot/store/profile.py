"""What a member has done: totals, accuracy, badges, recent scores."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select

from bot.model.profile import FinishedSitting
from bot.store.sql.database import Transaction, added, insert_into
from bot.store.sql.tables.profile import badges
from bot.store.sql.tables.rounds import rounds, sittings

_FINISHED = (
    select(
        rounds.c.id,
        rounds.c.mode,
        rounds.c.question,
        rounds.c.digest,
        sittings.c.solved,
        sittings.c.points,
        sittings.c.finished_at,
    )
    .join(sittings, sittings.c.round_id == rounds.c.id)
    .where(sittings.c.finished_at.is_not(None), sittings.c.tries_used > 0)
)


async def recent_scores(tx: Transaction, player_id: int, limit: int) -> list[FinishedSitting]:
    query = _FINISHED.where(sittings.c.player_id == player_id).order_by(
        sittings.c.finished_at.desc(), rounds.c.id.desc()
    )
    return [FinishedSitting(*row) for row in await tx.execute(query.limit(limit))]


async def accuracy_by_wording(tx: Transaction, player_id: int) -> dict[str, tuple[int, int]]:
    """By wording: how many sittings were finished with an answer, and how many of them solved."""
    query = (
        select(rounds.c.digest, func.count(), func.sum(case((sittings.c.solved, 1), else_=0)))
        .join(sittings, sittings.c.round_id == rounds.c.id)
        .where(
            sittings.c.player_id == player_id,
            sittings.c.finished_at.is_not(None),
            sittings.c.tries_used > 0,
        )
        .group_by(rounds.c.digest)
    )
    return {digest: (count, solved) for digest, count, solved in await tx.execute(query)}


async def total_points(tx: Transaction, player_id: int) -> int:
    query = select(func.coalesce(func.sum(sittings.c.points), 0)).where(
        sittings.c.player_id == player_id
    )
    return int((await tx.execute(query)).scalar_one())


async def badges_of(tx: Transaction, player_id: int) -> list[tuple[str, datetime]]:
    query = (
        select(badges.c.badge, badges.c.at)
        .where(badges.c.player_id == player_id)
        .order_by(badges.c.at)
    )
    return [(row.badge, row.at) for row in await tx.execute(query)]


async def milestones_of(
    tx: Transaction, player_ids: Sequence[int]
) -> dict[tuple[int, str], datetime]:
    """Since when these members hold which milestones of streaks."""
    query = select(badges).where(
        badges.c.player_id.in_(player_ids), badges.c.badge.like("streak:%")
    )
    return {(row.player_id, row.badge): row.at for row in await tx.execute(query)}


async def award_badge(tx: Transaction, player_id: int, badge: str, at: datetime) -> bool:
    row = insert_into(tx, badges).values(player_id=player_id, badge=badge, at=at)
    return await added(tx, row)
