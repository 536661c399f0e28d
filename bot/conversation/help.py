"""Help: what can be asked for."""

from dataclasses import dataclass

from bot.conversation.request import Request
from bot.phrases.help import help_card
from bot.quizmaster.places import Places


@dataclass
class HelpCommands:
    places: Places

    async def help(self, request: Request) -> None:
        admin = await self.places.is_admin(request.event.person, request.place)
        await request.reply.whisper(help_card(admin=admin))
