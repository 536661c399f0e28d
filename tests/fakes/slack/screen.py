"""What a person has before them: messages and views, and what became of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.slack import blocks as parts
from tests.fakes.slack.world import Json


@dataclass(frozen=True, slots=True)
class Act:
    """What became of something that the bot had to acknowledge."""

    id: str
    acknowledged: bool
    after: float | None
    """Seconds of the simulator's clock until the acknowledgement."""
    at: float
    answer: Any
    """What came with the acknowledgement."""
    messages: tuple[str, ...]
    """Ids of what was said by the acknowledgement or the response_url."""
    view: Json | None
    """The modal that it opened."""
    errors: Mapping[str, str]

    @classmethod
    def of(cls, payload: Json) -> "Act":
        return cls(**{**payload, "messages": tuple(payload["messages"])})

    @property
    def failed(self) -> bool:
        return not self.acknowledged


class Usable:
    """Blocks with things to press in them."""

    blocks: list[Json]

    @property
    def controls(self) -> list[Json]:
        """Everything to press, choose or type in, in reading order."""
        return [one for _, one in parts.usable(self.blocks)]

    @property
    def buttons(self) -> Mapping[str, str]:
        """Action ids by label, of what can be pressed."""
        return {
            one["text"]["text"]: one["action_id"]
            for one in self.controls
            if one["type"] == "button"
        }

    @property
    def values(self) -> Mapping[str, str]:
        """Values by label, of the buttons that have one."""
        return {
            one["text"]["text"]: one["value"]
            for one in self.controls
            if one.get("value") and "text" in one
        }

    @property
    def menus(self) -> list[Json]:
        """Checkboxes and selects."""
        return [one for one in self.controls if one["type"] in parts.SEVERAL | parts.ONE]

    def offers(self, what: str) -> bool:
        """Whether something of this action id, value or label is there."""
        return any(
            what in {one["action_id"], one.get("value"), one.get("text", {}).get("text")}
            for one in self.controls
        )


@dataclass(frozen=True, slots=True)
class Seen(Usable):
    """A message as one person has it before them."""

    shape: Json

    @property
    def id(self) -> str:
        return str(self.shape["id"])

    @property
    def ts(self) -> str:
        return str(self.shape["ts"])

    @property
    def private(self) -> bool:
        return bool(self.shape["private"])

    @property
    def author(self) -> str:
        return str(self.shape["user"])

    @property
    def by_bot(self) -> bool:
        return bool(self.shape["by_bot"])

    @property
    def text(self) -> str:
        """All words on it, from top to bottom; without blocks, its text."""
        return "\n".join(self.shape["words"])

    @property
    def fallback(self) -> str:
        """What notifications and screen readers say."""
        return str(self.shape["text"])

    @property
    def blocks(self) -> list[Json]:  # type: ignore[override]
        return list(self.shape["blocks"])

    @property
    def reactions(self) -> Mapping[str, tuple[str, ...]]:
        """Who reacted, by short name."""
        return {name: tuple(who) for name, who in self.shape["reactors"].items()}

    @property
    def pings(self) -> tuple[str, ...]:
        return tuple(self.shape["pings"])

    @property
    def edits(self) -> int:
        return int(self.shape["edits"])

    @property
    def files(self) -> list[Json]:
        return list(self.shape.get("files", ()))


@dataclass(frozen=True, slots=True)
class Sheet(Usable):
    """A modal or the home tab, as a person has it before them."""

    shape: Json

    @property
    def id(self) -> str:
        return str(self.shape["id"])

    @property
    def title(self) -> str:
        return str(self.shape["title"]["text"])

    @property
    def text(self) -> str:
        return "\n".join([self.title, *parts.words(self.shape["blocks"])])

    @property
    def blocks(self) -> list[Json]:  # type: ignore[override]
        return list(self.shape["blocks"])

    @property
    def errors(self) -> Mapping[str, str]:
        return dict(self.shape.get("errors", {}))
