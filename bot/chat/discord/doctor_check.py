"""Whether the token works, and where to invite the bot."""

from typing import Any

import aiohttp
import discord

from bot import __version__
from bot.errors import OperatorError

PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    attach_files=True,
    read_message_history=True,
    add_reactions=True,
    manage_messages=True,
)
REFUSED = (
    "Discord refuses the token. Copy it from the developer portal (Bot, Reset Token) into "
    "TORCHPROOF_DISCORD_TOKEN."
)


async def check(token: str, api: str, *, members: bool) -> str:
    headers = {
        "Authorization": f"Bot {token}",
        "User-Agent": f"DiscordBot (https://torchproof.example, {__version__})",
    }
    timeout = aiohttp.ClientTimeout(10)
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            bot = await _get(session, f"{api.rstrip('/')}/users/@me")
            application = await _get(session, f"{api.rstrip('/')}/applications/@me")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise OperatorError(
            f"{api} does not answer ({type(error).__name__}). Look at the network, or try again."
        ) from error
    intents = 1 << 14 | 1 << 15  # GATEWAY_GUILD_MEMBERS, GATEWAY_GUILD_MEMBERS_LIMITED
    if members and not int(application.get("flags") or 0) & intents:
        raise OperatorError(
            "The members intent is off. Switch it on in the developer portal under Bot, or set "
            "TORCHPROOF_DISCORD_MEMBERS=off."
        )
    invite = (
        f"https://discord.com/oauth2/authorize?client_id={application['id']}"
        f"&scope=bot+applications.commands&permissions={PERMISSIONS.value}"
    )
    return f"{bot.get('username')} is let in; invite it with {invite}"


async def _get(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with session.get(url) as response:
        if response.status in (401, 403):
            raise OperatorError(REFUSED)
        response.raise_for_status()
        payload: dict[str, Any] = await response.json(content_type=None)
        return payload
