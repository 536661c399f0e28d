"""Figures and files in a card's blocks, before and after they are uploaded."""

from dataclasses import dataclass

from bot.chat.slack.outgoing.controls import OPTION_MAX
from bot.chat.slack.outgoing.mrkdwn import short_line
from bot.chat.slack.outgoing.rich_text import from_elements, from_spans, rich_text, text_element
from bot.chat.slack.payload import Json

LARGEST_FILE = 10 * 2**20
MOST_FILES = 10
ATTACHMENT = "attachment"
"""Stands for an attachment among the blocks until it is uploaded."""


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    fallback: str
    """The words in its place where it cannot be uploaded."""
    alt: str = ""
    """Of a figure. What has none is a file to open."""
    label: str = ""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    id: str
    permalink: str


def attachment_block(attachment: Attachment, file: UploadedFile | None) -> Json:
    if file is None:
        return rich_text([from_spans((attachment.fallback,))])
    if attachment.alt:
        return {"type": "image", "slack_file": {"id": file.id}, "alt_text": attachment.alt}
    link = {
        "type": "link",
        "url": file.permalink,
        "text": short_line(
            attachment.label,
            OPTION_MAX,
        ),
    }
    return rich_text([from_elements([text_element("📎 "), link])])
