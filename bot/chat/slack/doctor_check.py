"""Whether the tokens are good, and the app is set up."""

from collections.abc import Iterator
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.incoming.socket_mode import BAD_APP_TOKEN
from bot.chat.slack.manifest import BOT_EVENTS, SCOPES, manifest
from bot.chat.slack.payload import Json, part, text
from bot.chat.slack.workspaces import BAD_BOT_TOKEN
from bot.errors import OperatorError

TAKE_MANIFEST = "Take the manifest of `python -m bot manifest` into the app, then install it again."
BAD_CONFIG_TOKEN = (
    "Slack does not show how the app is set up. "  # noqa: S105 (a sentence)
    "Generate a new configuration token at api.slack.com/apps (one lives for twelve hours) into "
    "TORCHPROOF_SLACK_CONFIG_TOKEN, or take that setting away."
)
APPS_PAGE = "https://api.slack.com/apps"
UNCHECKED = (
    "what Slack tells no bot, look at yourself: under {page} that Event Subscriptions have "
    "{events}, that Interactivity is on, and that App Home shows the Messages "
    "tab; or set TORCHPROOF_SLACK_CONFIG_TOKEN, and the doctor looks"
)
TIMEOUT_S = 10


async def check(bot_token: str, app_token: str, api_url: str, config_token: str = "") -> str:
    bot: Json = await _check_bot(bot_token, api_url) if bot_token else {}
    facts = [f"{bot['user']} is in {bot['team']}" if bot else "workspaces install it themselves"]
    app_id = ""
    if app_token:
        opening = "apps_connections_open"
        await _call(app_token, api_url, opening, BAD_APP_TOKEN, app_token=app_token)
        facts.append("Socket Mode is open")
    if bot_token:
        bot_id = text(bot, "bot_id")
        answer = await _call(bot_token, api_url, "bots_info", BAD_BOT_TOKEN, bot=bot_id)
        app_id = text(answer.data, "bot", "app_id")
    if app_id and config_token:
        await _check_manifest(config_token, api_url, app_id)
        facts.append("the app is set up like its manifest")
    else:
        page = f"{APPS_PAGE}/{app_id}" if app_id else APPS_PAGE
        facts.append(UNCHECKED.format(page=page, events=", ".join(BOT_EVENTS)))
    return "; ".join(facts)


async def _check_bot(token: str, api_url: str) -> Json:
    answer = await _call(token, api_url, "auth_test", BAD_BOT_TOKEN)
    bot: Json = answer.data
    headers = {name.lower(): str(value) for name, value in answer.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")} - {""}
    if granted and (missing := sorted(set(SCOPES) - granted)):
        raise OperatorError(
            f"The bot lacks rights in {bot['team']}: {', '.join(missing)}. {TAKE_MANIFEST}"
        )
    return bot


async def _check_manifest(token: str, api_url: str, app_id: str) -> None:
    export = "apps_manifest_export"
    answer = await _call(token, api_url, export, BAD_CONFIG_TOKEN, app_id=app_id)
    if problems := list(manifest_problems(part(answer.data, "manifest"))):
        raise OperatorError(
            f"The app is not set up like its manifest: {'; '.join(problems)}. {TAKE_MANIFEST}"
        )


def manifest_problems(actual: Json) -> Iterator[str]:
    subscribed = part(actual, "settings", "event_subscriptions").get("bot_events") or ()
    if missing_events := sorted(set(BOT_EVENTS) - set(subscribed)):
        yield f"it is not told of {', '.join(missing_events)} (Event Subscriptions)"
    if not part(actual, "settings", "interactivity").get("is_enabled"):
        yield "buttons and forms are off (Interactivity & Shortcuts)"
    features = part(actual, "features")
    app_home = part(features, "app_home")
    if not app_home.get("home_tab_enabled") or not app_home.get("messages_tab_enabled"):
        yield "the Home or the Messages tab is off (App Home)"
    if app_home.get("messages_tab_read_only_enabled"):
        yield "nobody may write to it in the Messages tab (App Home)"
    for kind, name, page in (
        ("slash_commands", "command", "Slash Commands"),
        ("shortcuts", "callback_id", "Shortcuts"),
    ):
        present = {entry.get(name) for entry in features.get(kind) or ()}
        wanted = [entry[name] for entry in manifest()["features"][kind]]
        if missing := [each for each in wanted if each not in present]:
            yield f"it lacks {', '.join(missing)} ({page})"
    if not all(each.get("should_escape") for each in features.get("slash_commands") or ()):
        yield "members and channels are not escaped in its commands (Slash Commands)"


async def _call(token: str, api_url: str, method: str, refusal: str, **args: str) -> Any:
    client = AsyncWebClient(token, base_url=f"{api_url.rstrip('/')}/", timeout=TIMEOUT_S)
    try:
        return await getattr(client, method)(**args)
    except SlackApiError as error:
        raise OperatorError(f"{refusal} (Slack says: {error.response.get('error')}.)") from None
    except (aiohttp.ClientError, SlackClientError, OSError) as error:
        raise OperatorError(
            f"{api_url} does not answer ({type(error).__name__}). "
            "Look at the network, or try again."
        ) from error
