"""A small bot on bolt for Python, in a process of its own.

Run as `python -m tests.fakes.slack.bolt_bot API APP_TOKEN TOKEN [SECRET]`.

It asks, whispers, opens a form, turns, defers, reacts and draws its home. With a signing secret it
serves HTTP and writes its address to standard output; otherwise it connects by Socket Mode.
"""

import asyncio
import sys
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]
TEXT = {"type": "plain_text", "text": "Your answer"}


def words(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def buttons(*labels: str) -> Json:
    made = [
        {"type": "button", "action_id": one, "text": {"type": "plain_text", "text": one.title()}}
        for one in labels
    ]
    return {"type": "actions", "elements": made}


def boxes() -> Json:
    options = [
        {"text": {"type": "plain_text", "text": one}, "value": one.lower()}
        for one in ("Adam", "SGD", "RMSProp")
    ]
    return {
        "type": "actions",
        "elements": [{"type": "checkboxes", "action_id": "several", "options": options}],
    }


def form(title: str, *blocks: Json) -> Json:
    asked = {"type": "plain_text", "text": title}
    return {
        "type": "modal",
        "callback_id": "form",
        "title": asked,
        "submit": TEXT,
        "blocks": list(blocks),
    }


def line() -> Json:
    element = {"type": "plain_text_input", "action_id": "line", "max_length": 20}
    return {
        "type": "input",
        "block_id": "answer",
        "label": {"type": "plain_text", "text": "A number"},
        "element": element,
    }


async def quiz(ack: Any, client: Any, command: Json) -> None:
    await ack()
    blocks = [words("Which shape?"), buttons("private", "turn", "form", "slow", "throw"), boxes()]
    await client.chat_postMessage(channel=command["channel_id"], text="Which shape?", blocks=blocks)


async def private(ack: Any, client: Any, body: Json) -> None:
    await ack()
    where = {"channel": body["channel"]["id"], "user": body["user"]["id"]}
    await client.chat_postEphemeral(
        **where, text="only for you", blocks=[words("only for you"), buttons("again")]
    )


async def again(ack: Any, respond: Any) -> None:
    await ack()
    await respond(text="once more", replace_original=True)


async def turn(ack: Any, client: Any, body: Json) -> None:
    await ack()
    where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
    await client.chat_update(**where, text="It is over", blocks=[words("It is over")])


async def fill(ack: Any, client: Any, body: Json) -> None:
    await ack()
    shown = await client.views_open(
        trigger_id=body["trigger_id"], view=form("One moment", words("…"))
    )
    await client.views_update(view_id=shown["view"]["id"], view=form("Your answer", line()))


async def sent(ack: Any, body: Json, client: Any) -> None:
    sent = body["view"]["state"]["values"]["answer"]["line"]["value"]
    if not sent.replace(".", "").isdigit():
        await ack(response_action="errors", errors={"answer": "That is no number."})
        return
    await ack(response_action="update", view=form("Thank you", words(f"You sent {sent}."), line()))
    await client.chat_postMessage(channel=body["user"]["id"], text=f"sent: {sent}")


async def several(ack: Any, respond: Any, action: Json) -> None:
    await ack()
    chosen = " and ".join(option["value"] for option in action["selected_options"])
    await respond(text=f"chosen: {chosen}", response_type="ephemeral", replace_original=False)


async def slow(ack: Any) -> None:
    """Too late, when the clock goes forward meanwhile."""
    await asyncio.sleep(0.2)
    await ack()


async def throw(ack: Any) -> None:
    await ack()
    raise RuntimeError("after the acknowledgement")


async def reacted(client: Any, event: Json) -> None:
    where = event["item"]
    await client.reactions_add(
        channel=where["channel"], timestamp=where["ts"], name=event["reaction"].partition("::")[0]
    )


async def homed(client: Any, event: Json) -> None:
    view = {"type": "home", "blocks": [words("My streak: 3"), buttons("start")]}
    await client.views_publish(user_id=event["user"], view=view)


async def started(ack: Any, client: Any, body: Json) -> None:
    await ack()
    await client.chat_postMessage(channel=body["user"]["id"], text="It starts")


async def reported(ack: Any, client: Any, body: Json) -> None:
    await ack()
    where = {"channel": body["channel"]["id"], "user": body["user"]["id"]}
    await client.chat_postEphemeral(**where, text=f"reported {body['message']['ts']}")


async def mentioned(client: Any, event: Json) -> None:
    drawn = await client.files_upload_v2(
        filename="plot.png", content=b"\x89PNG", alt_txt="A curve that falls"
    )
    picture = {
        "type": "image",
        "slack_file": {"id": drawn["file"]["id"]},
        "alt_text": "A curve that falls",
    }
    await client.chat_postMessage(channel=event["channel"], text="A plot", blocks=[picture])


async def heard(event: Json) -> None:
    """Every message is heard, and needs no answer."""


def listening(app: AsyncApp) -> AsyncApp:
    app.command("/quiz")(quiz)
    for one in (private, again, turn, several, slow, throw):
        app.action(one.__name__)(one)
    app.action("form")(fill)
    app.action("start")(started)
    app.view("form")(sent)
    app.shortcut("report_question")(reported)
    for name, listener in {
        "app_home_opened": homed,
        "app_mention": mentioned,
        "message": heard,
    }.items():
        app.event(name)(listener)
    app.event("reaction_added")(reacted)
    for name in ("reaction_removed", "team_join", "member_joined_channel"):
        app.event(name)(heard)
    return app


async def run(api: str, app_token: str, token: str, secret: str = "") -> None:
    """Until standard input closes."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=token, base_url=api, session=session)
        app = listening(
            AsyncApp(
                client=client,
                signing_secret=secret or "none",
                request_verification_enabled=bool(secret),
            )
        )
        if secret:
            await served(app)
            return
        connection = AsyncSocketModeHandler(app, app_token, ping_interval=0.5)
        await connection.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(sys.stdin.read)
        await connection.close_async()  # type: ignore[no-untyped-call]


async def served(app: AsyncApp) -> None:
    async def receive(request: web.Request) -> web.Response:
        asked = AsyncBoltRequest(body=await request.text(), headers=dict(request.headers))
        answer = await app.async_dispatch(asked)
        kind = answer.headers.get("content-type", ["text/plain"])[0].partition(";")[0]
        return web.Response(status=answer.status, text=answer.body or "", content_type=kind)

    site = web.Application()
    site.router.add_post("/slack", receive)
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}/slack\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
