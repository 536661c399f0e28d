"""Answers, hints, and members who join a round."""

from dataclasses import dataclass

from bot.chat.port import Reaction, Reply
from bot.conversation.request import Request
from bot.conversation.rounds.live_counter import LiveCounter
from bot.conversation.rounds.private import PrivateRounds
from bot.model.people import Player
from bot.phrases.rounds.question import hint_card, joined_card, letter_of
from bot.phrases.rounds.verdict import over_card, verdict_card
from bot.quizmaster.rounds.rounds import Rounds


@dataclass
class AnswerRounds:
    rounds: Rounds
    private: PrivateRounds
    counter: LiveCounter

    async def answer(self, request: Request) -> None:
        """`answer:17:B`, or ticked boxes and typed words as the values of the press."""
        values = request.values or (request.word(2),)
        verdict = await self.rounds.answers.submit(
            request.act, request.number(1), request.player, request.place, values, request.at
        )
        asked = verdict.round
        if asked.in_public:
            self.counter.touch(asked.id)
            await request.reply.whisper(verdict_card(verdict))
        elif verdict.finished or verdict.refusal:
            onward = await self.private.onward(asked)
            figure = self.rounds.figure(asked.question)
            await request.reply.replace(verdict_card(verdict, onward, figure))
        else:
            await request.reply.replace(await self.private.card(asked))

    async def reaction(self, event: Reaction, player: Player, reply: Reply) -> None:
        """A letter under a round that is answered by reactions; any other is just an emoji."""
        letter = letter_of(event.emoji)
        asked = await self.rounds.by_message(event.message) if event.added and letter else None
        if asked is None or letter is None or not asked.by_reaction:
            return
        place = event.message.place
        verdict = await self.rounds.answers.submit(
            event.id, asked.id, player, place, (letter,), event.at
        )
        self.counter.touch(asked.id)
        await reply.whisper(verdict_card(verdict))

    async def join(self, request: Request) -> None:
        asked, new = await self.rounds.answers.join(
            request.number(1), request.player, request.place, request.at
        )
        if new is None:
            await request.reply.whisper(over_card(asked))
            return
        self.counter.touch(asked.id)
        await request.reply.whisper(joined_card(asked, new=new))

    async def hint(self, request: Request) -> None:
        """In public the hint is whispered; on a private card it appears on the card."""
        hints = await self.rounds.hints.take(
            request.act, request.number(1), request.player, request.place, request.at
        )
        asked = hints.round
        if asked.in_public:
            self.counter.touch(asked.id)
            await request.reply.whisper(hint_card(hints))
        else:
            await request.reply.replace(await self.private.card(asked))
