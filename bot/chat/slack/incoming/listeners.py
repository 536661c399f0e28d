"""The Bolt app: what Slack sends, by socket or by HTTP, goes to a listener."""

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.incoming.events import Events
from bot.chat.slack.incoming.interactions import Interactions
from bot.chat.slack.workspaces import Workspaces

_ANY = re.compile(".*", re.DOTALL)
_log = logging.getLogger(__name__)


def bolt_app(
    interactions: Interactions,
    events: Events,
    workspaces: Workspaces,
    client: AsyncWebClient,
    signing_secret: str,
) -> AsyncApp:
    async def authorize(team_id: str | None) -> Any:
        """None where the bot is not installed any more, which Bolt then says."""
        workspace = await workspaces.find(team_id or "")
        return workspace and AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.team,
            bot_token=workspace.token,
            bot_id=workspace.bot_id,
            bot_user_id=workspace.bot_user,
        )

    app = AsyncApp(
        logger=_log,
        name="torchproof",
        client=client,
        signing_secret=signing_secret,
        authorize=authorize,
        process_before_response=True,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.command(_ANY)(interactions.slash_command)
    app.action(_ANY)(interactions.block_action)
    app.view(_ANY)(interactions.view_submission)
    app.shortcut(_ANY)(interactions.shortcut)
    app.event(_ANY)(events.receive)
    return app
