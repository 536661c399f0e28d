"""Members who join their accounts on several platforms."""

from bot.conversation.request import Turn
from bot.phrases import links as said
from bot.quizmaster.links import Links
from bot.quizmaster.people import People


class LinksTalk:
    def __init__(self, links: Links, people: People) -> None:
        self._links, self._people = links, people

    async def link(self, turn: Turn) -> None:
        """A code to carry to another platform, or what becomes of one that is entered."""
        event, code = turn.event, turn.args.get("code", "").strip()
        if code.casefold() == "undo":
            await self.undo(turn)
            return
        if not code:
            given = await self._links.give(event.id, turn.player, event.place, event.at)
            if given is None:
                return
            linked = await self._links.standing(turn.player, event.at) is not None
            await turn.reply.whisper(said.code(given, linked=linked))
            return
        try:
            joined = await self._links.enter(event.id, turn.player, event.place, code, event.at)
        finally:
            self._people.forget()
        await turn.reply.whisper(said.joined(joined))

    async def undo(self, turn: Turn) -> None:
        try:
            await self._links.undo(turn.event.id, turn.player, turn.event.at)
        finally:
            self._people.forget()
        await turn.reply.whisper(said.parted())
