"""REST: who the bot is, where it is, and where the gateway stands."""

from tests.fakes.discord import payloads
from tests.fakes.discord.calls import NOTHING, Answer, Call, Route
from tests.fakes.discord.refusals import Refusal, refusal
from tests.fakes.discord.world import Guild, Json


def gateway(call: Call) -> Answer:
    return Answer({"url": call.world.gateway})


def gateway_bot(call: Call) -> Answer:
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
    return Answer({"url": call.world.gateway, "shards": 1, "session_start_limit": limit})


def me(call: Call) -> Answer:
    return Answer(
        {
            **payloads.user(call.world.bot),
            "mfa_enabled": False,
            "locale": "en-US",
            "verified": True,
            "email": None,
        }
    )


def application(call: Call) -> Answer:
    world = call.world
    nothing: Json = dict.fromkeys(
        ("icon", "type", "interactions_endpoint_url", "role_connections_verification_url", "team")
    )
    return Answer(
        {
            **nothing,
            "id": world.bot.id,
            "name": "Torchproof",
            "description": "",
            "bot": payloads.user(world.bot),
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": 0,
            "flags_new": "0",
            "redirect_uris": [],
            "owner": payloads.user(world.owner),
            "approximate_guild_count": len(world.guilds),
            "approximate_user_install_count": len(world.installed),
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "eligible_oauth2_scopes": ["applications.commands", "bot"],
            "integration_types_config": {"0": {}, "1": {}},
        }
    )


def person(call: Call) -> Answer:
    if call["user_id"] not in call.world.users:
        raise refusal(10013)
    return Answer(payloads.user(call.world.users[call["user_id"]]))


def open_dm(call: Call) -> Answer:
    to = str(call.sent.get("recipient_id", ""))
    if to not in call.world.users or to == call.world.bot.id:
        raise refusal(10013)
    return Answer(payloads.channel(call.world, call.world.dm(to)))


def _guild(call: Call) -> Guild:
    guild = call.world.guilds.get(call["guild_id"])
    if guild is None or call.world.bot.id not in guild.members:
        raise refusal(10004)
    return guild


def guilds(call: Call) -> Answer:
    there = [guild for guild in call.world.guilds.values() if call.world.bot.id in guild.members]
    return Answer([_mine(guild) for guild in there])


def _mine(guild: Guild) -> Json:
    nothing: Json = {"icon": None, "banner": None, "owner": False, "features": []}
    return {**nothing, "id": guild.id, "name": guild.name, "permissions": "0"}


def guild(call: Call) -> Answer:
    return Answer(payloads.guild(_guild(call)))


def leave(call: Call) -> Answer:
    there = _guild(call)
    del there.members[call.world.bot.id]
    call.world.dispatch("GUILD_DELETE", {"id": there.id}, None, there.id)
    call.world.touch()
    return NOTHING


def channels(call: Call) -> Answer:
    return Answer(
        [payloads.channel(call.world, one) for one in call.world.of_guild(_guild(call).id)]
    )


def roles(call: Call) -> Answer:
    there = _guild(call)
    return Answer([payloads.role(there, one) for one in there.roles])


def member(call: Call) -> Answer:
    there = _guild(call)
    if call["user_id"] not in there.members:
        raise refusal(10007)
    return Answer(payloads.member(call.world, there, call["user_id"]))


def unheard(call: Call) -> Answer:
    """A list of all members needs a privileged intent that the application does not have."""
    if not call.world.privileged & 2:
        raise Refusal(403, 50001, "Missing Access")
    there = _guild(call)
    return Answer([payloads.member(call.world, there, one) for one in there.members])


ROUTES = (
    Route("GET", "/gateway", gateway, open=True),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", "/users/@me", me),
    Route("GET", "/users/@me/guilds", guilds),
    Route("DELETE", "/users/@me/guilds/{guild_id}", leave),
    Route("POST", "/users/@me/channels", open_dm),
    Route("GET", "/users/{user_id}", person),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
    Route("GET", "/guilds/{guild_id}", guild),
    Route("GET", "/guilds/{guild_id}/channels", channels),
    Route("GET", "/guilds/{guild_id}/roles", roles),
    Route("GET", "/guilds/{guild_id}/members", unheard),
    Route("GET", "/guilds/{guild_id}/members/{user_id}", member),
)
