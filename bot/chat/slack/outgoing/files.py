"""Files of cards and of members."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.chat.kit.files import check_size
from bot.chat.kit.limits import RecentValues
from bot.chat.slack.outgoing.controls import OPTION_MAX
from bot.chat.slack.outgoing.mrkdwn import short_line
from bot.chat.slack.outgoing.rich_text import from_elements, from_spans, rich_text, text_element
from bot.chat.slack.payload import Json, text
from bot.chat.slack.web_api import ApiError, UncertainError, WebApi
from bot.errors import UserError

LARGEST_FILE = 10 * 2**20
MOST_FILES = 10
MOST_KNOWN = 1000
LONGEST_TITLE = 200
# Stands for an attachment among the blocks until it is uploaded.
ATTACHMENT = "attachment"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes
    # The words in its place where it cannot be uploaded.
    fallback: str
    # Of a figure. What has none is a file to open.
    alt: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class UploadedFile:
    id: str
    permalink: str


def attachment_block(attachment: Attachment, files: Mapping[str, UploadedFile]) -> Json:
    file = files.get(attachment.name)
    if file is None:
        return rich_text([from_spans((attachment.fallback,))])
    if attachment.alt:
        return {"type": "image", "slack_file": {"id": file.id}, "alt_text": attachment.alt}
    label = short_line(attachment.label, OPTION_MAX)
    link = {"type": "link", "url": file.permalink, "text": label}
    return rich_text([from_elements([text_element("📎 "), link])])


@dataclass
class Files:
    _api: WebApi

    def __post_init__(self) -> None:
        self._uploaded = RecentValues[tuple[str, str], UploadedFile](MOST_KNOWN)

    async def upload(
        self,
        team: str,
        attachments: Sequence[Attachment],
    ) -> dict[str, UploadedFile]:
        uploaded = {}
        for attachment in attachments:
            try:
                uploaded[attachment.name] = await self._upload_once(team, attachment)
            except (ApiError, UncertainError, KeyError) as error:
                _log.warning(
                    "a file could not be uploaded (may the bot write files?): %s",
                    error,
                )
        return uploaded

    async def _upload_once(self, team: str, attachment: Attachment) -> UploadedFile:
        content = attachment.alt.encode() + b"\0" + attachment.content
        key = team, hashlib.sha256(content).hexdigest()
        if (uploaded := self._uploaded.get(key)) is None:
            uploaded = self._uploaded[key] = await self._upload(team, attachment)
        return uploaded

    async def _upload(self, team: str, attachment: Attachment) -> UploadedFile:
        name = attachment.name.partition("-")[2]
        about: Json = {"filename": name, "length": len(attachment.content)}
        if attachment.alt:
            about["alt_txt"] = attachment.alt
        target = await self._api.call(team, "files_getUploadURLExternal", **about)
        await self._api.post(target["upload_url"], retry=True, data=attachment.content)
        title = attachment.label or attachment.alt or name
        file = {"id": target["file_id"], "title": title[:LONGEST_TITLE]}
        answer = await self._api.call(team, "files_completeUploadExternal", files=[file])
        completed = (answer.get("files") or [{}])[0]
        return UploadedFile(str(target["file_id"]), text(completed, "permalink"))

    async def download(self, team: str, file: Json) -> bytes:
        try:
            check_size(int(file.get("size") or 0))
            return await self._api.download(team, str(file["url_private_download"]))
        except (ApiError, UncertainError, KeyError, ValueError) as error:
            _log.info("a file could not be downloaded: %s", error)
            raise UserError("slack_file_not_fetched") from error
