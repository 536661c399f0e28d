"""What a person has before them: messages, and what became of what they did."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.fakes.discord import components as parts
from tests.fakes.discord.world import Json


@dataclass(frozen=True, slots=True)
class Act:
    """What became of something that the bot had to answer."""

    id: str
    answer: int | None
    """The type of the callback; none when it did not come in time, and the person saw a failure."""
    after: float | None
    """Seconds of the simulator's clock until the answer."""
    messages: tuple[str, ...]
    modal: Json | None
    choices: tuple[Json, ...]

    @classmethod
    def of(cls, payload: Json) -> "Act":
        choices = tuple(payload["choices"] or ())
        return cls(
            payload["id"],
            payload["answer"],
            payload["after"],
            tuple(payload["messages"]),
            payload["modal"],
            choices,
        )

    @property
    def failed(self) -> bool:
        return self.answer is None


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as one person has it before them."""

    shape: Json

    @property
    def id(self) -> str:
        return str(self.shape["id"])

    @property
    def private(self) -> bool:
        return bool(self.shape["private"])

    @property
    def thinking(self) -> bool:
        """Whether it only says that the bot is at work."""
        return bool(self.shape["thinking"])

    @property
    def author(self) -> str:
        return str(self.shape["author"]["id"])

    @property
    def text(self) -> str:
        """All words on it, from top to bottom: content, embeds, text, alt texts, labels."""
        words = [self.shape["content"]]
        for embed in self.shape["embeds"]:
            fields = [
                text
                for field in embed.get("fields", ())
                for text in (field["name"], field["value"])
            ]
            words += [
                embed.get("title"),
                embed.get("description"),
                *fields,
                (embed.get("footer") or {}).get("text"),
            ]
        for _, part in parts.walk(self.shape["components"]):
            words += [
                part.get("content"),
                *(item.get("description") for item in part.get("items", ())),
            ]
        return "\n".join(word for word in words if word)

    @property
    def controls(self) -> list[Json]:
        """Everything to press or choose in, in reading order."""
        return parts.interactive(self.shape["components"])

    @property
    def buttons(self) -> Mapping[str, str]:
        """Custom ids by label, of what can be pressed."""
        return {
            part.get("label") or part["emoji"]["name"]: part["custom_id"]
            for part in self.controls
            if part["type"] == parts.BUTTON and not part.get("disabled")
        }

    @property
    def menus(self) -> list[Json]:
        return [
            part
            for part in self.controls
            if part["type"] in parts.SELECTS and not part.get("disabled")
        ]

    @property
    def reactions(self) -> Mapping[str, tuple[str, ...]]:
        """Who reacted, by emoji."""
        return {emoji: tuple(who) for emoji, who in self.shape["reactors"].items()}

    @property
    def pings(self) -> tuple[str, ...]:
        return tuple(self.shape["pings"])

    @property
    def edits(self) -> int:
        return int(self.shape["edits"])

    @property
    def files(self) -> list[Json]:
        return list(self.shape["attachments"])

    def pressable(self, what: str) -> str:
        """The custom id behind a label, or the custom id itself."""
        return self.buttons.get(what, what)
