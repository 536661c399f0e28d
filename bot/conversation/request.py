"""A request: a command or a press that can be answered."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.chat.card import Card
from bot.chat.port import Command, Posted, Press, Reply
from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player

MOST_IDS = 2**63
DIGITS = len(str(MOST_IDS))


@dataclass(frozen=True, slots=True)
class Request:
    """A press brings the words of its action: `answer:17:B`."""

    event: Command | Press
    player: Player
    reply: Reply
    words: tuple[str, ...] = ()

    @property
    def act(self) -> str:
        """The same for an event that is delivered again."""
        return self.event.id

    @property
    def place(self) -> Place:
        return self.event.place

    @property
    def at(self) -> datetime:
        return self.event.at

    @property
    def args(self) -> Mapping[str, str]:
        return self.event.args if isinstance(self.event, Command) else {}

    @property
    def values(self) -> tuple[str, ...]:
        return self.event.values if isinstance(self.event, Press) else ()

    def arg(self, name: str) -> str:
        return self.args.get(name, "")

    def word(self, n: int) -> str:
        return self.words[n] if n < len(self.words) else ""

    def number(self, n: int) -> int:
        """A word that is an id, as our own buttons have it."""
        word = self.word(n)
        if not is_id(word):
            raise UserError("button_outdated")
        return int(word)

    async def answer(self, card: Card) -> Posted:
        """In private: a new card after a command; the card that was pressed is replaced."""
        if isinstance(self.event, Command):
            return await self.reply.whisper(card)
        return await self.reply.replace(card)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) < MOST_IDS


Answer = Callable[[Request], Awaitable[None]]
Answers = Mapping[str, Answer]
