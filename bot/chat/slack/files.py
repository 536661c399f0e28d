"""Files: those of cards, uploaded once to each workspace, and those that members hand over."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.chat.kit.files import check_size
from bot.chat.kit.limits import RecentValues
from bot.chat.slack.outgoing.attachments import Attachment, UploadedFile
from bot.chat.slack.payload import Json, text
from bot.chat.slack.web_api import ApiError, UncertainError, WebApi
from bot.errors import UserError

MOST_KNOWN = 1000
LONGEST_TITLE = 200
_log = logging.getLogger(__name__)


@dataclass
class FileUploads:
    _api: WebApi

    def __post_init__(self) -> None:
        self._uploaded: RecentValues[tuple[str, str], UploadedFile] = RecentValues(MOST_KNOWN)

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
        uploaded = self._uploaded.get(key)
        if uploaded is None:
            uploaded = await self._upload(team, attachment)
            self._uploaded[key] = uploaded
        return uploaded

    async def _upload(self, team: str, attachment: Attachment) -> UploadedFile:
        name = attachment.name.partition("-")[2]
        described: dict[str, Any] = {"alt_txt": attachment.alt} if attachment.alt else {}
        target = await self._api.call(
            team,
            "files_getUploadURLExternal",
            filename=name,
            length=len(attachment.content),
            **described,
        )
        await self._api.upload(target["upload_url"], attachment.content)
        title = attachment.label or attachment.alt or name
        file = {"id": target["file_id"], "title": title[:LONGEST_TITLE]}
        answer = await self._api.call(team, "files_completeUploadExternal", files=[file])
        completed = (answer.get("files") or [{}])[0]
        return UploadedFile(str(target["file_id"]), text(completed, "permalink"))


async def download(api: WebApi, team: str, file: Json) -> bytes:
    try:
        check_size(int(file.get("size") or 0))
        return await api.download(team, str(file["url_private_download"]))
    except (ApiError, UncertainError, KeyError, ValueError) as error:
        _log.info("a file could not be downloaded: %s", error)
        raise UserError("slack_file_not_fetched") from error
