"""Packs: offered, walked through, summed up."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.conversation.rounds.private import PrivateRounds
from bot.phrases.packs import pack_card, pack_summary_card, packs_card
from bot.quizmaster.packs import Packs


@dataclass
class PackCommands:
    packs: Packs
    private: PrivateRounds

    async def pack(self, request: Request) -> None:
        name = request.arg("pack") or request.word(1)
        if name:
            await request.answer(pack_card(await self.packs.offer(name, request.player)))
        else:
            await request.answer(packs_card(await self.packs.offers(request.player)))

    async def start(self, request: Request) -> None:
        asked = await self.packs.start(
            request.player, request.place, request.word(1), request.number(2), request.at
        )
        await self.private.show(request, asked)

    async def go(self, request: Request) -> None:
        """To a challenge of a take, or past its last one to the summary."""
        take_id, position, player = request.number(1), request.number(2), request.player
        if position < await self.packs.length(take_id):
            asked = await self.packs.go_to(take_id, position, player, request.at)
            await self.private.show(request, asked)
        else:
            summary = await self.packs.summary(take_id, player, request.at)
            await request.answer(pack_summary_card(summary))
