"""Members join a round and answer it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import Attempt, Refusal, Round, Sitting, Verdict
from bot.quiz.judging import judge
from bot.quiz.judging.judge import Answer
from bot.quiz.judging.points import Factors
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.rounds.access import get, get_visible, is_late, note_key_seen, visible
from bot.quizmaster.rounds.decisions import decision
from bot.quizmaster.rounds.open_rounds import OpenRounds
from bot.quizmaster.streaks.streaks import Streaks
from bot.store import links
from bot.store.rounds import rounds, sittings
from bot.store.rounds.ledger import Ledger
from bot.store.rounds.submissions import RecordedAttempt, Submission


@dataclass(frozen=True, slots=True)
class Answers:
    core: Core
    ledger: Ledger
    open_rounds: OpenRounds
    packs: Packs
    streaks: Streaks

    async def join(
        self, round_id: int, player: Player, place: Place, at: datetime
    ) -> tuple[Round, bool | None]:
        """True: the member is new in it. None: it is over."""
        async with self.core.act() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            round_ = await get_visible(tx, round_id, player, place)
            if is_late(round_, at) or not await rounds.keep_open(tx, round_id):
                round_ = await get(tx, round_id)
                await note_key_seen(tx, round_, player, at)
                return round_, None
            return round_, await sittings.join(tx, round_id, player_id, at)

    async def submit(
        self,
        act: str,
        round_id: int,
        player: Player,
        place: Place,
        values: Sequence[str],
        at: datetime,
    ) -> Verdict:
        """The same act again finds the verdict it got."""
        round_ = visible(await self.open_rounds.get(round_id), player, place)
        answer = judge.read(round_.question.key, values)
        mark = judge.mark(round_.question.key, answer)
        submission = Submission(
            act,
            round_id,
            player.id,
            round_.question.id,
            answer,
            at,
            decision(round_, mark.share, at, self._countable(player, at)),
            is_late(round_, at),
            self._countable,
        )
        outcome = await self.ledger.submit(submission)
        if isinstance(outcome, RecordedAttempt):
            verdict = _verdict(round_, answer, mark.read_as, outcome)
            if outcome.counted_day:
                player = replace(player, id=outcome.sitting.player_id)
                news = await self.streaks.count(player, outcome.counted_day, at)
                verdict = replace(verdict, counted=news)
            if verdict.finished:
                await self._finish(round_, at)
            return verdict
        return await self._refused(round_id, answer, outcome, player, at)

    def _countable(self, player: Player, at: datetime) -> tuple[date, ...]:
        return player.calendar(self.core.zone).countable(at)

    async def _finish(self, round_: Round, at: datetime) -> None:
        await self.open_rounds.finish(round_, at)
        if round_.take_id is not None:
            await self.packs.finish_if_done(round_.take_id, at)
        self.core.woken.set()

    async def _refused(
        self, round_id: int, answer: Answer, refusal: Refusal, player: Player, at: datetime
    ) -> Verdict:
        async with self.core.look() as tx:
            round_ = await get(tx, round_id)
            sitting = await sittings.find(tx, round_id, player.id)
        if sitting is None:
            async with self.core.act() as tx:
                await note_key_seen(tx, round_, player, at)
            sitting = Sitting(round_id, player.id)
        return Verdict(round_, answer, sitting, refusal)

    async def so_far(self, round_: Round, player_id: int) -> tuple[Sitting, list[Attempt]]:
        async with self.core.look() as tx:
            sitting = await sittings.find(tx, round_.id, player_id)
            given = await sittings.attempts_in(tx, [round_.id], player_id)
        return sitting or Sitting(round_.id, player_id), given


def _verdict(round_: Round, answer: Answer, read_as: str, recorded: RecordedAttempt) -> Verdict:
    made = recorded.decision
    factors = Factors(**made.factors)
    return Verdict(round_, answer, recorded.sitting, None, made.share, factors, read_as)


def verdict_again(round_: Round, sitting: Sitting, last: Attempt) -> Verdict:
    return Verdict(round_, last.answer, sitting, None, last.share, Factors(**last.factors))
