"""Figures and long outputs, handed to Slack once and then pointed to."""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from bot.chat.kit.uploads import check_size
from bot.chat.slack.outgoing.cards import Attachment, Kept
from bot.chat.slack.web_api import Json, Refused, Unsure, WebApi
from bot.errors import UserError

MANY = 1000
NOT_FETCHED = "I could not fetch that file from Slack (may the app read files?). Choose it again, or write the dates."
_log = logging.getLogger(__name__)


class FileUploads:
    def __init__(self, wire: WebApi) -> None:
        self._wire = wire
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()

    async def kept(self, team: str, attachments: Sequence[Attachment]) -> dict[str, Kept]:
        """Each under its name in the message; what Slack does not take is left out."""
        found = {}
        for each in attachments:
            try:
                found[each.name] = await self._keep(team, each)
            except (Refused, Unsure, KeyError) as error:
                _log.warning(
                    "a file could not be handed to Slack (may the bot write files?): %s", error
                )
        return found

    async def _keep(self, team: str, attachment: Attachment) -> Kept:
        key = team, hashlib.sha256(attachment.alt.encode() + b"\0" + attachment.content).hexdigest()
        if key not in self._kept:
            self._kept[key] = await self._upload(team, attachment)
            if len(self._kept) > MANY:
                self._kept.popitem(last=False)
        return self._kept[key]

    async def _upload(self, team: str, attachment: Attachment) -> Kept:
        name = attachment.name.partition("-")[2]
        described: dict[str, Any] = {"alt_txt": attachment.alt} if attachment.alt else {}
        told = await self._wire.ask(
            team,
            "files_getUploadURLExternal",
            filename=name,
            length=len(attachment.content),
            **described,
        )
        await self._wire.put(told["upload_url"], attachment.content)
        about = {"id": told["file_id"], "title": (attachment.label or attachment.alt or name)[:200]}
        done = await self._wire.ask(team, "files_completeUploadExternal", files=[about])
        file = (done.get("files") or [{}])[0]
        return Kept(str(told["file_id"]), str(file.get("permalink") or ""))


async def handed_over(wire: WebApi, team: str, file: Json) -> bytes:
    """What somebody chose in a form."""
    try:
        check_size(int(file.get("size") or 0))
        return await wire.fetch(team, str(file["url_private_download"]))
    except (Refused, Unsure, KeyError, ValueError) as error:
        _log.info("a file could not be fetched: %s", error)
        raise UserError(NOT_FETCHED) from error
