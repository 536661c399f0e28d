"""One member on several platforms: joined by a code, and parted again within a day."""

import secrets
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.links import Link, LinkCode, LinkedMember
from bot.model.people import Player
from bot.quiz.judging.points import REST
from bot.quizmaster.core import Core
from bot.store import links, people
from bot.store.linking import codes, joining
from bot.store.linking.codes import LIFE, TRIES
from bot.store.sql.database import Transaction

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""None that is easily taken for another."""
LENGTH = 10
UNDO = timedelta(days=1)


class Links:
    def __init__(self, core: Core) -> None:
        self._database = core.database
        self._zone = core.zone

    async def give(self, act: str, player: Player, place: Place, at: datetime) -> LinkCode | None:
        """None where this very act gave one before: that one holds, and was told."""
        letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        async with self._database.act() as tx:
            new = await codes.give(tx, act, player.id, place, letters, at)
        return LinkCode(f"{letters[:5]}-{letters[5:]}", at + LIFE) if new else None

    async def enter(
        self, act: str, player: Player, place: Place, code: str, at: datetime
    ) -> LinkedMember:
        """What a wrong code costs is written down before it is told."""
        letters = "".join(letter for letter in code.upper() if letter.isalnum())
        async with self._database.act() as tx:
            outcome = await self._enter(tx, act, player, place, letters, at)
        if isinstance(outcome, str):
            raise UserError(outcome)
        return outcome

    async def _enter(
        self, tx: Transaction, act: str, player: Player, place: Place, code: str, at: datetime
    ) -> LinkedMember | str:
        if done := await links.by_act(tx, act):
            return LinkedMember(await people.get(tx, done.player_id), done.at + UNDO)
        if until := await codes.locked_until(tx, player.id, at):
            return f"Too many wrong codes. You can try again at {until:%H:%M} UTC."
        found = await codes.where_given(tx, code, at)
        refusal = found and _refusal(found, player, place)
        if refusal:
            return refusal
        kept, joined = await links.lock_pair(tx, found[0] if found else player.id, player.id)
        if found is None or not await codes.spend(tx, code):
            return _wrong(await codes.count_wrong(tx, act, player.id, at))
        await codes.forgive(tx, player.id)
        await joining.join(tx, act, kept, joined, at, REST, self._zone)
        return LinkedMember(await people.get(tx, kept), at + UNDO)

    async def standing(self, player: Player, at: datetime) -> Link | None:
        """The member's last link, while it can be undone."""
        async with self._database.look() as tx:
            link = await links.latest(tx, player.id)
        return link if link and at - link.at < UNDO else None

    async def undo(self, act: str, player: Player, at: datetime) -> None:
        async with self._database.act() as tx:
            if await links.was_undone_by(tx, act):
                return
            link = await links.latest(tx, player.id)
            undone = (
                link is not None and at - link.at < UNDO and await joining.undo(tx, act, link, at)
            )
        if not undone:
            raise UserError(
                "There is no link of yours that can be undone. That is possible within a day of linking."
            )


def _refusal(found: tuple[int, Place], player: Player, place: Place) -> str:
    """Why a code that is right is of no use to this member here; empty where it is."""
    giver, given_in = found
    if giver == player.id:
        return "These accounts are one member already."
    if (given_in.platform, given_in.community) == (place.platform, place.community):
        return "That code was given here. Enter it on the other platform, with your other account."
    return ""


def _wrong(times: int) -> str:
    if times >= TRIES:
        return "That code is wrong too. After five wrong ones you can try again in an hour."
    return (
        "That code is wrong, used, or older than ten minutes. Type `/link` on the other platform for a new one; "
        f"you have {TRIES - times} tries left."
    )
