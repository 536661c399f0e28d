"""Cards as messages of Components V2."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.chat.card import Block, Button, Card, Choice, Code, File, Input, Picture, Tone
from bot.chat.discord.outgoing.card_text import Piece, fitted, fixed, label, pieces_of
from bot.chat.discord.outgoing.components import (
    Json,
    button,
    button_rows,
    described,
    row,
    select,
    shortened,
)
from bot.chat.discord.outgoing.markdown import NOTHING, escaped, one_line
from bot.chat.kit.custom_ids import form_custom_id, numbered
from bot.chat.kit.files import media_type

EPHEMERAL = 1 << 6
IS_COMPONENTS_V2 = 1 << 15

MAX_COMPONENTS = 40
MAX_LETTERS = 4000
MAX_FILES = 10
MAX_FILE_BYTES = 10 * 2**20
MAX_CUSTOM_ID = 100
# Attachments, menus and forms beyond these are left out: buttons need room.
MAX_PARTS = 10

OUTPUT_FILE = "output.txt"

_COLORS: dict[Tone, int] = {
    "plain": 0x5B6EE1,
    "good": 0x2E8B57,
    "bad": 0xC0392B,
    "partly": 0xD68910,
    "over": 0x7F8C8D,
}


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    alt: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Rendered:
    components: list[Json]
    attachments: tuple[Attachment, ...] = ()

    def body(self, flags: int = 0) -> Json:
        return {
            "components": self.components,
            "flags": IS_COMPONENTS_V2 | flags,
            "allowed_mentions": {"parse": []},
            "attachments": [
                {"id": str(number), "filename": each.name, **described(each.alt)}
                for number, each in enumerate(self.attachments)
            ],
        }


def render(card: Card) -> Rendered:
    renderer = _CardRenderer()
    title = escaped(shortened(one_line(card.title), 200)) or NOTHING
    renderer.write(fixed(f"### {title}"))
    for block in card.blocks:
        renderer.add(block)
    return renderer.finish(card.buttons, _COLORS[card.tone])


class _CardRenderer:
    """Adjoining texts become one component; all texts share the letters."""

    def __init__(self) -> None:
        # components, and texts as the numbers of their pieces
        self._parts: list[Json | list[int]] = []
        self._open_text: list[int] = []
        self._pieces: list[Piece] = []
        self._outputs: dict[int, str] = {}  # what programs printed, by the number of its piece
        self._attachments: list[Attachment] = []
        self._ids: set[str] = set()

    def write(self, piece: Piece) -> None:
        self._open_text.append(len(self._pieces))
        self._pieces.append(piece)

    def add(self, block: Block) -> None:
        match block:
            case Picture() if self._fits(block.data) and media_type(block.data):
                self._picture(block)
            case File() if self._fits(block.data):
                self._file(block)
            case Choice() if block.options:
                self._control(block.action, lambda custom_id: select(block, custom_id))
            case Input():
                text = block.label or block.send
                self._control(
                    form_custom_id(block.action, file=block.file),
                    lambda custom_id: row(button(text, custom_id, "primary")),
                )
            case _:
                if isinstance(block, Code) and block.language == "text":
                    self._outputs[len(self._pieces)] = block.text
                for piece in pieces_of(block):
                    self.write(piece)

    def finish(self, buttons: Sequence[Button], color: int) -> Rendered:
        self._close_text()
        self._attach_cut_output()
        texts = self._fitted()
        components: list[Json] = []
        for part in self._parts:
            if isinstance(part, list):
                content = "\n".join(texts[number] for number in part).strip()
                components.append({"type": 10, "content": content or NOTHING})  # TEXT_DISPLAY
            else:
                components.append(part)
        inside = sum(1 + len(part.get("components", ())) for part in components)
        shown = [
            button(each.label, custom_id, each.style)
            for each in buttons
            if (custom_id := self._custom_id(each.action))
        ]
        components += button_rows(shown, MAX_COMPONENTS - 1 - inside)
        # CONTAINER
        container = {"type": 17, "accent_color": color, "components": components}
        return Rendered([container], tuple(self._attachments))

    def _attach_cut_output(self) -> None:
        # An output shown in part is attached whole, unless the card has it as a file.
        if not self._outputs or any(each.name.endswith(OUTPUT_FILE) for each in self._attachments):
            return
        texts = self._fitted()
        for number, output in self._outputs.items():
            content = output.encode("utf-8", "replace")
            if texts[number] != self._pieces[number].text and self._fits(content):
                self._attach(f"{len(self._attachments)}-{OUTPUT_FILE}", content)

    def _fitted(self) -> list[str]:
        # Each piece is followed by a line break, or its text is replaced by one letter.
        breaks = sum(len(part) for part in self._parts if isinstance(part, list))
        return fitted(self._pieces, MAX_LETTERS - breaks)

    def _fits(self, content: bytes) -> bool:
        used = sum(len(each.content) for each in self._attachments)
        return (
            used + len(content) <= MAX_FILE_BYTES
            and len(self._attachments) < MAX_FILES
            and len(self._parts) < MAX_PARTS
        )

    def _picture(self, picture: Picture) -> None:
        suffix = (media_type(picture.data) or "").removeprefix("image/").replace("jpeg", "jpg")
        name = f"{len(self._attachments)}-{_stem(picture.name)}.{suffix}"
        alt = shortened(picture.alt.strip(), 1024)
        self._attachments.append(Attachment(name, alt, picture.data))
        item = {"media": {"url": f"attachment://{name}"}, **described(alt)}
        self._put({"type": 12, "items": [item]})  # MEDIA_GALLERY

    def _file(self, block: File) -> None:
        stem, _, suffix = block.name.rpartition(".")
        suffix = re.sub(r"[^A-Za-z0-9]+", "", suffix)[:10] if stem else ""
        self.write(label(block.label))
        name = f"{len(self._attachments)}-{_stem(block.name)}.{suffix or 'bin'}"
        self._attach(name, block.data)

    def _attach(self, name: str, content: bytes) -> None:
        self._attachments.append(Attachment(name, "", content))
        self._put({"type": 13, "file": {"url": f"attachment://{name}"}})  # FILE

    def _control(self, action: str, component: Callable[[str], Json]) -> None:
        custom_id = self._custom_id(action)
        if custom_id and len(self._parts) < MAX_PARTS:
            self._put(component(custom_id))

    def _put(self, component: Json) -> None:
        self._close_text()
        self._parts.append(component)

    def _close_text(self) -> None:
        if self._open_text:
            self._parts.append(self._open_text)
            self._open_text = []

    def _custom_id(self, action: str) -> str:
        """Empty where Discord would not take it."""
        custom_id = numbered(action, self._ids)
        if not 1 <= len(custom_id) <= MAX_CUSTOM_ID:
            return ""
        self._ids.add(custom_id)
        return custom_id


def _stem(name: str) -> str:
    stem = name.rpartition(".")[0] or name
    return re.sub(r"[^A-Za-z0-9_]+", "-", stem).strip("-")[:40] or "file"
