"""Answers by reaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.chat.card import Card
from bot.chat.kit.replies import ReactionAnswers
from bot.chat.platform_interface import Reaction
from bot.chat.slack.members import MemberNames
from bot.chat.slack.outgoing.messages import Messages
from bot.chat.slack.outgoing.mrkdwn import emoji_of, name_of
from bot.chat.slack.payload import Json, person_of, place_of, text, time_of
from bot.chat.slack.shared import Core
from bot.chat.slack.web_api import FAILURES
from bot.chat.slack.workspaces import Workspaces
from bot.identity import MessageRef

_log = logging.getLogger(__name__)


@dataclass
class Reactions:
    _core: Core
    _messages: Messages
    _workspaces: Workspaces
    _names: MemberNames

    def __post_init__(self) -> None:
        self._answers = ReactionAnswers(
            self._messages.add_reaction, FAILURES, self._core.storage, self._core.now
        )
        self.start_adding = self._answers.start_adding
        self.close = self._answers.laying.close

    async def reaction_added(self, team: str, event: Json) -> None:
        bot_user = await self._workspaces.bot_user(team)
        if text(event, "item", "type") == "message" and event.get("user") != bot_user:
            message = MessageRef(
                place_of(team, event["item"]["channel"]),
                event["item"]["ts"],
            )
            at = time_of(event["event_ts"])
            await self._hear(message, str(event["user"]), str(event["reaction"]), at)

    async def read_missed(
        self,
        message: MessageRef,
        emoji: Sequence[str],
        until: datetime,
    ) -> None:
        """Catch up on missed reactions, and add the bot's own."""
        bot_user = await self._workspaces.bot_user(message.place.community)
        users = {
            str(reaction["name"]): list(reaction.get("users") or ())
            for reaction in await self._messages.reactions(message)
        }
        await self._answers.add_reactions(
            message, [each for each in emoji if bot_user not in users.get(name_of(each), ())]
        )
        for name, reacted in users.items():
            for user in reacted if emoji_of(name) in emoji else ():
                if user != bot_user:
                    await self._hear(message, str(user), name, min(until, self._core.now()))

    async def _hear(self, message: MessageRef, user: str, name: str, at: datetime) -> None:
        place = message.place
        emoji = emoji_of(name)
        person = person_of(place.community, user, self._names.of(place.community, user))

        async def answer(card: Card) -> None:
            for send in (self._messages.send_ephemeral, self._messages.send_direct):
                try:
                    await send(place, user, card)
                except FAILURES as error:
                    _log.info("a reaction could not be answered: %s", error)
                else:
                    return

        act = f"{place.channel}:{message.id}:{user}:{emoji}"
        reaction = Reaction(act, person, message, emoji, added=True, at=at)
        await self._answers.hear(reaction, self._core.hear, answer)
        self._names.check(place.community, user, person.name)
