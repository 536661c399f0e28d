"""What somebody asked for, and how it is answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.chat.card import Card
from bot.chat.platform_interface import Command, Posted, Press, Reply, Visit
from bot.errors import UserError
from bot.identity import Place
from bot.model.people import Player
from bot.model.rounds import QuestionFilter
from bot.quizmaster.quizmaster import Quizmaster

MOST_IDS = 2**63
DIGITS = len(str(MOST_IDS))


@dataclass(frozen=True, slots=True)
class Request:
    event: Command | Press | Visit
    player: Player
    reply: Reply
    quizmaster: Quizmaster
    words: tuple[str, ...] = ()  # of a press: `answer:17:B`

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

    def now(self) -> datetime:
        return self.quizmaster.now()

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
        word = self.word(n)
        if not is_id(word):
            raise UserError("button_outdated")
        return int(word)

    @property
    def question_filter(self) -> QuestionFilter:
        if self.words:
            return QuestionFilter.decoded(self.word(1))
        return QuestionFilter(*map(self.args.get, ("pack", "level", "kind")))

    async def answer(self, card: Card) -> Posted:
        """In private: a new card after a command; the card that was pressed is replaced."""
        if isinstance(self.event, Command):
            return await self.reply.whisper(card)
        return await self.reply.replace(card)


def is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS and int(text) < MOST_IDS
