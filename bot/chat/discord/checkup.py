"""What the doctor asks Discord: whether the token is right, what is missing, and where to invite the bot."""

from typing import Any

import aiohttp

from bot import __version__
from bot.errors import OperatorError

VIEW, SEND, ATTACH, HISTORY, REACT, TIDY, THREADS = (
    1 << 10,
    1 << 11,
    1 << 15,
    1 << 16,
    1 << 6,
    1 << 13,
    1 << 38,
)
PERMISSIONS = VIEW | SEND | ATTACH | HISTORY | REACT | TIDY | THREADS
_MEMBERS = (1 << 14) | (1 << 15)
"""The flags of an application that may know who comes and goes."""
_TIMEOUT_S = 10


async def check(token: str, api: str, *, members: bool) -> str:
    """Who the bot is, and its invite link; a OperatorError says what to mend."""
    timeout = aiohttp.ClientTimeout(_TIMEOUT_S)
    headers = {
        "Authorization": f"Bot {token}",
        "User-Agent": f"DiscordBot (https://torchproof.example, {__version__})",
    }
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            bot = await _read(session, f"{api.rstrip('/')}/users/@me")
            application = await _read(session, f"{api.rstrip('/')}/applications/@me")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise OperatorError(
            f"{api} does not answer ({type(error).__name__}). Look at the network, or try again."
        ) from error
    if members and not int(application.get("flags") or 0) & _MEMBERS:
        raise OperatorError(
            "The members intent is off. Switch it on in the developer portal under Bot, or set "
            "TORCHPROOF_DISCORD_MEMBERS=off."
        )
    return f"{bot.get('username')} is let in; invite it with {invitation(str(application['id']))}"


def invitation(application: str) -> str:
    return (
        f"https://discord.com/oauth2/authorize?client_id={application}"
        f"&scope=bot+applications.commands&permissions={PERMISSIONS}"
    )


async def _read(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with session.get(url) as response:
        if response.status in (401, 403):
            raise OperatorError(
                "Discord refuses the token. Copy it from the developer portal (Bot, Reset Token) into "
                "TORCHPROOF_DISCORD_TOKEN."
            )
        response.raise_for_status()
        found: dict[str, Any] = await response.json(content_type=None)
        return found
