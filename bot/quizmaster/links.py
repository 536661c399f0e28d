"""One member on several platforms: joined by a code, and parted again within a day."""

import secrets
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.news.links import Code, Joined
from bot.quiz.points import REST
from bot.store import codes, links, people
from bot.store.codes import LIFE, TRIES
from bot.store.database import Database, Transaction
from bot.store.links import Link
from bot.store.people import Player

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None that is easily taken for another."""
LENGTH = 10
UNDO = timedelta(days=1)


class Links:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def give(self, player: Player, place: Place, at: datetime) -> Code:
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        async with self._database.act() as tx:
            await codes.give(tx, player.id, place, letters, at)
        return Code(f"{letters[:5]}-{letters[5:]}", at + LIFE)

    async def enter(self, player: Player, place: Place, code: str, at: datetime) -> Joined:
        """What a wrong code costs is written down before it is told."""
        letters = "".join(letter for letter in code.upper() if letter.isalnum())
        async with self._database.act() as tx:
            outcome = await self._enter(tx, player, place, letters, at)
        if isinstance(outcome, str):
            raise UserError(outcome)
        return outcome

    async def _enter(self, tx: Transaction, player: Player, place: Place, code: str, at: datetime) -> Joined | str:
        if until := await codes.locked_until(tx, player.id, at):
            return f"Too many wrong codes. You can try again at {until:%H:%M} UTC."
        found = await codes.where_given(tx, code, at)
        if found is None:
            return _wrong(await codes.count_wrong(tx, player.id, at))
        giver, given_in = found
        if giver == player.id:
            return "These accounts are one member already."
        if (given_in.platform, given_in.community) == (place.platform, place.community):
            return "That code was given here. Enter it on the other platform, with your other account."
        kept, joined = await links.both(tx, giver, player.id)
        if not await codes.spend(tx, code):
            return _wrong(await codes.count_wrong(tx, player.id, at))
        await codes.forgive(tx, player.id)
        await links.join(tx, kept, joined, at, REST)
        return Joined(await people.get(tx, kept), at + UNDO)

    async def standing(self, player: Player, at: datetime) -> Link | None:
        """The member's last link, while it can be undone."""
        async with self._database.look() as tx:
            link = await links.latest(tx, player.id)
        return link if link and at - link.at < UNDO else None

    async def undo(self, player: Player, at: datetime) -> None:
        async with self._database.act() as tx:
            link = await links.latest(tx, player.id)
            undone = link is not None and at - link.at < UNDO and await links.undo(tx, link, at)
        if not undone:
            raise UserError("There is no link of yours that can be undone. That is possible within a day of linking.")


def _wrong(times: int) -> str:
    if times >= TRIES:
        return "That code is wrong too. After five wrong ones you can try again in an hour."
    return (
        "That code is wrong, used, or older than ten minutes. Type `/link` on the other platform for a new one; "
        f"you have {TRIES - times} tries left."
    )
