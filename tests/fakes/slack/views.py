"""Web API: modals and the home tab."""

from tests.fakes.slack import modals, payloads, validation
from tests.fakes.slack.acts import TRIGGER_S
from tests.fakes.slack.calls import Call
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import Act, Json, View


def _body(call: Call, *kinds: str) -> Json:
    if problems := validation.view(call["view"], kinds):
        raise Refusal("invalid_arguments", *problems)
    return modals.kept(call.world, call.there, call["view"])


def _triggered(call: Call) -> Act:
    act = call.world.triggers.get(str(call["trigger_id"]))
    if act is None or act.team != call.there.id:
        raise Refusal("invalid_trigger_id")
    if act.triggered:
        raise Refusal("exchanged_trigger_id")
    if call.world.clock.now() > act.at + TRIGGER_S:
        raise Refusal("expired_trigger_id")
    return act


def open_modal(call: Call) -> Json:
    body = _body(call, "modal")
    return {
        "view": payloads.view(
            call.world, modals.opened(call.world, _triggered(call), body, above=False)
        )
    }


def push_modal(call: Call) -> Json:
    body, act = _body(call, "modal"), _triggered(call)
    stack = call.there.users[act.user].stack
    if act.view is None or not stack:
        raise Refusal("not_found")
    if len(stack) >= modals.DEEPEST:
        raise Refusal("push_limit_reached")
    return {"view": payloads.view(call.world, modals.opened(call.world, act, body, above=True))}


def update(call: Call) -> Json:
    body = _body(call, "modal", "home")
    one = _found(call)
    if one is None or one.team != call.there.id or one.body["type"] != body["type"]:
        raise Refusal("not_found")
    modals.replace(call.world, one, body, call.sent.get("hash"))
    return {"view": payloads.view(call.world, one)}


def _found(call: Call) -> View | None:
    if "view_id" in call.sent:
        return call.world.by_view(str(call.sent["view_id"]))
    wanted = call["external_id"]
    return next(
        (
            one
            for one in call.world.views.values()
            if one.open and one.body.get("external_id") == wanted
        ),
        None,
    )


def publish(call: Call) -> Json:
    body, person = _body(call, "home"), call.user("user_id")
    if not call.world.app.home:
        raise Refusal("not_enabled")
    if person.home is None:
        person.home = modals.made(call.world, call.there, person, body)
        call.world.touch()
    else:
        modals.replace(call.world, person.home, body, call.sent.get("hash"))
    return {"view": payloads.view(call.world, person.home)}


METHODS = {
    "views.open": (open_modal, ""),
    "views.push": (push_modal, ""),
    "views.update": (update, ""),
    "views.publish": (publish, ""),
}
