"""A test's side: workspaces, their members, and what they do and see there."""

from typing import Any

from tests.fakes.client import PersonAtScreen, SimulatorClient
from tests.fakes.slack.screen import Act, Seen, Sheet
from tests.fakes.slack.world import Json

On = Seen | Sheet | str


class Slack(SimulatorClient):
    """The simulator, as a test steers it."""

    connections = "connections"

    def _learn(self, world: Json) -> None:
        self.api = f"{self.address}/api/"
        self.app_token: str = world["app_token"]
        self.signing_secret: str = world["signing_secret"]
        self.config_token: str = world["config_token"]
        self.client_id: str = world["client_id"]
        self.client_secret: str = world["client_secret"]

    # The world

    async def workspace(
        self, name: str, *, installed: bool = True, enterprise: str = ""
    ) -> "Workspace":
        made = await self.do("team", name=name, installed=installed, enterprise=enterprise)
        return Workspace(self, made, {"general": made["channel"]})

    async def manifest(self, manifest: Json) -> None:
        """Configure the app by its manifest; until then it may everything."""
        wrong = await self.do("manifest", manifest_=manifest)
        assert not wrong, wrong

    async def request_url(self, url: str) -> None:
        """Send everything to this address, signed; empty: by Socket Mode again."""
        await self.do("request_url", url=url)

    async def file(self, url: str, token: str) -> bytes:
        return await self._download(url, Authorization=f"Bearer {token}")

    async def file_delay(self, seconds: float) -> None:
        """How long the service works on a file before a message may show it."""
        await self.do("file_delay", seconds=seconds)

    # Faults

    async def drain(self, method: str, home: "Workspace") -> None:
        """As if a method's whole budget in a workspace were spent just now."""
        await self.do("drain", method=method, team=home.id)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Tell every connection that it ends, and end it; "warning" says so and does not yet."""
        await self.do("disconnect", reason=reason)

    async def drop(self) -> None:
        """Cut every connection without a word."""
        await self.do("drop")

    async def freeze(self) -> None:
        """Every connection goes silent, and nothing says that it is broken."""
        await self.do("freeze")

    async def garble(self, text: str) -> None:
        """A frame with these words on every connection."""
        await self.do("garble", text=text)

    async def close_socket(self, *, closed: bool = True) -> None:
        """Turn new connections away."""
        await self.do("close_socket", closed=closed)

    async def deafen(self, *, deaf: bool = True) -> None:
        """Acknowledgements get lost on their way."""
        await self.do("deafen", deaf=deaf)

    async def twice(self, deliveries: int = 1) -> None:
        """The next deliveries, events and acts, come two times."""
        await self.do("twice", deliveries=deliveries)

    # What is known

    async def connected(self, times: int) -> None:
        """Return when a connection was made so many times, the first included."""
        await self.until(
            lambda known: known["connected"] >= times, "connections", what=f"connection {times}"
        )

    async def events(self, kind: str = "") -> list[Json]:
        """Events that were sent: event_id, type, sent (how often), heard."""
        return [one for one in (await self.do("events"))["events"] if kind in one["type"]]

    async def heard(self, kind: str, times: int = 1) -> None:
        """Return when so many events of a kind were acknowledged."""

        def enough(known: Json) -> bool:
            return (
                len([one for one in known["events"] if one["heard"] and kind == one["type"]])
                >= times
            )

        await self.until(enough, "events", what=f"{times} × {kind} to be heard")

    async def delivered(self) -> None:
        """Return when nothing is on its way to the bot."""
        await self.until(
            lambda known: not known["deliveries"], "under_way", what="everything to be delivered"
        )

    async def unheard(self) -> int:
        """How many acts were not acknowledged in time."""
        return int(await self.do("unheard"))

    async def requests(self, method: str = "") -> list[Json]:
        """The bot's requests.

        Each has at, method ("hooks" for a response_url), status, error, team, channel.
        """
        return [line for line in await self.do("log") if method in line["method"]]

    async def storm(self, presses: "list[tuple[Member, Seen, str]]") -> list[Act]:
        """All these people press at once: who, on what, which action id, value or label."""
        payload = [
            {"user": member.id, "message": message.id, "wanted": what}
            for member, message, what in presses
        ]
        return [Act.of(one) for one in await self.do("storm", presses=payload)]

    async def outcome(self, act: Act) -> Act:
        """What became of something done without waiting."""
        return Act.of(await self.do("outcome", act=act.id))


class Workspace:
    def __init__(self, slack: Slack, made: Json, channels: dict[str, str]) -> None:
        self.slack, self.channels = slack, channels
        self.id, self.token, self.bot, self.domain = (
            made["id"],
            made["token"],
            made["bot"],
            made["domain"],
        )

    async def join(self, name: str, *, admin: bool = False, zone: str = "") -> "Member":
        """A new person, in every channel there is."""
        one = await self.slack.do("join", team=self.id, name=name, admin=admin, zone=zone)
        return Member(self.slack, one, name, self.channels)

    async def channel(self, name: str, *, private: bool = False, bot: bool = True) -> str:
        """With everybody in it; the bot too, unless it is left out."""
        made = await self.slack.do("channel", team=self.id, name=name, private=private, bot=bot)
        self.channels[name] = made
        return str(made)

    async def archive(self, name: str) -> None:
        await self.slack.do("archive", channel=self.channels[name])

    async def kick_bot(self, channel: str = "general") -> None:
        await self.slack.do("move", user=self.bot, channel=self.channels[channel], there=False)

    async def invite_bot(self, channel: str = "general") -> None:
        await self.slack.do("move", user=self.bot, channel=self.channels[channel], there=True)

    async def uninstall(self, *, quietly: bool = False) -> None:
        """Take the app away; quietly: the token is revoked and no event tells of it."""
        await self.slack.do("uninstall", team=self.id, quietly=quietly)

    async def installed(self) -> str:
        """The token of the app here, once it is installed."""
        known = await self.slack.until(
            lambda known: bool(known["token"]), "installation", what="an installation", team=self.id
        )
        self.token, self.bot = known["token"], known["bot"]
        await self.invite_bot()
        return str(self.token)

    async def tell(self, event: Json, **around: Any) -> None:
        """An event with these words, whatever they are."""
        await self.slack.do("event", team=self.id, event=event, around=around)


class Member(PersonAtScreen[Slack, Seen]):
    message_type = Seen

    # Seeing

    async def modal(self, words: str = "") -> Sheet:
        """The modal on top, once it says these words."""
        return await self._sheet("modal", words)

    async def home(self, words: str = "") -> Sheet:
        """Their home tab, once it says these words."""
        return await self._sheet("home", words)

    async def _sheet(self, which: str, words: str) -> Sheet:
        def fits(known: Json) -> bool:
            return known[which] is not None and words in Sheet(known[which]).text

        what = f"the {which} of {self.name} to say {words!r}"
        return Sheet((await self.client.until(fits, "screen", what=what, user=self.id))[which])

    async def depth(self) -> int:
        """How many modals stand before them."""
        return int((await self.do("screen"))["depth"])

    # Doing

    async def click(self, what: str, on: On = "", *, wait: bool = True) -> Act:
        """A button by action id, value or label.

        It is on a message with these words or on this one as it stands now.
        """
        return await self._press(what, on, None, wait=wait)

    async def choose(self, *values: str, on: On = "", menu: str = "", wait: bool = True) -> Act:
        """Values in the checkboxes or select of a message or view.

        It is the first, or the one of this action id.
        """
        there = (
            on if not isinstance(on, str) else await self.finds(on, lambda seen: bool(seen.menus))
        )
        return await self._press(
            menu or there.menus[0]["action_id"], there, list(values), wait=wait
        )

    async def _press(self, what: str, on: On, values: list[str] | None, *, wait: bool) -> Act:
        there = (
            on if not isinstance(on, str) else await self.finds(on, lambda seen: seen.offers(what))
        )
        if isinstance(there, Sheet):
            return await self._act(
                "press_view", view=there.id, wanted=what, values=values, wait=wait
            )
        return await self._act("press", message=there.id, wanted=what, values=values, wait=wait)

    async def forge(self, action: str, *values: str, on: Seen | str) -> Act:
        """Press what is not there, as when it was replaced meanwhile; with these boxes ticked."""
        there = await self._message(on)
        return await self._act("forge", message=there.id, action=action, values=list(values))

    async def slash(self, command: str, text: str = "", *, wait: bool = True) -> Act:
        return await self._act("slash", channel=self.channel, command=command, text=text, wait=wait)

    async def menu(self, callback: str, on: Seen | str, *, wait: bool = True) -> Act:
        """A shortcut on a message."""
        there = await self._message(on, lambda seen: not seen.private)
        return await self._act("menu", message=there.id, callback=callback, wait=wait)

    async def shortcut(self, callback: str, *, wait: bool = True) -> Act:
        return await self._act("shortcut", callback=callback, wait=wait)

    async def submit(
        self, *lines: Any, on: Sheet | None = None, wait: bool = True, **values: Any
    ) -> Act:
        """Send the modal on top: its inputs in their order, or by action id, block id or label."""
        sheet = on or await self.modal()
        given = {**{str(number): line for number, line in enumerate(lines)}, **values}
        return await self._act("submit", view=sheet.id, values=given, wait=wait)

    async def close(self, *, everything: bool = False) -> None:
        await self.do("close", everything=everything)

    async def opens_home(self, tab: str = "home") -> None:
        await self.do("open_home", tab=tab)

    async def _act(self, verb: str, **how: Any) -> Act:
        return Act.of(await self.do(verb, **how))

    async def allows(self, url: str) -> str:
        """Press Allow on the service's page at this address: where the browser goes next."""
        return str(await self.do("allow", url=url))

    async def leave(self, channel: str = "general") -> None:
        await self.do("move", channel=self._channels[channel], there=False)

    async def renames(self, name: str) -> None:
        """They choose another name to be shown."""
        await self.do("rename", name=name)

    async def deactivate(self) -> None:
        await self.do("deactivate")
