"""What Discord's API can answer instead."""

import aiohttp
import discord

from bot.chat.port import Lost


class Refused(Exception):  # noqa: N818 (an answer, which callers judge)
    """`code` is Discord's error code."""

    def __init__(self, status: int, code: int, text: str) -> None:
        super().__init__(f"{status} ({code}): {text}")
        self.code = code


class Unsure(Exception):  # noqa: N818 (an answer, which callers judge)
    """It may have been done or not."""


FAILURES = (Refused, Unsure, Lost, discord.DiscordException, aiohttp.ClientError, OSError)
