"""People, places and messages, as every floor names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform. Their name is empty where the platform did not say it."""

    platform: str
    id: str
    name: str
    admin: bool = False
    """At the time of the act."""
    groups: frozenset[str] = frozenset()
    """Their groups in the community: roles, user groups."""
    stopgap: bool = False
    """The name is a guess: it replaces none that is known."""

    @property
    def sure_name(self) -> str:
        """Empty where their name is not known for certain."""
        return "" if self.stopgap else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """A channel in a community (a server, a workspace) on a platform."""

    platform: str
    community: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message by the id that its platform gave it."""

    place: Place
    id: str
