"""Members who join their accounts on several platforms."""

from bot.conversation.request import Request
from bot.phrases import links as said
from bot.quizmaster.links import Links
from bot.quizmaster.people import People


class LinksTalk:
    def __init__(self, links: Links, people: People) -> None:
        self._links, self._people = links, people

    async def link(self, request: Request) -> None:
        """A code to carry to another platform, or what becomes of one that is entered."""
        event, code = request.event, request.args.get("code", "").strip()
        if code.casefold() == "undo":
            await self.undo(request)
            return
        if not code:
            given = await self._links.give(event.id, request.player, event.place, event.at)
            if given is None:
                return
            linked = await self._links.standing(request.player, event.at) is not None
            await request.reply.whisper(said.code(given, linked=linked))
            return
        try:
            joined = await self._links.enter(event.id, request.player, event.place, code, event.at)
        finally:
            self._people.forget()
        await request.reply.whisper(said.joined(joined))

    async def undo(self, request: Request) -> None:
        try:
            await self._links.undo(request.event.id, request.player, request.event.at)
        finally:
            self._people.forget()
        await request.reply.whisper(said.parted())
