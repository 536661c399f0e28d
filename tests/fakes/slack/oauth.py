"""Installing and taking away: what a person allows, the token that comes of it, and its end."""

import base64
from secrets import token_urlsafe
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.fakes.denied import Denied
from tests.fakes.slack.calls import Call
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import APP, CLIENT, SECRET, Json, Team, World

CODE_S = 600.0


def allow(world: World, user: str, url: str) -> str:
    """The person presses Allow on the service's page at this address.

    The result is where their browser is sent to.
    """
    team, _ = world.known(user)
    asked = {key: value[0] for key, value in parse_qs(urlsplit(url).query).items()}
    if urlsplit(url).path != "/oauth/v2/authorize" or asked.get("client_id") != CLIENT:
        raise Denied("this is not the service's page for this app")
    if missing := set(asked.get("scope", "").split(",")) - world.app.scopes:
        raise Denied(f"the app does not have the scopes {sorted(missing)}")
    code = token_urlsafe(16)
    world.codes[code] = (team.id, user, world.clock.now())
    back = asked.get("redirect_uri", "")
    return f"{back}?{urlencode({'code': code, 'state': asked.get('state', '')})}"


def access(call: Call) -> Json:
    client, secret = call.sent.get("client_id"), call.sent.get("client_secret")
    kind, _, payload = call.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        client, _, secret = base64.b64decode(payload).decode().partition(":")
    if client != CLIENT:
        raise Refusal("invalid_client_id")
    if secret != SECRET:
        raise Refusal("bad_client_secret")
    team, user, at = call.world.codes.pop(str(call["code"]), ("", "", 0.0))
    if not team or call.world.clock.now() > at + CODE_S:
        raise Refusal("invalid_code")
    return _granted(call.world, call.world.teams[team], user)


def _granted(world: World, team: Team, user: str) -> Json:
    world.install(team)
    world.touch()
    scope = ",".join(sorted(world.app.scopes))
    payload = {"app_id": APP, "authed_user": {"id": user}, "scope": scope, "token_type": "bot"}
    payload |= {
        "access_token": team.token,
        "bot_user_id": team.bot,
        "team": {"id": team.id, "name": team.name},
    }
    within = {"id": team.enterprise, "name": "Guild"} if team.enterprise else None
    return {**payload, "enterprise": within, "is_enterprise_install": False}


def uninstall(world: World, team: Team) -> None:
    """The app is taken away: its token is no longer good, and it is told so."""
    token = team.token
    world.tell(
        team,
        {
            "type": "tokens_revoked",
            "tokens": {"oauth": [], "bot": [team.bot]},
            "event_ts": world.ts(),
        },
    )
    world.tell(team, {"type": "app_uninstalled", "event_ts": world.ts()})
    revoke(world, team, token)


def revoke(world: World, team: Team, token: str) -> None:
    world.revoked.add(token)
    team.token = ""
    world.touch()


def revoke_self(call: Call) -> Json:
    team = call.there
    call.world.tell(
        team,
        {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot]}, "event_ts": "0"},
    )
    revoke(call.world, team, team.token)
    return {"revoked": True}


def uninstall_self(call: Call) -> Json:
    if (call.sent.get("client_id"), call.sent.get("client_secret")) != (CLIENT, SECRET):
        raise Refusal("bad_client_secret")
    uninstall(call.world, call.there)
    return {}


METHODS = {
    "oauth.v2.access": (access, ""),
    "auth.revoke": (revoke_self, ""),
    "apps.uninstall": (uninstall_self, ""),
}
