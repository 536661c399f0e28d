"""The tests' own verbs."""

import asyncio

from tests.fakes.control import ControlChannel
from tests.fakes.denied import Denied
from tests.fakes.slack import acts, manifest, oauth, payloads, user_actions
from tests.fakes.slack.api import SlackApi
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.http import Http
from tests.fakes.slack.refusals import Refusal
from tests.fakes.slack.world import (
    APP_TOKEN,
    CLIENT,
    CONFIG_TOKEN,
    GROUP,
    IM,
    SECRET,
    SIGNING,
    Act,
    Json,
)


class SlackControl(ControlChannel):
    def __init__(self, api: SlackApi, delivery: Delivery, http: Http) -> None:
        super().__init__(api.world, api, api.rates)
        self.api = api
        self.delivery = delivery
        self.http = http
        self.world = api.world
        self.socket = api.socket

    # The world

    def do_world(self) -> Json:
        payload = {
            "app_token": APP_TOKEN,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "signing_secret": SIGNING,
        }
        return {**payload, "verification": payloads.VERIFICATION, "config_token": CONFIG_TOKEN}

    def do_manifest(self, manifest_: Json) -> list[str]:
        """Configure the app as its manifest says; what is wrong with it is a violation too."""
        wrong = manifest.wrong(manifest_)
        self.api.violations += [f"the manifest: {one}" for one in wrong]
        if not wrong:
            manifest.configure(self.world.app, manifest_)
        return wrong

    async def do_request_url(self, url: str) -> None:
        """Where everything is sent to from now on; empty for Socket Mode."""
        self.world.app.request_url = url
        try:
            if url:
                await self.http.verify()
        except Refusal as refused:
            self.world.app.request_url = ""
            raise Denied(str(refused)) from None

    def do_team(self, *, name: str, installed: bool, enterprise: str = "") -> Json:
        team = self.world.team(name)
        team.enterprise = enterprise
        if installed:
            self.world.install(team)
        channel = self.world.channel(team, "general")
        channel.members.add(team.bot)
        self.world.touch()
        return {
            "id": team.id,
            "token": team.token,
            "bot": team.bot,
            "channel": channel.id,
            "domain": team.domain,
        }

    def do_installation(self, team: str) -> Json:
        there = self.world.teams[team]
        return {"token": there.token, "bot": there.bot, "version": self.world.version}

    def do_channel(self, *, team: str, name: str, private: bool, bot: bool) -> str:
        there = self.world.teams[team]
        channel = self.world.channel(there, name, GROUP if private else "channel")
        channel.members |= {one for one in there.users if one != there.bot or bot}
        return channel.id

    def do_join(self, *, team: str, name: str, admin: bool, zone: str) -> str:
        """A new person, in every channel of the workspace."""
        there = self.world.teams[team]
        person = self.world.person(there, name, admin=admin)
        person.zone = zone or person.zone
        for channel in self.world.channels.values():
            if channel.team == team and channel.kind != "im":
                channel.members.add(person.id)
        self.world.tell(
            there, {"type": "team_join", "user": payloads.user(person), "event_ts": self.world.ts()}
        )
        return person.id

    def do_move(self, *, user: str, channel: str, there: bool) -> None:
        """Somebody joins a channel or leaves it, the bot too."""
        where = self.world.channels[channel]
        team = self.world.teams[where.team]
        kind = "member_joined_channel" if there else "member_left_channel"
        payload = {
            "type": kind,
            "user": user,
            "channel": channel,
            "channel_type": "C",
            "team": team.id,
        }
        (where.members.add if there else where.members.discard)(user)
        self.world.tell(team, {**payload, "event_ts": self.world.ts()})
        self.world.touch()

    def do_deactivate(self, user: str) -> None:
        team, person = self.world.known(user)
        person.deleted = True
        self.world.tell(
            team,
            {"type": "user_change", "user": payloads.user(person), "event_ts": self.world.ts()},
        )

    def do_rename(self, *, user: str, name: str) -> None:
        team, person = self.world.known(user)
        person.name = name
        self.world.tell(
            team,
            {"type": "user_change", "user": payloads.user(person), "event_ts": self.world.ts()},
        )

    def do_promote(self, *, user: str, admin: bool) -> None:
        self.world.known(user)[1].admin = admin

    def do_archive(self, channel: str) -> None:
        where = self.world.channels[channel]
        where.archived = True
        payload = {
            "type": "channel_archive",
            "channel": channel,
            "user": "",
            "event_ts": self.world.ts(),
        }
        self.world.tell(self.world.teams[where.team], payload)

    def do_dm(self, user: str) -> str:
        team, _ = self.world.known(user)
        return self.world.dm(team, user).id

    def do_between(self, team: str, users: list[str]) -> str:
        """Direct messages of two people, without the bot."""
        channel = self.world.channel(self.world.teams[team], "", IM)
        channel.members |= set(users)
        del self.world.channels[channel.id]
        channel.id = f"D{channel.id[1:]}"
        self.world.channels[channel.id] = channel
        return channel.id

    def do_allow(self, user: str, url: str) -> str:
        return oauth.allow(self.world, user, url)

    def do_uninstall(self, *, team: str, quietly: bool) -> None:
        there = self.world.teams[team]
        if quietly:
            oauth.revoke(self.world, there, there.token)
        else:
            oauth.uninstall(self.world, there)

    def do_file_delay(self, seconds: float) -> None:
        self.world.file_delay = seconds

    # People

    def do_look(self, user: str, channel: str) -> Json:
        return {
            "version": self.world.version,
            "messages": user_actions.look(self.world, user, channel),
        }

    def do_screen(self, user: str) -> Json:
        return user_actions.screen(self.world, user)

    async def do_press(
        self, *, user: str, message: str, wanted: str, values: list[str] | None, wait: bool
    ) -> Json:
        return await self._outcome(
            user_actions.press(self.delivery, user, message, wanted, values), wait=wait
        )

    async def do_press_view(
        self, *, user: str, view: str, wanted: str, values: list[str] | None, wait: bool
    ) -> Json:
        return await self._outcome(
            user_actions.press_view(self.delivery, user, view, wanted, values), wait=wait
        )

    async def do_forge(self, *, user: str, message: str, action: str, values: list[str]) -> Json:
        return await self._outcome(
            user_actions.forge(self.delivery, user, message, action, values), wait=True
        )

    async def do_slash(
        self, *, user: str, channel: str, command: str, text: str, wait: bool
    ) -> Json:
        return await self._outcome(
            user_actions.slash(self.delivery, user, channel, command, text), wait=wait
        )

    async def do_menu(self, *, user: str, message: str, callback: str, wait: bool) -> Json:
        return await self._outcome(
            user_actions.menu(self.delivery, user, message, callback), wait=wait
        )

    async def do_shortcut(self, *, user: str, callback: str, wait: bool) -> Json:
        return await self._outcome(user_actions.shortcut(self.delivery, user, callback), wait=wait)

    async def do_submit(self, *, user: str, view: str, values: Json, wait: bool) -> Json:
        return await self._outcome(
            user_actions.submit(self.delivery, user, view, values), wait=wait
        )

    async def do_outcome(self, act: str) -> Json:
        return await self._outcome(self.world.acts[act], wait=True)

    async def _outcome(self, act: Act, *, wait: bool) -> Json:
        if wait:
            await act.settled.wait()
        return acts.outcome(self.world, act)

    async def do_storm(self, presses: list[Json]) -> list[Json]:
        """All these presses at once; what became of each, in order."""
        begun = []
        for one in presses:
            begun.append(user_actions.press(self.delivery, values=None, **one))
            await asyncio.sleep(
                0
            )  # what it takes to tell of the next press is not held against the bot
        return list(await asyncio.gather(*(self._outcome(act, wait=True) for act in begun)))

    def do_close(self, *, user: str, everything: bool) -> None:
        user_actions.close(self.delivery, user, everything=everything)

    def do_open_home(self, *, user: str, tab: str) -> None:
        user_actions.open_home(self.delivery, user, tab=tab)

    def do_write(self, user: str, channel: str, text: str, thread: str = "") -> str:
        return user_actions.write(self.world, user, channel, text, thread)

    def do_rewrite(self, user: str, message: str, text: str) -> None:
        user_actions.rewrite(self.world, user, message, text)

    def do_react(self, *, user: str, message: str, emoji: str, added: bool) -> None:
        user_actions.react(self.world, user, message, emoji, added=added)

    def do_erase(self, user: str, message: str) -> None:
        user_actions.erase(self.world, user, message)

    # Faults

    def do_drain(self, method: str, team: str) -> None:
        self.api.rates.drain(method, team, self.world.clock.elapsed())

    def do_disconnect(self, reason: str) -> None:
        self.socket.disconnect(reason)

    def do_drop(self) -> None:
        self.socket.drop()

    def do_freeze(self) -> None:
        self.socket.freeze()

    def do_garble(self, text: str) -> None:
        self.socket.garble(text)

    def do_close_socket(self, *, closed: bool) -> None:
        self.socket.closed = closed

    def do_deafen(self, *, deaf: bool) -> None:
        self.socket.deaf = deaf

    def do_twice(self, deliveries: int) -> None:
        self.delivery.twice = deliveries

    def do_hold(self) -> None:
        self.delivery.held = []

    def do_release(self, *, backwards: bool) -> None:
        self.delivery.release(backwards=backwards)

    def do_event(self, team: str, event: Json, around: Json) -> None:
        """An event with these words, whatever they are, and these in what it comes in."""
        there = self.world.teams[team]
        self.delivery.send(
            {**payloads.event(self.world, there, event, self.world.id("Ev")), **around},
            judged=False,
        )

    async def do_forged_request(self, body: str, form: str, secret: str, age: float) -> int:
        """The status of a request to the bot's address that the service never sent."""
        status, _, _ = await self.http.send(body, form, {}, secret=secret, age=age)
        return status

    # What is known afterwards

    def do_connections(self) -> Json:
        live = len(self.socket.lines)
        return {"live": live, "connected": self.socket.connected, "version": self.world.version}

    def do_events(self) -> Json:
        return {"events": self.delivery.events, "version": self.world.version}

    def do_under_way(self) -> Json:
        return {"deliveries": self.delivery.under_way, "version": self.world.version}

    def do_unheard(self) -> int:
        return self.delivery.unheard

    def do_sent(self) -> list[Json]:
        return self.http.sent
