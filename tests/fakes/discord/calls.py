"""A request that found its route, and the table of routes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from tests.fakes.discord.messages import Files, Nonces
from tests.fakes.discord.rates import Rates
from tests.fakes.discord.world import Json, World


@dataclass
class Call:
    world: World
    rates: Rates
    nonces: Nonces
    params: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: Files = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.params[name]

    @property
    def sent(self) -> Json:
        return self.body if isinstance(self.body, dict) else {}


@dataclass(frozen=True, slots=True)
class Answer:
    body: Any = None
    status: int = 200


NOTHING = Answer(status=204)


@dataclass(frozen=True)
class Route:
    method: str
    template: str
    do: Callable[[Call], Answer]
    open: bool = False
    """Whether it needs no token of the bot."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template)))

    def params(self, path: str) -> dict[str, str] | None:
        """The parts of a path, decoded, if it is this route's."""
        match = self.pattern.fullmatch(path)
        return (
            {name: unquote(value) for name, value in match.groupdict().items()} if match else None
        )
