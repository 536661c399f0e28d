"""How the conversation answers one act of one person."""

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.chat.web.messages import Messages, posted, turned
from bot.chat.web.storage import StoredMessage


class WebReply:
    """Every message it makes is named by the act and its number, so that a repeated act finds them again."""

    def __init__(
        self,
        talk: Messages,
        act: str,
        person: str,
        channel: str,
        pressed: StoredMessage | None = None,
    ) -> None:
        self._talk, self._act, self._person, self._channel = talk, act, person, channel
        self._pressed = pressed if pressed is not None and pressed.reader == person else None
        self._said = 0
        self._shown: StoredMessage | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self._shown is None:
            self._shown = await self._talk.say(
                self._channel, card, post_key(key) if key else self._next_key()
            )
        else:
            self._shown = await self._talk.change(self._shown.id, card) or self._shown
        return posted(self._shown)

    async def whisper(self, card: Card) -> Posted:
        return posted(
            await self._talk.say(self._channel, card, self._next_key(), reader=self._person)
        )

    async def replace(self, card: Card) -> Posted:
        if self._pressed is None:
            return await self.whisper(card)
        note = await self._talk.replace(self._pressed.id, card, self._next_key())
        return turned(note or self._pressed)

    def _next_key(self) -> str:
        self._said += 1
        return f"{self._act}:{self._said}"


def post_key(key: str) -> str:
    """The same name for whoever posts it; no act's name begins like this."""
    return f"post {key}"
