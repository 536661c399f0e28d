"""Answers to one act of one person."""

from bot.chat.card import Card
from bot.chat.port import Posted
from bot.chat.web.messages import Messages, message_ref, posted
from bot.model.web_chat import WebMessage


class WebReply:
    """Keys its messages by act and number, so that a repeated act finds them again."""

    def __init__(
        self,
        messages: Messages,
        act_key: str,
        person_id: str,
        channel: str,
        pressed: WebMessage | None = None,
    ) -> None:
        self._messages = messages
        self._act_key = act_key
        self._person_id = person_id
        self._channel = channel
        self._private_card = pressed if pressed and pressed.reader == person_id else None
        self._count = 0
        self._shown: WebMessage | None = None

    async def show(self, card: Card, key: str = "") -> Posted:
        if self._shown is None:
            key = post_key(key) if key else self._next_key()
            self._shown = await self._messages.post(self._channel, card, key)
        else:
            self._shown = await self._messages.edit(self._shown.id, card) or self._shown
        return posted(self._shown)

    async def whisper(self, card: Card) -> Posted:
        key = self._next_key()
        return posted(await self._messages.post(self._channel, card, key, self._person_id))

    async def replace(self, card: Card) -> Posted:
        if self._private_card is None:
            return await self.whisper(card)
        replaced = await self._messages.replace(self._private_card.id, card, self._next_key())
        message = replaced or self._private_card
        return Posted(message_ref(message), message.replaced_at or message.at)

    def _next_key(self) -> str:
        self._count += 1
        return f"{self._act_key}:{self._count}"


def post_key(key: str) -> str:
    """The same in every process. No act's key begins like this."""
    return f"post {key}"
