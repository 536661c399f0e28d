"""Practice: one question for one member, without a clock."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.conversation.rounds.asking import wish_of
from bot.conversation.rounds.private import PrivateRounds
from bot.quizmaster.practice import Practice


@dataclass
class PracticeCommands:
    practice_rounds: Practice
    private: PrivateRounds

    async def practice(self, request: Request) -> None:
        asked = await self.practice_rounds.open(
            request.act, request.player, request.place, wish_of(request), request.at
        )
        await self.private.show(request, asked)
