"""Members who link their accounts on several platforms."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.phrases.links import link_code_card, linked_card, unlinked_card
from bot.quizmaster.links import Links
from bot.quizmaster.people import People


@dataclass
class LinkCommands:
    links: Links
    people: People

    async def link(self, request: Request) -> None:
        code = request.arg("code").strip()
        if code.casefold() == "undo":
            await self.undo(request)
        elif code:
            await self._enter(request, code)
        else:
            await self._give_code(request)

    async def _give_code(self, request: Request) -> None:
        """A command that is delivered again was answered before, with its code."""
        player, at = request.player, request.at
        code = await self.links.give_code(request.act, player, request.place, at)
        if code:
            linked = await self.links.undoable(player, at) is not None
            await request.reply.whisper(link_code_card(code, linked=linked))

    async def _enter(self, request: Request, code: str) -> None:
        try:
            joined = await self.links.enter_code(
                request.act, request.player, request.place, code, request.at
            )
        finally:
            self.people.forget_met()
        await request.reply.whisper(linked_card(joined))

    async def undo(self, request: Request) -> None:
        try:
            await self.links.undo(request.act, request.player, request.at)
        finally:
            self.people.forget_met()
        await request.reply.whisper(unlinked_card())
