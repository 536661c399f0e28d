"""The barest bolt bot.

It shows one message with buttons and acknowledges every press, and nothing else.
"""

import asyncio
import os
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def card() -> list[Json]:
    letters = [
        {
            "type": "button",
            "action_id": f"answer:1:{one}",
            "text": {"type": "plain_text", "text": one},
        }
        for one in "ABCD"
    ]
    return [
        {"type": "section", "text": {"type": "plain_text", "text": "Which?"}},
        {"type": "actions", "elements": letters},
    ]


async def ask(ack: Any, client: Any, command: Json) -> None:
    await ack()
    await client.chat_postMessage(channel=command["channel_id"], text="Which?", blocks=card())


async def press(ack: Any) -> None:
    await ack()


async def main() -> None:
    client = AsyncWebClient(
        token=os.environ["TORCHPROOF_SLACK_BOT_TOKEN"],
        base_url=os.environ["TORCHPROOF_SLACK_API_URL"],
    )
    app = AsyncApp(client=client, request_verification_enabled=False)
    app.command("/quiz")(ask)
    for letter in "ABCD":
        app.action(f"answer:1:{letter}")(press)
    await AsyncSocketModeHandler(app, os.environ["TORCHPROOF_SLACK_APP_TOKEN"]).start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    asyncio.run(main())
