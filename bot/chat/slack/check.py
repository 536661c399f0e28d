"""What the doctor asks Slack: whether the tokens are right, and which rights are missing."""

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.ears import BAD_APP_TOKEN
from bot.chat.slack.manifest import SCOPES
from bot.chat.slack.workspaces import BAD_TOKEN
from bot.errors import UserError


async def check(bot_token: str, app_token: str, api: str) -> str:
    """Where the bot is, by which way it hears; a UserError says what to mend."""
    told = [await _bot(bot_token, api)] if bot_token else ["workspaces install it themselves"]
    if app_token:
        await _asked(app_token, api, "apps_connections_open", BAD_APP_TOKEN)
        told.append("Socket Mode is open")
    return "; ".join(told)


async def _bot(token: str, api: str) -> str:
    said, headers = await _asked(token, api, "auth_test", BAD_TOKEN)
    held = {name.strip() for name in str(headers.get("x-oauth-scopes") or "").split(",") if name.strip()}
    missing = sorted(set(SCOPES) - held) if held else []
    if missing:
        raise UserError(
            f"The bot lacks rights in {said['team']}: {', '.join(missing)}. Take the manifest of "
            "`python -m bot manifest` into the app, then install it again."
        )
    return f"{said['user']} is in {said['team']}"


async def _asked(token: str, api: str, method: str, refusal: str) -> tuple[Mapping[str, Any], Mapping[str, str]]:
    client = AsyncWebClient(token, base_url=f"{api.rstrip('/')}/", timeout=10)
    try:
        told = await getattr(client, method)(**({"app_token": token} if method.startswith("apps_") else {}))
    except SlackApiError as error:
        raise UserError(f"{refusal} (Slack says: {error.response.get('error')}.)") from None
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        raise UserError(
            f"{api} does not answer ({type(error).__name__}). Look at the network, or try again."
        ) from error
    return told.data, {name.lower(): str(value) for name, value in told.headers.items()}
