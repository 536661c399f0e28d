"""Answers, hints, and members who join a round."""

from dataclasses import dataclass

from bot.chat.platform_interface import Reaction, Reply
from bot.conversation.request import Request
from bot.conversation.rounds.messages import LiveCounter, next_step_buttons, private_round_card
from bot.model.people import Player
from bot.phrases.rounds.question import hint_card, joined_card, letter_of
from bot.phrases.rounds.verdict import over_card, verdict_card
from bot.quizmaster.quizmaster import Quizmaster


@dataclass
class AnswerRounds:
    quizmaster: Quizmaster
    counter: LiveCounter

    async def answer(self, request: Request) -> None:
        """`answer:17:B`, or ticked boxes and typed words as the values of the press."""
        rounds, values = self.quizmaster.rounds, request.values or (request.word(2),)
        verdict = await rounds.answers.submit(
            request.act, request.number(1), request.player, request.place, values, request.at
        )
        asked = verdict.round
        if asked.in_public:
            self.counter.request_redraw(asked.id)
            await request.reply.whisper(verdict_card(verdict))
            return
        if verdict.finished or verdict.refusal:
            onward = await next_step_buttons(self.quizmaster, asked)
            card = verdict_card(verdict, onward, rounds.figure(asked.question))
        else:
            card = await private_round_card(self.quizmaster, asked)
        await request.reply.replace(card)

    async def reaction(self, event: Reaction, player: Player, reply: Reply) -> None:
        rounds, message = self.quizmaster.rounds, event.message
        letter = letter_of(event.emoji)  # None: it is just an emoji
        asked = await rounds.by_message(message) if event.added and letter else None
        if asked is None or letter is None or not asked.by_reaction:
            return
        verdict = await rounds.answers.submit(
            event.id, asked.id, player, message.place, (letter,), event.at
        )
        self.counter.request_redraw(asked.id)
        await reply.whisper(verdict_card(verdict))

    async def join(self, request: Request) -> None:
        asked, new = await self.quizmaster.rounds.answers.join(
            request.number(1), request.player, request.place, request.at
        )
        if new is None:
            await request.reply.whisper(over_card(asked))
            return
        self.counter.request_redraw(asked.id)
        await request.reply.whisper(joined_card(asked, new=new))

    async def hint(self, request: Request) -> None:
        hints = await self.quizmaster.rounds.hints.take(
            request.act, request.number(1), request.player, request.place, request.at
        )
        asked = hints.round
        if asked.in_public:
            self.counter.request_redraw(asked.id)
            await request.reply.whisper(hint_card(hints))
        else:
            await request.reply.replace(await private_round_card(self.quizmaster, asked))
