"""Who may do what where: roles of a guild, then the overwrites of a channel."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.discord.world import Channel, World

NAMES = {
    "ADMINISTRATOR": 1 << 3,
    "MANAGE_CHANNELS": 1 << 4,
    "MANAGE_GUILD": 1 << 5,
    "ADD_REACTIONS": 1 << 6,
    "VIEW_CHANNEL": 1 << 10,
    "SEND_MESSAGES": 1 << 11,
    "MANAGE_MESSAGES": 1 << 13,
    "EMBED_LINKS": 1 << 14,
    "ATTACH_FILES": 1 << 15,
    "READ_MESSAGE_HISTORY": 1 << 16,
    "MENTION_EVERYONE": 1 << 17,
    "USE_EXTERNAL_EMOJIS": 1 << 18,
    "USE_APPLICATION_COMMANDS": 1 << 31,
}
EVERYTHING = sum(NAMES.values())
EVERYONE = EVERYTHING & ~sum(
    NAMES[name]
    for name in (
        "ADMINISTRATOR",
        "MANAGE_CHANNELS",
        "MANAGE_GUILD",
        "MANAGE_MESSAGES",
        "MENTION_EVERYONE",
    )
)


def bits(*names: str) -> int:
    return sum(NAMES[name] for name in names)


def held(world: "World", user: str, channel: "Channel") -> int:
    """All that somebody may do in a channel, as bits."""
    if not channel.guild:
        return EVERYONE if user in channel.recipients else 0
    guild = world.guilds[channel.guild]
    if user not in guild.members:
        return 0
    roles = [guild.id, *guild.members[user].roles]
    given = 0
    for role in roles:
        given |= guild.roles[role].permissions
    if given & NAMES["ADMINISTRATOR"] or guild.owner == user:
        return EVERYTHING
    for group in ([guild.id], [role for role in roles if role != guild.id], [user]):
        given = _overwritten(channel, given, group)
    return given if given & NAMES["VIEW_CHANNEL"] else 0


def _overwritten(channel: "Channel", given: int, group: list[str]) -> int:
    pairs = [channel.overwrites[one] for one in group if one in channel.overwrites]
    for _, deny in pairs:
        given &= ~deny
    for allow, _ in pairs:
        given |= allow
    return given


def may(world: "World", user: str, channel: "Channel", *names: str) -> bool:
    wanted = bits(*names)
    return held(world, user, channel) & wanted == wanted
