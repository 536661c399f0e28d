"""Questions asked, answered, helped along and closed."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.chat.card import Card
from bot.chat.port import Command, Lost, Platform, Posted, Reaction, Reply
from bot.conversation.editor import CounterEdits
from bot.conversation.request import Request
from bot.identity import MessageRef, Place
from bot.model.people import Player
from bot.model.rounds import NextStep, QuestionFilter, Round, Verdict
from bot.phrases import packs as packs_said
from bot.phrases import places as places_said
from bot.phrases import rounds as said
from bot.quiz.questions import Choices
from bot.quizmaster.packs import Packs
from bot.quizmaster.places import Places
from bot.quizmaster.practice import Practice
from bot.quizmaster.rounds.answers import verdict_again
from bot.quizmaster.rounds.live import POST_WITHIN
from bot.quizmaster.rounds.rounds import Rounds

DRIFT = timedelta(seconds=1.5)
"""A card whose end is further off than this from the true one is redrawn."""
AGAIN_S = 10.0
"""Seconds until what could not be posted after a restart is tried again."""
STALE = timedelta(seconds=15)
"""A round that was claimed this long ago and is not posted was left by a crash or a failure."""
EDITABLE = timedelta(hours=1)
"""A public card that stands longer is left as it is: nobody reads so far up, and platforms frown on such edits."""
log = logging.getLogger(__name__)


class RoundsTalk:
    def __init__(
        self,
        rounds: Rounds,
        practice: Practice,
        packs: Packs,
        places: Places,
        platforms: Mapping[str, Platform],
        now: Callable[[], datetime],
        pause: float,
    ) -> None:
        self._rounds = rounds
        self._practice = practice
        self._packs = packs
        self._places = places
        self._platforms = platforms
        self._now = now
        self._drawing: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self.editor = CounterEdits(self._redraw, pause)

    # Asking

    async def challenge(self, request: Request) -> None:
        event = request.event
        asked = await self._rounds.live.open(event.id, event.place, _wish(request), event.at)
        try:
            posted = await request.reply.show(self.card(asked), key=key_of(asked))
        except Exception as error:
            await self._give_up(asked, error)
            raise
        await self._stand(asked, posted)

    async def _give_up(self, asked: Round, error: Exception) -> None:
        """What could not be posted leaves the place free for the next question."""
        await self._rounds.live.drop(asked, self._now())
        if isinstance(error, Lost):
            await self.shut_out(asked.place, error)

    async def _stand(self, asked: Round, posted: Posted) -> None:
        """The card stands: start the clocks, and mend the card where its end was foretold wrongly."""
        opened = await self._rounds.live.mark_posted(asked.id, posted.message, posted.at)
        if (
            opened.status == "open"
            and opened.closes_at
            and asked.closes_at
            and abs(opened.closes_at - asked.closes_at) > DRIFT
        ):
            await self._edit(posted.message, self.card(opened))

    def card(self, asked: Round) -> Card:
        """The public card of a round that is open."""
        return said.challenge(asked, self._rounds.figure(asked.question))

    async def practice(self, request: Request) -> None:
        event = request.event
        asked = await self._practice.open(
            event.id, request.player, event.place, _wish(request), event.at
        )
        await self.show_own(request, asked)

    async def show_own(self, request: Request, asked: Round) -> None:
        """A private round as it stands for its owner: the question, or how it ended."""
        card = await self._private(asked)
        posted = await (
            request.reply.whisper(card)
            if isinstance(request.event, Command)
            else request.reply.replace(card)
        )
        await self._rounds.set_message(asked.id, posted.message)

    async def _private(self, asked: Round) -> Card:
        figure = self._rounds.figure(asked.question)
        seat, given = await self._rounds.answers.so_far(asked, asked.owner or 0)
        if seat.finished_at is None and asked.status == "open":
            several = isinstance(asked.question.key, Choices) and asked.question.key.several
            tried = () if several else tuple(letter for each in given for letter in each.answer)
            return said.own(asked, figure, seat, tried)
        ways = await self._ways(asked)
        if given and (seat.solved or seat.tries_used >= asked.tries):
            return said.verdict(verdict_again(asked, seat, given[-1]), ways, figure)
        return said.missed(asked, seat, ways, figure)

    async def _ways(self, asked: Round) -> tuple[NextStep, ...]:
        """Where a private round leads when it is over."""
        if asked.take_id is not None and asked.position is not None:
            last = asked.position + 1 == await self._packs.length(asked.take_id)
            return packs_said.onward(asked.take_id, asked.position, last=last)
        if asked.mode == "practice":
            return (
                NextStep("Another one", f"practice:{asked.question_filter}"),
                NextStep("Packs", "packs"),
            )
        return ()

    # Answering

    async def answer(self, request: Request) -> None:
        """`answer:17:B`, or ticked boxes and typed words as the press's values."""
        event = request.event
        values = request.values or (request.word(2),)
        given = await self._rounds.answers.submit(
            event.id, request.number(1), request.player, event.place, values, event.at
        )
        await self._tell(given, request)

    async def _tell(self, given: Verdict, request: Request) -> None:
        asked = given.round
        if asked.in_public:
            self.editor.touch(asked.id)
            await request.reply.whisper(said.verdict(given))
        elif given.finished or given.refusal:
            figure = self._rounds.figure(asked.question)
            await request.reply.replace(said.verdict(given, await self._ways(asked), figure))
        else:
            await request.reply.replace(await self._private(asked))

    async def reaction(self, event: Reaction, player: Player, reply: Reply) -> None:
        """A letter under a round that is answered by reactions; anything else is just an emoji."""
        letter = said.letter_of(event.emoji)
        asked = await self._rounds.by_message(event.message) if event.added and letter else None
        if asked is None or letter is None or not asked.by_reaction:
            return
        place = event.message.place
        given = await self._rounds.answers.submit(
            event.id, asked.id, player, place, (letter,), event.at
        )
        self.editor.touch(asked.id)
        await reply.whisper(said.verdict(given))

    async def join(self, request: Request) -> None:
        asked, new = await self._rounds.answers.join(
            request.number(1), request.player, request.event.place, request.event.at
        )
        if new is None:
            await request.reply.whisper(said.over(asked))
        else:
            self.editor.touch(asked.id)
            await request.reply.whisper(said.joined(asked, new=new))

    async def hint(self, request: Request) -> None:
        """In public the hint is whispered; on a private card it appears on the card."""
        given = await self._rounds.hints.take(
            request.event.id,
            request.number(1),
            request.player,
            request.event.place,
            request.event.at,
        )
        if given.round.in_public:
            self.editor.touch(given.round.id)
            await request.reply.whisper(said.hint(given))
        else:
            await request.reply.replace(await self._private(given.round))

    # Closing

    async def ring(self) -> None:
        """Whatever is over is closed and its end shown. Called by the alarm; safe at any time, any number of times."""
        now = self._now()
        unsettled = await self._settle_over(now)
        over = await self._rounds.closing.close_due(now, unsettled)
        await asyncio.gather(
            *(self._end(asked, now) for asked in over if asked.place.platform in self._platforms)
        )
        await self._packs.settle_all(now)
        await self._post_claimed(STALE)

    async def _settle_over(self, now: datetime) -> set[int]:
        """Before a round is closed, the reactions under it are looked at: those that could not be wait for it."""
        unsettled = set()
        for platform in self._platforms:
            for asked in await self._rounds.by_reaction(platform):
                if asked.closes_at and asked.closes_at <= now and not await self._settle(asked):
                    unsettled.add(asked.id)
        return unsettled

    async def _end(self, asked: Round, now: datetime) -> None:
        try:
            async with self._drawing.setdefault(asked.id, asyncio.Lock()):
                if asked.message:
                    card = await self._last_card(asked)
                    await self._edit(asked.message, card)
            await self._rounds.closing.mark_announced(asked, now)
        except Exception:
            log.exception("the end of round %s could not be shown; the alarm tries again", asked.id)

    async def _edit(self, message: MessageRef, card: Card) -> None:
        """Change what stands; where the bot is let in no more there is nothing to change."""
        try:
            await self._platforms[message.place.platform].edit(message, card)
        except Lost as lost:
            await self.shut_out(message.place, lost)

    async def shut_out(self, place: Place, lost: Lost) -> None:
        """Rest there, and tell somebody who can mend it, once."""
        log.warning("shut out of %s: %s", place, lost)
        if await self._places.pause(place, self._now()):
            await self._platforms[place.platform].warn(place, places_said.shut_out(place.channel))

    async def _last_card(self, asked: Round) -> Card:
        if asked.owner is not None:
            return await self._private(asked)
        return said.result(
            await self._rounds.closing.result(asked), self._rounds.figure(asked.question)
        )

    async def _redraw(self, round_id: int) -> None:
        """The counter on a public card, never over a card that tells the end.

        Another process may draw too: what it drew meanwhile was newer, so then the card is drawn once more.
        """
        async with self._drawing.setdefault(round_id, asyncio.Lock()):
            asked, tally = drawn = await self._rounds.tally(round_id)
            if asked.status != "open" or not asked.message or not self._is_fresh(asked):
                return
            if await self._places.is_paused(asked.place):
                return
            await self._edit(
                asked.message, said.challenge(asked, self._rounds.figure(asked.question), tally)
            )
            newest = await self._rounds.tally(round_id)
            if newest[0].status != "open":
                await self._edit(asked.message, await self._last_card(newest[0]))
            elif newest != drawn:
                self.editor.touch(round_id)

    def _is_fresh(self, asked: Round) -> bool:
        return self._now() - asked.opened_at < EDITABLE

    async def close_card(self, asked: Round) -> None:
        """Show on a daily's own card that it is over, where that card is still near."""
        async with self._drawing.setdefault(asked.id, asyncio.Lock()):
            if asked.message and self._is_fresh(asked):
                await self._edit(asked.message, await self._last_card(asked))

    # Going on after a while away

    async def left_over(self) -> list[Round]:
        """What was claimed before a crash and not posted; to be read before anybody can ask for more."""
        return [
            asked
            for asked in await self._rounds.live.unposted(self._now())
            if asked.place.platform in self._platforms
        ]

    async def recover(self, left_over: Sequence[Round]) -> None:
        """Post what was left over, once (the key finds a post that was made but not marked); renew open counters."""
        await asyncio.gather(*map(self._recover, left_over))
        for round_id in await self._rounds.live.open_ids():
            self.editor.touch(round_id)

    async def _post_claimed(self, age: timedelta) -> None:
        """Post what was claimed so long ago and is not posted, as after a failure."""
        for asked in await self._rounds.live.unposted(self._now(), age):
            platform = self._platforms.get(asked.place.platform)
            if platform:
                try:
                    await self._stand(
                        asked, await platform.post(asked.place, self.card(asked), key_of(asked))
                    )
                except Exception:
                    log.exception("round %s could not be posted; the alarm tries again", asked.id)

    async def _recover(self, asked: Round) -> None:
        platform = self._platforms[asked.place.platform]
        while True:
            try:
                await self._stand(
                    asked, await platform.post(asked.place, self.card(asked), key_of(asked))
                )
            except Exception as error:
                log.exception("round %s could not be posted after a restart", asked.id)
                if isinstance(error, Lost) or asked.opened_at < self._now() - POST_WITHIN:
                    await self._give_up(asked, error)
                    return
                await asyncio.sleep(AGAIN_S)
            else:
                return

    async def catch_up(self, platform: str) -> None:
        """A platform is there again: look at the reactions under the rounds that are open on it."""
        for asked in await self._rounds.by_reaction(platform):
            await self._settle(asked)

    async def _settle(self, asked: Round) -> bool:
        """Whether the reactions under a round are all handed in."""
        emoji = self.card(asked).reactions
        if asked.message is None or asked.closes_at is None:
            return True
        try:
            await self._platforms[asked.place.platform].settle(
                asked.message, emoji, asked.closes_at
            )
        except Lost as lost:
            await self.shut_out(asked.place, lost)
        except Exception:
            log.exception(
                "the reactions under round %s could not be read; the alarm tries again", asked.id
            )
            return False
        return True


def key_of(asked: Round) -> str:
    """What its post is named by, whoever makes it."""
    return f"round:{asked.id}"


def _wish(request: Request) -> QuestionFilter:
    if request.words:
        return QuestionFilter.decoded(request.word(1))
    return QuestionFilter(
        request.args.get("pack"), request.args.get("level"), request.args.get("kind")
    )
