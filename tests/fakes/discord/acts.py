"""What people do that the bot must answer: an interaction, up to its answer or its failure."""

from secrets import token_urlsafe

from tests.fakes.denied import Denied
from tests.fakes.discord import payloads
from tests.fakes.discord.permissions import held, may
from tests.fakes.discord.world import DM, Interaction, Json, Message, World

COMMAND, COMPONENT, COMPLETION, FORM = 2, 3, 4, 5
ANSWER_S = 3.0
TOKEN_S = 15 * 60.0


def begin(
    world: World,
    kind: int,
    user: str,
    channel: str,
    data: Json,
    message: Message | None = None,
    parent: Interaction | None = None,
) -> Interaction:
    _may_act(world, user, channel)
    token = token_urlsafe(48)
    act = Interaction(
        world.ids.next(), token, kind, user, channel, world.clock.now(), data, message, parent
    )
    world.interactions[token] = act
    world.dispatch("INTERACTION_CREATE", payload(world, act), None, world.channels[channel].guild)
    return act


def _may_act(world: World, user: str, channel: str) -> None:
    where = world.channels[channel]
    if not may(world, user, where, "VIEW_CHANNEL"):
        raise Denied("they cannot see this channel")
    if (
        where.guild
        and world.bot.id not in world.guilds[where.guild].members
        and user not in world.installed
    ):
        raise Denied("the bot is not in this guild, and they have not installed it")


def payload(world: World, act: Interaction) -> Json:
    where = world.channels[act.channel]
    payload: Json = {
        "id": act.id,
        "application_id": world.bot.id,
        "type": act.kind,
        "token": act.token,
        "version": 1,
        "data": act.data,
        "channel_id": act.channel,
        "channel": payloads.channel(world, where),
        "locale": "en-US",
        "entitlements": [],
        "app_permissions": str(held(world, world.bot.id, where)),
        "authorizing_integration_owners": payloads.owners(world, act),
        "context": 1 if where.kind == DM else 0,
        "attachment_size_limit": 10 * 2**20,
    }
    if act.message:
        payload["message"] = payloads.message(world, act.message)
    if where.kind == DM:
        return {**payload, "user": payloads.user(world.users[act.user])}
    guild = world.guilds[where.guild]
    return {
        **payload,
        "guild_id": guild.id,
        "guild_locale": "en-US",
        "guild": {"id": guild.id, "locale": "en-US", "features": []},
        "member": payloads.member(world, guild, act.user, where),
    }


async def settle(world: World, act: Interaction) -> bool:
    """Whether it was answered in time.

    A person sees a failure after three seconds of this world's clock.
    """
    return await world.clock.reach(act.at + ANSWER_S, act.settled.wait())
