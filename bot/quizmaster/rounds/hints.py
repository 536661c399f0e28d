"""Hints and proofs: what a member may see beside a question."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import HintsShown, ProofShown
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.access import get_visible, is_late, note_key_seen
from bot.store import links
from bot.store.rounds import rounds, sittings


@dataclass(frozen=True, slots=True)
class Hints:
    core: Core

    async def take(
        self, act: str, round_id: int, player: Player, place: Place, at: datetime
    ) -> HintsShown:
        """After the member's end all are free."""
        async with self.core.act() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            round_ = await get_visible(tx, round_id, player, place)
            texts = round_.question.hints
            is_free = round_.mode == "practice"
            is_open = not is_late(round_, at) and await rounds.keep_open(tx, round_id)
            if is_open:
                await sittings.join(tx, round_id, player_id, at)
            sitting = await sittings.find(tx, round_id, player_id)
            if sitting is None or not is_open or sitting.finished_at:
                return HintsShown(round_, texts, free=True)
            if await sittings.hint_was_taken_by(tx, act):
                return HintsShown(round_, texts[: sitting.hints_taken], free=is_free)
            number = min(sitting.hints_taken + 1, len(texts))
            taken = await sittings.take_hint(tx, act, round_id, player_id, number, at)
            return HintsShown(round_, texts[:number], free=is_free or not taken)

    async def proof(self, round_id: int, player: Player, place: Place, at: datetime) -> ProofShown:
        async with self.core.act() as tx:
            round_ = await get_visible(tx, round_id, player, place)
            sitting = await sittings.find(tx, round_id, player.id)
            if not round_.is_over and (sitting is None or sitting.finished_at is None):
                raise UserError("proof_too_early")
            await note_key_seen(tx, round_, player, at)
        return ProofShown(round_.question, self.core.bank().proof_output(round_.question))
