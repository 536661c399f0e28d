"""Accounts of one member: linked by a code, and unlinked again."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import UserError
from bot.identity import Place
from bot.model.links import Link, LinkCode, LinkedMember
from bot.model.people import Player
from bot.quiz.judging.points import REST
from bot.quizmaster.core import Core
from bot.store import links, people
from bot.store.linking import joining
from bot.store.links import CODE_LIFE, MOST_WRONG
from bot.store.sql.database import Transaction

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # None that is easily taken for another.
LENGTH = 10
UNDO = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Links:
    core: Core

    async def give_code(
        self, act: str, player: Player, place: Place, at: datetime
    ) -> LinkCode | None:
        """None if this very act gave a code before, which still holds."""
        code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
        async with self.core.transaction() as tx:
            new = await links.give_code(tx, act, player.id, place, code, at)
        return LinkCode(f"{code[:5]}-{code[5:]}", at + CODE_LIFE) if new else None

    async def enter_code(
        self, act: str, player: Player, place: Place, code: str, at: datetime
    ) -> LinkedMember:
        # A wrong code is counted, so it raises only after the transaction.
        letters = "".join(letter for letter in code.upper() if letter.isalnum())
        async with self.core.transaction() as tx:
            result = await self._enter_code(tx, act, player, place, letters, at)
        if isinstance(result, UserError):
            raise result
        return result

    async def _enter_code(
        self, tx: Transaction, act: str, player: Player, place: Place, code: str, at: datetime
    ) -> LinkedMember | UserError:
        if link := await links.by_act(tx, act):
            return LinkedMember(await people.get(tx, link.player_id), link.at + UNDO)
        if until := await links.codes_locked_until(tx, player.id, at):
            return UserError("too_many_wrong_codes", until=until)
        found = await links.where_code_given(tx, code, at)
        if found and found[0] == player.id:
            return UserError("linked_already")
        if found and found[1].platform == place.platform and found[1].community == place.community:
            return UserError("code_given_here")
        kept, joined = await links.lock_pair(tx, found[0] if found else player.id, player.id)
        if found is None or not await links.spend_code(tx, code):
            left = MOST_WRONG - await links.count_wrong_code(tx, act, player.id, at)
            return UserError("wrong_code", left=left) if left > 0 else UserError("last_wrong_code")
        await links.forgive_wrong_codes(tx, player.id)
        await joining.join(tx, act, kept, joined, at, REST, self.core.zone)
        return LinkedMember(await people.get(tx, kept), at + UNDO)

    async def undoable(self, player: Player, at: datetime) -> Link | None:
        async with self.core.reading() as tx:
            return _undoable(await links.latest(tx, player.id), at)

    async def undo(self, act: str, player: Player, at: datetime) -> None:
        async with self.core.transaction() as tx:
            if await links.was_undone_by(tx, act):
                return
            link = _undoable(await links.latest(tx, player.id), at)
            if link is None or not await joining.undo(tx, act, link, at):
                raise UserError("no_link_to_undo")


def _undoable(link: Link | None, at: datetime) -> Link | None:
    return link if link and at - link.at < UNDO else None
