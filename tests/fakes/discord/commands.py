"""REST: the tree of commands that the application registered."""

from tests.fakes.discord import validation
from tests.fakes.discord.calls import NOTHING, Answer, Call, Route
from tests.fakes.discord.rates import Limited
from tests.fakes.discord.refusals import malformed, refusal
from tests.fakes.discord.world import Json, World

EVERYWHERE = "/applications/{application_id}/commands"
HERE = "/applications/{application_id}/guilds/{guild_id}/commands"
MOST = {1: 100, 2: 15, 3: 15}
CREATES_A_DAY = 200
DAY_S = 86_400.0


def _tree(call: Call) -> dict[str, Json]:
    if call["application_id"] != call.world.bot.id:
        raise refusal(20001)
    guild = call.params.get("guild_id", "")
    if guild and (
        guild not in call.world.guilds or call.world.bot.id not in call.world.guilds[guild].members
    ):
        raise refusal(50001)
    return call.world.commands.setdefault(guild, {})


def _kept(world: World, guild: str, asked: Json, known: dict[str, Json]) -> Json:
    """As the service keeps it; one with the same name and kind keeps its id."""
    kind = asked.get("type") or 1
    before = next(
        (one for one in known.values() if (one["name"], one["type"]) == (asked["name"], kind)), None
    )
    if before is None:
        _count(world)
    kept = {
        key: value
        for key, value in asked.items()
        if value is not None and key not in {"id", "options"}
    }
    permissions = asked.get("default_member_permissions")
    kept |= {
        "id": before["id"] if before else world.ids.next(),
        "application_id": world.bot.id,
        "version": world.ids.next(),
        "type": kind,
        "description": asked.get("description") or "",
        "default_member_permissions": None if permissions is None else str(permissions),
        "nsfw": bool(asked.get("nsfw")),
    }
    if guild:
        return _with_options({**kept, "guild_id": guild}, asked)
    return _with_options(
        {"contexts": None, "integration_types": [0], "dm_permission": True, **kept}, asked
    )


def _with_options(kept: Json, asked: Json) -> Json:
    return {**kept, "options": asked["options"]} if asked.get("options") else kept


def _count(world: World) -> None:
    now = world.clock.now()
    world.created = [at for at in world.created if now - at < DAY_S]
    if len(world.created) >= CREATES_A_DAY:
        sent = "Max number of daily application command creates has been reached (200)"
        raise Limited(world.created[0] + DAY_S - now, scope="shared", code=30034, message=sent)
    world.created.append(now)


def show(call: Call) -> Answer:
    return Answer(list(_tree(call).values()))


def replace(call: Call) -> Answer:
    """One request, all or nothing."""
    tree, asked = _tree(call), call.body or []
    problems = {
        path: sent
        for number, one in enumerate(asked)
        for path, sent in validation.command(one, f"{number}.").items()
    }
    for kind, most in MOST.items():
        if sum((one.get("type") or 1) == kind for one in asked) > most:
            problems["_"] = f"At most {most} commands of type {kind}."
    if len({(one.get("name"), one.get("type") or 1) for one in asked}) < len(asked):
        problems["_"] = "A name stands twice."
    if problems:
        raise malformed(problems)
    kept = [_kept(call.world, call.params.get("guild_id", ""), one, tree) for one in asked]
    tree.clear()
    tree.update({one["id"]: one for one in kept})
    call.world.syncs += 1
    call.world.touch()
    return Answer(kept)


def create(call: Call) -> Answer:
    tree = _tree(call)
    if problems := validation.command(call.sent, ""):
        raise malformed(problems)
    kept = _kept(call.world, call.params.get("guild_id", ""), call.sent, tree)
    fresh = kept["id"] not in tree
    tree[kept["id"]] = kept
    call.world.touch()
    return Answer(kept, 201 if fresh else 200)


def get(call: Call) -> Answer:
    tree = _tree(call)
    if call["command_id"] not in tree:
        raise refusal(10063)
    return Answer(tree[call["command_id"]])


def delete(call: Call) -> Answer:
    if _tree(call).pop(call["command_id"], None) is None:
        raise refusal(10063)
    call.world.touch()
    return NOTHING


ROUTES = tuple(
    Route(method, template, do)
    for base in (EVERYWHERE, HERE)
    for method, template, do in (
        ("GET", base, show),
        ("PUT", base, replace),
        ("POST", base, create),
        ("GET", f"{base}/{{command_id}}", get),
        ("DELETE", f"{base}/{{command_id}}", delete),
    )
)
