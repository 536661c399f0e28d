"""What a member did, and how it can be answered."""

from dataclasses import dataclass

from bot.chat.port import Command, Press, Snippet
from bot.chat.slack.identifiers import user_of
from bot.commands import RUN
from bot.identity import MessageRef, Place


@dataclass(frozen=True, slots=True)
class Interaction:
    event: Command | Press | Snippet
    response_url: str = ""
    """Takes up to five answers within half an hour."""
    private_card: MessageRef | None = None
    """The card that was pressed, where only this member sees it."""
    in_home_tab: bool = False
    thread_ts: str = ""
    """The thread it happened in, where it is answered."""

    @property
    def id(self) -> str:
        return self.event.id

    @property
    def place(self) -> Place:
        return self.event.place

    @property
    def team(self) -> str:
        return self.place.community

    @property
    def user(self) -> str:
        return user_of(self.event.person)

    @property
    def action(self) -> str:
        match self.event:
            case Command(name=name):
                return name
            case Press(action=action):
                return action
            case Snippet():
                return RUN.name
