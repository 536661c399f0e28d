"""Web API: who the bot is, where it is, and who is there."""

from tests.fakes.slack import payloads
from tests.fakes.slack.calls import Call
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import CHANNEL, GROUP, IM, Channel, Json


def auth_test(call: Call) -> Json:
    there = call.there
    payload = {
        "url": f"https://{there.domain}.slack.com/",
        "team": there.name,
        "user": "torchproof",
        "team_id": there.id,
    }
    return {
        **payload,
        "user_id": there.bot,
        "bot_id": f"B{there.bot[1:]}",
        "is_enterprise_install": False,
    }


def team(call: Call) -> Json:
    return {"team": payloads.team(call.there)}


def bots(call: Call) -> Json:
    return {"bot": payloads.bot(call.there)}


def user(call: Call) -> Json:
    payload = payloads.user(call.user())
    return {"user": {**payload, "locale": "en-GB"} if call.sent.get("include_locale") else payload}


def users(call: Call) -> Json:
    found = [payloads.user(one) for one in call.there.users.values()]
    return {"members": found, "cache_ts": 0, "response_metadata": {"next_cursor": ""}}


def channel(call: Call) -> Json:
    return {"channel": payloads.channel(call.world, call.channel())}


def channels(call: Call) -> Json:
    wanted = {"public_channel": CHANNEL, "private_channel": GROUP, "im": IM}
    kinds = {wanted.get(one) for one in str(call.sent.get("types", "public_channel")).split(",")}
    found = [
        one
        for one in call.world.channels.values()
        if one.team == call.there.id and one.kind in kinds
    ]
    found = [one for one in found if one.kind == CHANNEL or call.there.bot in one.members]
    payload = [payloads.channel(call.world, one) for one in found]
    return {"channels": payload, "response_metadata": {"next_cursor": ""}}


def channel_members(call: Call) -> Json:
    return {"members": sorted(call.channel().members), "response_metadata": {"next_cursor": ""}}


def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != CHANNEL:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.archived:
        raise Refusal("is_archived")
    arrive(call, channel, call.there.bot)
    return {"channel": payloads.channel(call.world, channel)}


def arrive(call: Call, channel: Channel, user: str) -> None:
    channel.members.add(user)
    payload = {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel.id,
        "channel_type": "C",
    }
    call.world.tell(call.there, {**payload, "team": call.there.id, "event_ts": call.world.ts()})


def open_dm(call: Call) -> Json:
    if "channel" in call.sent:
        channel = call.channel()
    else:
        wanted = str(call["users"]).split(",")
        if len(wanted) != 1 or wanted[0] not in call.there.users:
            raise Refusal("user_not_found")
        if wanted[0] == call.there.bot:
            raise Refusal("cannot_dm_bot")
        channel = call.world.dm(call.there, wanted[0])
    whole = call.sent.get("return_im")
    return {"channel": payloads.channel(call.world, channel) if whole else {"id": channel.id}}


METHODS = {
    "auth.test": (auth_test, ""),
    "team.info": (team, "team:read"),
    "bots.info": (bots, "users:read"),
    "users.info": (user, "users:read"),
    "users.list": (users, "users:read"),
    "conversations.info": (channel, ":read"),
    "conversations.list": (channels, ":read"),
    "conversations.members": (channel_members, ":read"),
    "conversations.join": (join, "channels:join"),
    "conversations.open": (open_dm, "im:write"),
}
