"""Views before people: a stack of modals, and the home tab."""

from secrets import token_hex
from typing import Any

from tests.fakes.slack.blocks import placed
from tests.fakes.slack.chat import pictures
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import Act, Json, Team, User, View, World

DEEPEST = 3


def kept(world: World, team: Team, sent: Json) -> Json:
    """A view as the service keeps it."""
    pictures(world, team, sent["blocks"])
    shown = {**sent, "blocks": placed(world, sent["blocks"])}
    for key in ("title", "submit", "close"):
        if key in shown:
            shown[key] = {"emoji": True, **shown[key]}
    return shown


def made(world: World, team: Team, person: User, body: Json, below: View | None = None) -> View:
    wanted = body.get("external_id")
    if wanted and any(
        one.open and one.body.get("external_id") == wanted for one in world.views.values()
    ):
        raise Refusal("duplicate_external_id")
    one = View(world.id("V"), team.id, person.id, body, token_hex(8), "", below.id if below else "")
    one.root = below.root if below else one.id
    world.views[one.id] = one
    return one


def opened(world: World, act: Act, body: Json, *, above: bool) -> View:
    """A modal before the person; another stack of theirs is closed by it."""
    team, person = world.teams[act.team], world.teams[act.team].users[act.user]
    below = person.stack[-1] if above and person.stack else None
    if not above:
        clear(person)
    one = made(world, team, person, body, below)
    person.stack.append(one)
    act.triggered, act.opened = True, one
    world.touch()
    return one


def pop(person: User) -> None:
    if person.stack:
        top = person.stack.pop()
        top.open = False
        person.drafts.pop(top.id, None)


def clear(person: User) -> None:
    while person.stack:
        pop(person)


def replace(world: World, one: View, body: Json, seen: Any = None) -> None:
    if seen and seen != one.hash:
        raise Refusal("hash_conflict")
    one.body, one.hash, one.errors = body, token_hex(8), {}
    world.touch()
