"""What the doctor asks Slack: whether the tokens are right, which rights are missing, and how the app is set up."""

from collections.abc import Iterator, Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.incoming.listeners import BAD_APP_TOKEN
from bot.chat.slack.manifest import EVENTS_HEARD, SCOPES, manifest
from bot.chat.slack.workspaces import BAD_TOKEN
from bot.errors import OperatorError

RENEW = "Take the manifest of `python -m bot manifest` into the app, then install it again."
BAD_CONFIG_TOKEN = (
    "Slack does not show how the app is set up. Generate a new configuration token at api.slack.com/apps (one lives for "  # noqa: S105 (a sentence)
    "twelve hours) into TORCHPROOF_SLACK_CONFIG_TOKEN, or take that setting away."
)
_PAGES = "https://api.slack.com/apps"

Json = Mapping[str, Any]


async def check(bot_token: str, app_token: str, api: str, config_token: str = "") -> str:
    """Where the bot is, and by which way it hears; a OperatorError says what to mend."""
    said = await _bot(bot_token, api) if bot_token else {}
    told = [f"{said['user']} is in {said['team']}" if said else "workspaces install it themselves"]
    if app_token:
        await _asked(app_token, api, "apps_connections_open", BAD_APP_TOKEN, app_token=app_token)
        told.append("Socket Mode is open")
    app = await _app(bot_token, api, str(said.get("bot_id") or "")) if said else ""
    if app and config_token:
        await _set_up(config_token, api, app)
        told.append("the app is set up like its manifest")
    else:
        told.append(_unseen(app))
    return "; ".join(told)


def _unseen(app: str) -> str:
    """What no bot is told of itself, and where its owner looks."""
    page = f"{_PAGES}/{app}" if app else _PAGES
    return (
        f"what Slack tells no bot, look at yourself: under {page} that Event Subscriptions have "
        f"{', '.join(EVENTS_HEARD)}, that Interactivity is on, and that App Home shows the Messages tab; or set "
        "TORCHPROOF_SLACK_CONFIG_TOKEN, and the doctor looks"
    )


async def _bot(token: str, api: str) -> Json:
    said, headers = await _asked(token, api, "auth_test", BAD_TOKEN)
    held = {
        name.strip() for name in str(headers.get("x-oauth-scopes") or "").split(",") if name.strip()
    }
    missing = sorted(set(SCOPES) - held) if held else []
    if missing:
        raise OperatorError(
            f"The bot lacks rights in {said['team']}: {', '.join(missing)}. {RENEW}"
        )
    return said


async def _app(token: str, api: str, bot: str) -> str:
    said, _ = await _asked(token, api, "bots_info", BAD_TOKEN, bot=bot)
    return str((said.get("bot") or {}).get("app_id") or "")


async def _set_up(token: str, api: str, app: str) -> None:
    said, _ = await _asked(token, api, "apps_manifest_export", BAD_CONFIG_TOKEN, app_id=app)
    if lacking := list(lacks(said.get("manifest") or {})):
        raise OperatorError(
            f"The app is not set up like its manifest: {'; '.join(lacking)}. {RENEW}"
        )


def lacks(there: Json) -> Iterator[str]:
    """What an app has not, and needs, in words."""
    wanted = manifest()
    events = set(EVENTS_HEARD) - set(
        _at(there, "settings", "event_subscriptions").get("bot_events") or ()
    )
    if events:
        yield f"it is not told of {', '.join(sorted(events))} (Event Subscriptions)"
    if not _at(there, "settings", "interactivity").get("is_enabled"):
        yield "buttons and forms are off (Interactivity & Shortcuts)"
    home = _at(there, "features", "app_home")
    if not home.get("home_tab_enabled") or not home.get("messages_tab_enabled"):
        yield "the Home or the Messages tab is off (App Home)"
    if home.get("messages_tab_read_only_enabled"):
        yield "nobody may write to it in the Messages tab (App Home)"
    for kind, name, where in (
        ("slash_commands", "command", "Slash Commands"),
        ("shortcuts", "callback_id", "Shortcuts"),
    ):
        has = {each.get(name) for each in (there.get("features") or {}).get(kind) or ()}
        if missing := [each[name] for each in wanted["features"][kind] if each[name] not in has]:
            yield f"it lacks {', '.join(missing)} ({where})"
    if any(
        not each.get("should_escape")
        for each in (there.get("features") or {}).get("slash_commands") or ()
    ):
        yield "members and channels are not escaped in its commands (Slash Commands)"


def _at(there: Json, part: str, name: str) -> Json:
    return (there.get(part) or {}).get(name) or {}


async def _asked(
    token: str, api: str, method: str, refusal: str, **given: str
) -> tuple[Json, Mapping[str, str]]:
    client = AsyncWebClient(token, base_url=f"{api.rstrip('/')}/", timeout=10)
    try:
        told = await getattr(client, method)(**given)
    except SlackApiError as error:
        raise OperatorError(f"{refusal} (Slack says: {error.response.get('error')}.)") from None
    except (aiohttp.ClientError, SlackClientError, OSError, TimeoutError) as error:
        raise OperatorError(
            f"{api} does not answer ({type(error).__name__}). Look at the network, or try again."
        ) from error
    return told.data, {name.lower(): str(value) for name, value in told.headers.items()}
