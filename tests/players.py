"""Players who are known to the store, and members of no community yet."""

from datetime import datetime

from sqlalchemy import insert

from bot.identity import Person
from bot.model.people import Player
from bot.store import people
from bot.store.sql.database import Transaction
from bot.store.sql.tables.people import accounts, players


async def add_player(tx: Transaction, person: Person, at: datetime) -> Player:
    """A new player, or the one who has this account."""
    if known := await people.find(tx, person):
        return known
    row = insert(players).values(name=person.name or "Somebody", created_at=at)
    player_id = await tx.scalar(row.returning(players.c.id))
    account = {"platform": person.platform, "person": person.id, "player_id": player_id}
    await tx.execute(insert(accounts).values(account))
    return await people.get(tx, player_id)
