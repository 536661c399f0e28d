"""Cards as Block Kit. Whatever a card holds, Slack accepts the blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from bot.chat.card import (
    Block,
    Button,
    Card,
    Choice,
    File,
    Input,
    Picture,
    Text,
    plain_text,
    text_of,
)
from bot.chat.kit.custom_ids import form_custom_id
from bot.chat.kit.files import media_type
from bot.chat.platform_interface import Say
from bot.chat.slack.outgoing.controls import ActionIds, button_rows
from bot.chat.slack.outgoing.files import (
    ATTACHMENT,
    LARGEST_FILE,
    MOST_FILES,
    Attachment,
    UploadedFile,
    attachment_block,
)
from bot.chat.slack.outgoing.mrkdwn import (
    ELLIPSIS,
    cut,
    short_line,
    slack_text,
    text_object,
)
from bot.chat.slack.outgoing.rich_text import MOST_LETTERS, Piece, from_spans, pieces_of, rich_text
from bot.chat.slack.payload import Json

MOST_BLOCKS = 45
HEADER_MAX = 150
NOTE_MAX = 2000
ALT_TEXT_MAX = 2000
FALLBACK_MAX = 3000
IMAGE_TYPES = {"image/png", "image/jpeg", "image/gif"}


@dataclass(frozen=True, slots=True)
class Rendered:
    blocks: list[Json]
    text: str

    @property
    def attachments(self) -> list[Attachment]:
        return [block[ATTACHMENT] for block in self.blocks if ATTACHMENT in block]

    def with_files(self, files: Mapping[str, UploadedFile]) -> list[Json]:
        return [
            attachment_block(block[ATTACHMENT], files) if ATTACHMENT in block else block
            for block in self.blocks
        ]

    def body(self, files: Mapping[str, UploadedFile]) -> Json:
        blocks = self.with_files(files)
        return {"text": self.text, **({"blocks": blocks} if blocks else {})}


def render(card: Card, say: Say, most_blocks: int = MOST_BLOCKS) -> Rendered:
    drawing = _Drawing(say, bool(card.reactions))
    for block in card.blocks:
        drawing.add(block)
    drawing.finish_text()
    title = text_object(short_line(slack_text(card.title), HEADER_MAX))
    rows = button_rows(drawing.action_ids.buttons(card.buttons), say)
    body = drawing.blocks[: most_blocks - 1 - len(rows)]
    text = cut(escape(slack_text(plain_text(card)), quote=False), FALLBACK_MAX)
    return Rendered([{"type": "header", "text": title}, *body, *rows], text)


@dataclass
class _Drawing:
    """Texts that follow one another become one block."""

    _say: Say
    _by_reaction: bool

    def __post_init__(self) -> None:
        self.blocks: list[Json] = []
        self.action_ids = ActionIds()
        self._attachments = 0
        self._pieces: list[Piece] = []
        self._letters_left = MOST_LETTERS

    def add(self, block: Block) -> None:
        match block:
            case Text(note=True):
                note = text_object(cut(slack_text(text_of(block.spans)), NOTE_MAX))
                self._put({"type": "context", "elements": [note]})
            case Picture(data=data) if self._has_room(data) and media_type(data) in IMAGE_TYPES:
                alt = cut(block.alt.strip(), ALT_TEXT_MAX)
                fallback = self._say("slack_figure", alt=alt)
                self._attach("figure.png", data, fallback, alt)
            case File(data=data) if self._has_room(data):
                fallback = self._say("slack_not_attached", label=block.label)
                self._attach(block.name, data, fallback, label=block.label)
            case Choice() if block.options:
                for choice in self.action_ids.choice(block, self._say):
                    self.finish_text()
                    self._pieces = [from_spans((block.label,))]
                    self._put(choice)
            case Input():
                action = form_custom_id(block.action, file=block.file)
                button = Button(block.label or block.send, action, "primary")
                for row in button_rows(self.action_ids.buttons([button]), self._say):
                    self._put(row)
            case _:
                self._pieces += pieces_of(block, self._say, by_reaction=self._by_reaction)

    def finish_text(self) -> None:
        if self._pieces:
            self.blocks.append(rich_text(self._pieces, self._letters_left))
            left = self._letters_left - sum(piece.length for piece in self._pieces)
            self._letters_left = max(len(ELLIPSIS), left)
            self._pieces = []

    def _has_room(self, content: bytes) -> bool:
        return 0 < len(content) <= LARGEST_FILE and self._attachments < MOST_FILES

    def _attach(
        self, name: str, data: bytes, fallback: str, alt: str = "", label: str = ""
    ) -> None:
        attachment = Attachment(f"{self._attachments}-{name}", data, fallback, alt, label)
        self._attachments += 1
        self._put({"type": ATTACHMENT, ATTACHMENT: attachment})

    def _put(self, block: Json) -> None:
        self.finish_text()
        self.blocks.append(block)
