"""All about rounds: reading them, and the parts that open, answer and close them."""

from bot.identity import MessageRef, Place
from bot.model.people import Player
from bot.model.rounds import Round, RoundProgress
from bot.quiz.questions import Question
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.access import get, get_visible
from bot.quizmaster.rounds.answers import Answers
from bot.quizmaster.rounds.closing import Closing
from bot.quizmaster.rounds.hints import Hints
from bot.quizmaster.rounds.live import LiveRounds
from bot.quizmaster.rounds.open_rounds import OpenRounds
from bot.quizmaster.streaks.streaks import Streaks
from bot.store.rounds import rounds, sittings
from bot.store.rounds.ledger import Ledger


class Rounds:
    def __init__(self, core: Core, ledger: Ledger, packs: Packs, streaks: Streaks) -> None:
        self._core = core
        self.in_memory = OpenRounds(core.database)
        self.live = LiveRounds(core)
        self.answers = Answers(core, ledger, self.in_memory, packs, streaks)
        self.hints = Hints(core)
        self.closing = Closing(core, self.in_memory, packs)

    async def by_message(self, message: MessageRef) -> Round | None:
        async with self._core.look() as tx:
            return await rounds.by_message(tx, message)

    async def by_reaction(self, platform: str) -> list[Round]:
        async with self._core.look() as tx:
            return await rounds.open_by_reaction(tx, platform)

    async def tally(self, round_id: int) -> tuple[Round, RoundProgress]:
        async with self._core.look() as tx:
            return await get(tx, round_id), await sittings.count(tx, round_id)

    async def question(self, round_id: int, player: Player, place: Place) -> Question:
        async with self._core.look() as tx:
            return (await get_visible(tx, round_id, player, place)).question

    def figure(self, question: Question) -> bytes | None:
        return self._core.bank().figure(question)

    async def set_message(self, round_id: int, message: MessageRef) -> None:
        # Its end is shown on this private card.
        async with self._core.act() as tx:
            await rounds.set_message(tx, round_id, message.id)
        self._core.woken.set()
