"""Cards as Block Kit. Whatever a card holds, Slack accepts the blocks."""

from collections.abc import Mapping
from dataclasses import dataclass

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
from bot.chat.kit.custom_ids import form_button
from bot.chat.kit.files import media_type
from bot.chat.port import Say
from bot.chat.slack.outgoing.attachments import (
    ATTACHMENT,
    LARGEST_FILE,
    MOST_FILES,
    Attachment,
    UploadedFile,
    attachment_block,
)
from bot.chat.slack.outgoing.card_text import pieces_of
from bot.chat.slack.outgoing.controls import ActionIds, button_rows
from bot.chat.slack.outgoing.mrkdwn import (
    ELLIPSIS,
    cut,
    escape,
    short_line,
    slack_text,
    text_object,
)
from bot.chat.slack.outgoing.rich_text import MOST_LETTERS, Piece, from_spans, rich_text
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
    attachments: tuple[Attachment, ...] = ()

    def with_files(self, files: Mapping[str, UploadedFile]) -> list[Json]:
        """The blocks with uploaded files, by the names of their attachments."""
        attachments = {attachment.name: attachment for attachment in self.attachments}
        return [
            attachment_block(attachments[block["name"]], files.get(block["name"]))
            if block["type"] == ATTACHMENT
            else block
            for block in self.blocks
        ]

    def body(self, files: Mapping[str, UploadedFile]) -> Json:
        blocks = self.with_files(files)
        return {"text": self.text, **({"blocks": blocks} if blocks else {})}


def render(card: Card, say: Say, most_blocks: int = MOST_BLOCKS) -> Rendered:
    drawing = _Drawing(say, by_reaction=bool(card.reactions))
    for block in card.blocks:
        drawing.add(block)
    drawing.finish_text()
    header = {
        "type": "header",
        "text": text_object(
            short_line(
                slack_text(card.title),
                HEADER_MAX,
            )
        ),
    }
    rows = button_rows(drawing.action_ids.buttons(card.buttons), say)
    blocks = [header, *drawing.blocks[: most_blocks - 1 - len(rows)], *rows]
    used = {block["name"] for block in blocks if block["type"] == ATTACHMENT}
    return Rendered(
        blocks,
        cut(escape(slack_text(plain_text(card))), FALLBACK_MAX),
        tuple(attachment for attachment in drawing.attachments if attachment.name in used),
    )


class _Drawing:
    """The blocks of one card. Texts that follow one another become one block."""

    def __init__(self, say: Say, *, by_reaction: bool) -> None:
        self.blocks: list[Json] = []
        self.attachments: list[Attachment] = []
        self.action_ids = ActionIds()
        self._say = say
        self._by_reaction = by_reaction
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
                self._attach(Attachment(self._name("figure.png"), data, fallback, alt))
            case File(data=data) if self._has_room(data):
                fallback = self._say("slack_not_attached", label=block.label)
                name = self._name(block.name)
                self._attach(Attachment(name, data, fallback, label=block.label))
            case Choice() if block.options:
                for choice in self.action_ids.choice(block, self._say):
                    self.finish_text()
                    self._pieces = [from_spans((block.label,))]
                    self._put(choice)
            case Input():
                action = form_button(block.action, file=block.file)
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
        return 0 < len(content) <= LARGEST_FILE and len(self.attachments) < MOST_FILES

    def _name(self, name: str) -> str:
        return f"{len(self.attachments)}-{name}"

    def _attach(self, attachment: Attachment) -> None:
        self.attachments.append(attachment)
        self._put({"type": ATTACHMENT, "name": attachment.name})

    def _put(self, block: Json) -> None:
        self.finish_text()
        self.blocks.append(block)
