"""Practice: one question for one member, without clock or points."""

import random
from dataclasses import dataclass
from datetime import datetime

from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import QuestionFilter, Round
from bot.quizmaster.core import Core
from bot.quizmaster.rounds.access import find_by_act, matching, random_variant
from bot.store import places
from bot.store.rounds import rounds, sittings


@dataclass(frozen=True, slots=True)
class Practice:
    core: Core

    async def open(
        self, act: str, player: Player, place: Place, wanted: QuestionFilter, at: datetime
    ) -> Round:
        """Replaces the open question. A repeated act finds the round it opened."""
        async with self.core.transaction() as tx:
            if known := await find_by_act(tx, act):
                return known
            place_id = (await places.get_or_add(tx, place)).id
            replaced = await rounds.open_practice(tx, place_id, player.id)
            for each in replaced:
                await rounds.change_status(tx, each.id, "open", "void", closed_at=at)
            before = {each.question.id for each in replaced}
            questions = matching(self.core.bank(), wanted)
            others = [question for question in questions if question.id not in before]
            chosen = random.choice(others or questions)
            round_id = await rounds.claim(
                tx,
                random_variant(self.core.bank(), chosen.id),
                act=act,
                mode="practice",
                status="open",
                place_id=place_id,
                player_id=player.id,
                speed=False,
                answers="buttons",
                question_filter=wanted.code,
                opened_at=at,
            )
            if round_id is not None:
                await sittings.join(tx, round_id, player.id, at)
            opened = await rounds.by_act(tx, act)
            assert opened is not None  # claimed above, or by the same act at the same instant
            return opened
