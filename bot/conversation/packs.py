"""Packs: offered, walked through, summed up."""

from bot.chat.card import Card
from bot.chat.port import Command
from bot.conversation.request import Turn
from bot.conversation.rounds import RoundsTalk
from bot.phrases import packs as said
from bot.quizmaster.packs import Packs


class PacksTalk:
    def __init__(self, packs: Packs, rounds: RoundsTalk) -> None:
        self._packs = packs
        self._rounds = rounds

    async def pack(self, turn: Turn) -> None:
        """All packs, or the door of one."""
        name = turn.args.get("pack") or turn.word(1)
        if name:
            await self._put(turn, said.door(await self._packs.offer(name, turn.player)))
        else:
            await self._put(turn, said.shelf(await self._packs.offers(turn.player)))

    async def start(self, turn: Turn) -> None:
        event = turn.event
        asked = await self._packs.start(
            turn.player, event.place, turn.word(1), turn.number(2), event.at
        )
        await self._rounds.show_own(turn, asked)

    async def go(self, turn: Turn) -> None:
        """On to a challenge of a take, or past its last one to the summary."""
        take_id, position = turn.number(1), turn.number(2)
        if position >= await self._packs.length(take_id):
            await self._put(
                turn, said.summary(await self._packs.summary(take_id, turn.player, turn.event.at))
            )
        else:
            asked = await self._packs.go(take_id, position, turn.player, turn.event.at)
            await self._rounds.show_own(turn, asked)

    async def _put(self, turn: Turn, card: Card) -> None:
        await (
            turn.reply.whisper(card) if isinstance(turn.event, Command) else turn.reply.turn(card)
        )
