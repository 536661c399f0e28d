"""Rounds: opened, answered, helped along with hints, and closed once."""

import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.identity import MessageRef, Place
from bot.model.people import Player
from bot.model.rounds import (
    Attempt,
    HintsShown,
    ProofShown,
    QuestionFilter,
    Refusal,
    Round,
    RoundProgress,
    RoundResult,
    Sitting,
    Verdict,
)
from bot.quiz.calendar.local_days import DAY, local_day, period_keys
from bot.quiz.judging import judge, points
from bot.quiz.judging.judge import Answer
from bot.quiz.judging.points import Factors, Pays
from bot.quiz.questions import Choices, Question
from bot.quizmaster.core import Core
from bot.quizmaster.packs import Packs
from bot.quizmaster.standing import OpenRounds, get
from bot.quizmaster.streaks import Streaks
from bot.store import links, people, places, schedules
from bot.store.boards import boards
from bot.store.daily import shuffle_bag
from bot.store.rounds import attempts, closing, hints, rounds, sittings
from bot.store.rounds.ledger import Ledger
from bot.store.rounds.submissions import (
    Decision,
    RecordedAttempt,
    SittingState,
    Submission,
    SubmissionOutcome,
)
from bot.store.sql.database import Transaction

GRACE = timedelta(seconds=2)
"""How late the platform's time of an act may be; the road from hand to server is nobody's fault."""
CLAIM = timedelta(minutes=5)
"""A round that was claimed but not posted, as after a crash, is still posted within this time."""
TOGETHER = 200
"""Rounds that are closed in one transaction."""

PAUSED = (
    "I was shut out of this channel and paused my questions here. An admin gives me back the rights to view it and "
    "to send messages, then uses any command of mine here."
)


class Rounds:
    def __init__(self, core: Core, ledger: Ledger, packs: Packs, streaks: Streaks) -> None:
        self._database = core.database
        self._bank = core.bank
        self._zone = core.zone
        self._woken = core.woken
        self._ledger = ledger
        self._packs = packs
        self._streaks = streaks
        self._standing = OpenRounds(core.database)

    async def open_live(
        self, act: str, place: Place, wanted: QuestionFilter, at: datetime
    ) -> Round:
        """Claim a live round in a place; the same act again finds the round it claimed."""
        async with self._database.act() as tx:
            known = await rounds.by_act(tx, act)
            if known:
                return _standing(known)
            room = await places.get_or_add(tx, place)
            if room.paused:
                raise UserError(PAUSED)
            question = await self._draw(tx, room.id, wanted, at)
            by_reaction = (
                room.answers == "reactions"
                and isinstance(question.key, Choices)
                and not question.key.several
            )
            round_id = await rounds.claim(
                tx,
                question,
                act=act,
                mode="live",
                status="claimed",
                place_id=room.id,
                live_in=room.id,
                speed=room.speed,
                answers="reactions" if by_reaction else "buttons",
                question_filter=wanted.code,
                opened_at=at,
                closes_at=at + timedelta(seconds=question.seconds),
            )
            if round_id is None:
                return await self._claimed_by(tx, act, room.id)
            await boards.assign_round(
                tx, round_id, place, period_keys(local_day(at, room.zone or self._zone))
            )
            return await get(tx, round_id)

    async def _claimed_by(self, tx: Transaction, act: str, place_id: int) -> Round:
        """The round that the same act claimed at the same instant; another's is told kindly."""
        known = await rounds.by_act(tx, act)
        if known is None:
            raise UserError(_busy(await rounds.live_in(tx, place_id)))
        return known

    async def _draw(
        self, tx: Transaction, place_id: int, wanted: QuestionFilter, at: datetime
    ) -> Question:
        """A question out of the place's shuffle bag, from the end that no schedule takes from."""
        fitting = [question.id for question in self._fitting(wanted)]
        bag = await shuffle_bag.lock(tx, place_id)
        kept = (await schedules.pinned_since(tx, place_id, at.date() - DAY)).values()
        chosen, left = bag.draw(fitting, set(kept), "bottom")
        await shuffle_bag.save(tx, place_id, bag, left, at)
        return self._variant(chosen)

    def _variant(self, question_id: str) -> Question:
        """The question with figures of its own, where it has several sets of them."""
        return self._bank().variant(question_id, random.getrandbits(32))

    def _fitting(self, wanted: QuestionFilter) -> Sequence[Question]:
        fitting = self._bank().matching(wanted.pack, wanted.level, wanted.kind)
        if not fitting:
            raise UserError(
                "No question fits that. Ask for another level or kind, or leave one out."
            )
        return fitting

    async def practise(
        self, act: str, player: Player, place: Place, wanted: QuestionFilter, at: datetime
    ) -> Round:
        """A question for one member, without a clock; the one that lies open is given up for it."""
        async with self._database.act() as tx:
            known = await rounds.by_act(tx, act)
            if known:
                return _standing(known)
            room = await places.get_or_add(tx, place)
            before = await rounds.open_practice(tx, room.id, player.id)
            for given_up in before:
                await rounds.change_status(tx, given_up.id, "open", "void", closed_at=at)
            known_now = {given_up.question.id for given_up in before}
            fitting = [
                question for question in self._fitting(wanted) if question.id not in known_now
            ]
            question = self._variant(random.choice(fitting or self._fitting(wanted)).id)
            round_id = await rounds.claim(
                tx,
                question,
                act=act,
                mode="practice",
                status="open",
                place_id=room.id,
                player_id=player.id,
                speed=False,
                answers="buttons",
                question_filter=wanted.code,
                opened_at=at,
            )
            if round_id is not None:
                await sittings.join(tx, round_id, player.id, at)
            asked = await rounds.by_act(tx, act)
            assert asked is not None  # noqa: S101 (claimed above, or by the same act at the same instant)
            return asked

    async def posted(self, round_id: int, message: MessageRef, at: datetime) -> Round:
        """The card of a live round stands: both clocks start."""
        async with self._database.act() as tx:
            claimed = await get(tx, round_id)
            await rounds.mark_open(
                tx, round_id, message.id, at, at + timedelta(seconds=claimed.question.seconds)
            )
            asked = await get(tx, round_id)
        self._woken.set()
        return asked

    async def shown_as(self, round_id: int, message: MessageRef) -> None:
        """Remember which private card a round stands on, so that its end can be shown there."""
        async with self._database.act() as tx:
            await rounds.set_message(tx, round_id, message.id)
        self._woken.set()

    async def find(self, round_id: int) -> Round | None:
        async with self._database.look() as tx:
            return await rounds.find(tx, round_id)

    async def by_message(self, message: MessageRef) -> Round | None:
        async with self._database.look() as tx:
            return await rounds.by_message(tx, message)

    async def join(
        self, round_id: int, player: Player, place: Place, at: datetime
    ) -> tuple[Round, bool | None]:
        """Take part in a live round before answering: whether the member is new in it, or None where it is over."""
        async with self._database.act() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            asked = allowed(await get(tx, round_id), player, place)
            if _late(asked, at) or not await closing.keep_open(tx, round_id):
                asked = await get(tx, round_id)
                await _reveal(tx, asked, player, at)
                return asked, None
            return asked, await sittings.join(tx, round_id, player_id, at)

    async def latest(self, asked: Round, player: Player) -> tuple[Sitting, list[Attempt]]:
        """Where a member stands in a round, and all they answered in it."""
        async with self._database.look() as tx:
            seat = await sittings.find(tx, asked.id, player.id) or Sitting(asked.id, player.id)
            return seat, await attempts.in_rounds(tx, [asked.id], player.id)

    async def owner(self, asked: Round) -> Player:
        async with self._database.look() as tx:
            return await people.get(tx, asked.owner or 0)

    async def answer(
        self,
        act: str,
        round_id: int,
        player: Player,
        place: Place,
        values: Sequence[str],
        at: datetime,
    ) -> Verdict:
        asked = allowed(await self._standing.find(round_id), player, place)
        given = judge.read(asked.question.key, values)
        mark = judge.mark(asked.question.key, given)
        decide = _decision(asked, mark.share, at, self._countable(player, at))
        late = _late(asked, at)
        entry = Submission(
            act, asked.id, player.id, asked.question.id, given, at, decide, late, self._countable
        )
        outcome = await self._ledger.submit(entry)
        verdict = await self._verdict(asked, given, mark.note, outcome, player, at)
        if isinstance(outcome, RecordedAttempt) and outcome.lit:
            whose = replace(player, id=outcome.sitting.player_id)
            verdict = replace(verdict, counted=await self._streaks.counted(whose, outcome.lit, at))
        if verdict.finished and not verdict.refusal:
            await self._finish(asked, at)
        return verdict

    def _countable(self, player: Player, at: datetime) -> tuple[date, ...]:
        return self._streaks.calendar(player).countable(at)

    async def _verdict(
        self,
        asked: Round,
        given: Answer,
        note: str,
        outcome: SubmissionOutcome,
        player: Player,
        at: datetime,
    ) -> Verdict:
        if isinstance(outcome, RecordedAttempt):
            decision = outcome.decision
            factors = Factors(**decision.factors)
            return Verdict(asked, given, outcome.sitting, None, decision.share, factors, note)
        async with self._database.look() as tx:
            asked = await get(tx, asked.id)
            seat = await sittings.find(tx, asked.id, player.id)
        if seat is None:
            async with self._database.act() as tx:
                await _reveal(tx, asked, player, at)
        return Verdict(asked, given, seat or Sitting(asked.id, player.id), outcome)

    def verdict_of(self, asked: Round, seat: Sitting, given: Sequence[Attempt]) -> Verdict:
        """The verdict on the last of the answers that were given, as it was told then."""
        last = given[-1]
        return Verdict(asked, last.answer, seat, None, last.share, Factors(**last.factors))

    async def _finish(self, asked: Round, at: datetime) -> None:
        await self._standing.finish(asked, at)
        if asked.take_id is not None:
            await self._packs.settle(asked.take_id, at)
        self._woken.set()

    async def hint(
        self, act: str, round_id: int, player: Player, place: Place, at: datetime
    ) -> HintsShown:
        """The next hint, private and logged; when all were taken or the sitting is over, those there are, free."""
        async with self._database.act() as tx:
            player_id = await links.lock_current_id(tx, player.id)
            asked = allowed(await get(tx, round_id), player, place)
            texts = asked.question.hints
            open_still = not _late(asked, at) and await closing.keep_open(tx, round_id)
            if open_still:
                await sittings.join(tx, round_id, player_id, at)
            seat = await sittings.find(tx, round_id, player_id)
            if seat is None or not open_still or seat.finished_at:
                return HintsShown(asked, texts, free=True)
            if await hints.was_taken_by(tx, act):
                return HintsShown(asked, texts[: seat.hints_taken], free=asked.mode == "practice")
            number = min(seat.hints_taken + 1, len(texts))
            taken = await hints.take(tx, act, round_id, player_id, number, at)
            return HintsShown(asked, texts[:number], free=not taken or asked.mode == "practice")

    async def proof(self, round_id: int, player: Player, place: Place, at: datetime) -> ProofShown:
        """Why the key is right, for whom the key is due."""
        async with self._database.act() as tx:
            asked = allowed(await get(tx, round_id), player, place)
            seat = await sittings.find(tx, round_id, player.id)
            if not asked.is_over and (seat is None or seat.finished_at is None):
                raise UserError(
                    "The proof tells the answer. It is yours once you have finished, or when the round is over."
                )
            await _reveal(tx, asked, player, at)
        return ProofShown(asked.question, self._bank().shown(asked.question))

    async def asked(self, round_id: int, player: Player, place: Place) -> Question:
        """The question of a round that this member can see."""
        async with self._database.look() as tx:
            return allowed(await get(tx, round_id), player, place).question

    def figure(self, question: Question) -> bytes | None:
        return self._bank().figure(question)

    async def tally(self, round_id: int) -> tuple[Round, RoundProgress]:
        async with self._database.look() as tx:
            return await get(tx, round_id), await sittings.count(tx, round_id)

    async def result(self, asked: Round) -> RoundResult:
        async with self._database.look() as tx:
            seats = await sittings.of_participants(tx, [asked.id])
            answers = await attempts.in_rounds(tx, [asked.id])
            who = await links.current_ids(
                tx, {seat.player_id for seat in seats} | {given.player_id for given in answers}
            )
            winner = next((given for given in answers if given.share == 1), None)
            first = await people.get(tx, who[winner.player_id]) if winner else None
            after = winner.at - asked.opened_at if winner else None
            solved = {who[seat.player_id] for seat in seats if seat.solved}
            joined = {who[seat.player_id] for seat in seats}
            return RoundResult(asked, len(joined), len(solved), _chosen(answers), first, after)

    async def by_reaction(self, platform: str) -> list[Round]:
        async with self._database.look() as tx:
            return await rounds.open_by_reaction(tx, platform)

    async def over(self, now: datetime, but: Collection[int] = ()) -> list[Round]:
        """Close what is over, and return every round whose end still has to be shown; a daily's is told by itself."""
        async with self._database.look() as tx:
            ids = await closing.ready_to_close(tx, now, GRACE)
        ripe = [each for each in ids if each not in but]
        for begin in range(0, len(ripe), TOGETHER):
            async with self._database.act() as tx:
                await closing.close(tx, ripe[begin : begin + TOGETHER], now, GRACE)
        async with self._database.look() as tx:
            return await rounds.left_in_status(tx, "closed")

    def forget(self, round_id: int) -> None:
        """It is over, and answered from memory no more."""
        self._standing.forget(round_id)

    async def told(self, asked: Round, now: datetime) -> None:
        self.forget(asked.id)
        async with self._database.act() as tx:
            await rounds.change_status(tx, asked.id, "closed", "announced")
        if asked.take_id is not None:
            await self._packs.settle(asked.take_id, now)

    async def under_way(self) -> list[int]:
        """The live rounds that are open."""
        async with self._database.look() as tx:
            return [
                asked.id
                for asked in await rounds.left_in_status(tx, "open")
                if asked.mode == "live"
            ]

    async def claimed(self, now: datetime, age: timedelta = timedelta()) -> list[Round]:
        """Rounds claimed at least so long ago but not posted; those too old to be welcome are dropped."""
        async with self._database.act() as tx:
            waiting = [
                asked
                for asked in await rounds.left_in_status(tx, "claimed")
                if asked.opened_at <= now - age
            ]
            for asked in waiting:
                if asked.opened_at < now - CLAIM:
                    await rounds.change_status(tx, asked.id, "claimed", "void", closed_at=now)
            return [asked for asked in waiting if asked.opened_at >= now - CLAIM]

    async def drop(self, asked: Round, now: datetime) -> None:
        """A claimed round that can be posted no more."""
        async with self._database.act() as tx:
            await rounds.change_status(tx, asked.id, "claimed", "void", closed_at=now)

    async def next_due(self) -> datetime | None:
        async with self._database.look() as tx:
            return await closing.next_closing_time(tx, GRACE)


async def _reveal(tx: Transaction, asked: Round, player: Player, at: datetime) -> None:
    """Who comes after the end is told the key: they have seen it now, as if they had answered."""
    if asked.is_over:
        await sittings.add_late_visitor(
            tx, asked.id, await links.lock_current_id(tx, player.id), at
        )


def _standing(known: Round) -> Round:
    """A round that an act asked for before, unless it was given up since: then nothing of it is shown."""
    if known.status == "void":
        raise UserError("That question was given up. Ask for another one.")
    return known


def allowed(asked: Round, player: Player, place: Place) -> Round:
    if asked.owner is not None and asked.owner != player.id:
        raise UserError("That card is somebody else's. `/pack` or `/practice` gives you your own.")
    if asked.owner is None and asked.place != place:
        raise UserError("That question was asked in another place. Answer it there.")
    return asked


def _busy(live: Round | None) -> str:
    end = f" It closes by {live.closes_at:%H:%M:%S} UTC." if live and live.closes_at else ""
    return (
        f"A question is under way here already.{end} Answer that one first, then ask for another."
    )


def _late(asked: Round, at: datetime) -> bool:
    return asked.closes_at is not None and at > asked.closes_at + GRACE


def _chosen(answers: Sequence[Attempt]) -> Counter[str]:
    """What each member settled on: their last answer, letter by letter."""
    last = {given.player_id: given.answer for given in answers}
    return Counter(part for answer in last.values() for part in answer)


def _decision(
    asked: Round, share: float, at: datetime, days: tuple[date, ...]
) -> Callable[[SittingState], Decision | Refusal]:
    """The rule for one answer, to be applied to the standing that the ledger finds."""

    def decide(standing: SittingState) -> Decision | Refusal:
        seat = standing.sitting
        if seat.solved:
            return Refusal.SOLVED
        if seat.tries_used >= asked.tries:
            return Refusal.SPENT
        if not standing.is_open or seat.finished_at or _late(asked, at):
            return Refusal.OVER
        number = seat.tries_used + 1
        factors = points.score(
            asked.question.level,
            share,
            number,
            seat.hints_taken,
            _left(asked, at),
            _pays(asked, standing, at),
        )
        solved = share == 1
        return Decision(
            share=share,
            points=factors.points,
            gain=max(0, factors.points - seat.points),
            factors={name: getattr(factors, name) for name in Factors.__slots__},
            solved=solved,
            finished=solved or number == asked.tries,
            days=days if solved and not standing.solved_before else (),
        )

    return decide


def _left(asked: Round, at: datetime) -> float:
    """The share of the time that is left, where speed counts."""
    if not asked.speed or asked.closes_at is None:
        return 0.0
    return (asked.closes_at - at) / (asked.closes_at - asked.opened_at)


def _pays(asked: Round, standing: SittingState, at: datetime) -> Pays:
    if asked.mode == "practice":
        return "practice"
    seen = standing.seen_at is not None and at - standing.seen_at < points.REST
    return "seen" if seen else "yes"
