"""Packs: offered, walked through, summed up."""

from bot.chat.card import Card
from bot.chat.port import Command
from bot.conversation.request import Request
from bot.conversation.rounds import RoundsTalk
from bot.phrases import packs as said
from bot.quizmaster.packs import Packs


class PacksTalk:
    def __init__(self, packs: Packs, rounds: RoundsTalk) -> None:
        self._packs = packs
        self._rounds = rounds

    async def pack(self, request: Request) -> None:
        """All packs, or the door of one."""
        name = request.args.get("pack") or request.word(1)
        if name:
            await self._put(request, said.door(await self._packs.offer(name, request.player)))
        else:
            await self._put(request, said.shelf(await self._packs.offers(request.player)))

    async def start(self, request: Request) -> None:
        event = request.event
        asked = await self._packs.start(
            request.player, event.place, request.word(1), request.number(2), event.at
        )
        await self._rounds.show_own(request, asked)

    async def go(self, request: Request) -> None:
        """On to a challenge of a take, or past its last one to the summary."""
        take_id, position = request.number(1), request.number(2)
        if position >= await self._packs.length(take_id):
            await self._put(
                request,
                said.summary(await self._packs.summary(take_id, request.player, request.event.at)),
            )
        else:
            asked = await self._packs.go(take_id, position, request.player, request.event.at)
            await self._rounds.show_own(request, asked)

    async def _put(self, request: Request, card: Card) -> None:
        await (
            request.reply.whisper(card)
            if isinstance(request.event, Command)
            else request.reply.replace(card)
        )
