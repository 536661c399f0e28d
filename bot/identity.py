"""Who speaks, where, and about which message: the three names that every floor shares."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on a platform; `admin` is what the platform vouches for at the time of the act.

    A name is empty where the platform did not say it.
    """

    platform: str
    id: str
    name: str
    admin: bool = False
    groups: frozenset[str] = frozenset()
    """The groups of the community that they are in, as the platform names them: roles, user groups."""
    stopgap: bool = False
    """The name is what the platform said in passing: for whoever is new it does, and it replaces none that is known."""

    @property
    def sure_name(self) -> str:
        """The name that they go by; empty where that is not known."""
        return "" if self.stopgap else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where people talk: a channel in a community (a server, a workspace) on a platform."""

    platform: str
    community: str
    channel: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """One message, by the id its platform gave it."""

    place: Place
    id: str
