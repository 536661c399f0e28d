"""A test's side: a guild, its members, and what they do and see there."""

from typing import Any

from tests.fakes.client import PersonAtScreen, SimulatorClient
from tests.fakes.discord import components as parts
from tests.fakes.discord.screen import Act, Seen
from tests.fakes.discord.world import Json


class Discord(SimulatorClient):
    """The simulator, as a test steers it."""

    connections = "sessions"

    def _learn(self, world: Json) -> None:
        self.api = f"{self.address}/api/v10"
        self.gateway = f"{self.address.replace('http', 'ws', 1)}/gateway"
        self.token: str = world["token"]
        self.bot: str = world["bot"]
        self.owner: str = world["owner"]

    # The world

    async def guild(self, name: str) -> "Guild":
        made = await self.do("guild", name=name)
        return Guild(self, made["id"], {"general": made["channel"]})

    async def person(self, name: str, *, installed: bool = False) -> "Member":
        """Somebody without a guild.

        They may have installed the bot for themselves. They are in their DMs.
        """
        one = await self.do("person", name=name, installed=installed)
        return await Member(self, one, name, {}).in_dm()

    async def privileged(self, intents: int) -> None:
        """Privileged intents that the application may ask for from now on."""
        await self.do("privileged", intents=intents)

    async def open_command(self, name: str) -> None:
        """What those who manage a server do in its settings.

        Everybody there may use this command.
        """
        await self.do("open_command", name=name)

    async def file(self, url: str) -> bytes:
        return await self._download(url)

    # Faults

    async def drop(self, code: int = 0) -> None:
        """Close every gateway connection with this code; 0 cuts it."""
        await self.do("drop", code=code)

    async def reconnect(self) -> None:
        """Op 7 to every session."""
        await self.do("reconnect")

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Op 9 to every session."""
        await self.do("invalidate", resumable=resumable)

    async def garble(self, name: str, payload: Any) -> None:
        """An event with this payload, whatever it is, to every session."""
        await self.do("garble", name=name, payload=payload)

    async def unfurl(self, message: str) -> None:
        """A picture of a link is added to a message: it is told anew without having been edited."""
        await self.do("unfurl", message=message)

    async def twice(self, events: int = 1) -> None:
        """The next events come two times."""
        await self.do("twice", events=events)

    async def close_gateway(self, *, closed: bool = True) -> None:
        """Turn new connections away."""
        await self.do("close_gateway", closed=closed)

    async def pace(self, *, on: bool) -> None:
        """Whether a second session of a shard must wait five seconds, as on the real service."""
        await self.do("pace", on=on)

    # What is known

    async def identified(self, times: int) -> None:
        """Return when so many sessions began, the first included."""
        await self.until(
            lambda known: known["identified"] >= times, "sessions", what=f"session {times}"
        )

    async def resumed(self, times: int) -> None:
        """Return when sessions were resumed so many times."""
        await self.until(
            lambda known: known["resumed"] >= times, "sessions", what=f"resume {times}"
        )

    async def sessions(self) -> Json:
        """live, shards, identified, resumed."""
        return dict(await self.do("sessions"))

    async def tree(self, guild: str = "") -> list[Json]:
        """The registered commands."""
        return list((await self.do("commands", guild=guild))["tree"])

    async def syncs(self) -> int:
        """How often a whole tree was put."""
        return int((await self.do("commands", guild=""))["syncs"])

    async def requests(self, method: str = "", route: str = "") -> list[Json]:
        """The bot's requests: at, method, route (a template), path, status, code."""
        return [
            line
            for line in await self.do("log")
            if method in line["method"] and route in line["route"]
        ]

    async def storm(self, presses: "list[tuple[Member, Seen, str]]") -> list[Act]:
        """All these people press at once: who, on what, which custom id or label."""
        payload = [
            {"user": member.id, "message": message.id, "custom_id": message.pressable(what)}
            for member, message, what in presses
        ]
        return [Act.of(one) for one in await self.do("storm", presses=payload)]

    async def outcome(self, act: Act) -> Act:
        """What became of something done without waiting."""
        return Act.of(await self.do("outcome", act=act.id))


class Guild:
    def __init__(self, discord: Discord, one: str, channels: dict[str, str]) -> None:
        self.discord, self.id, self.channels = discord, one, channels

    async def join(self, name: str, *permissions: str) -> "Member":
        """A new person, with these permissions by a role of their own."""
        one = await self.discord.do("person", name=name)
        await self.discord.do("join", guild=self.id, user=one, permissions=list(permissions))
        member = Member(self.discord, one, name, self.channels)
        member.guild = self.id
        return member

    async def channel(self, name: str) -> str:
        self.channels[name] = await self.discord.do("channel", guild=self.id, name=name)
        return self.channels[name]

    async def role(self, name: str, member: "Member", *permissions: str) -> str:
        """A new role for a member; its id."""
        given = {"name": name, "user": member.id, "permissions": list(permissions)}
        return str(await self.discord.do("role", guild=self.id, **given))

    async def emoji(self, name: str) -> str:
        """A custom emoji, as name:id."""
        return str(await self.discord.do("emoji", guild=self.id, name=name))

    async def overwrite(
        self, channel: str, whose: str, *, allow: tuple[str, ...] = (), deny: tuple[str, ...] = ()
    ) -> None:
        """What a role or member (by id) may and may not in a channel (by name).

        Without any, what was said is undone.
        """
        where = self.channels[channel]
        await self.discord.do(
            "overwrite", channel=where, whose=whose, allow=list(allow), deny=list(deny)
        )

    async def remove_channel(self, name: str) -> None:
        await self.discord.do("remove_channel", channel=self.channels.pop(name))

    async def outage(self, *, over: bool = False) -> None:
        """The guild is unavailable for a while, and comes back."""
        await self.discord.do("outage", guild=self.id, over=over)

    async def kick_bot(self) -> None:
        await self.discord.do("kick_bot", guild=self.id)

    async def invite_bot(self) -> None:
        await self.discord.do("invite_bot", guild=self.id)


class Member(PersonAtScreen[Discord, Seen]):
    message_type = Seen
    guild = ""

    def _at(self, channel: str) -> "Member":
        there = super()._at(channel)
        there.guild = self.guild
        return there

    # Doing

    async def click(self, what: str, on: "Seen | str" = "", *, wait: bool = True) -> Act:
        """A button by its label or custom id.

        It is on a message with these words, or on this one as it stands now.
        """
        message = await self._message(
            on, lambda seen: what in seen.buttons or what in seen.buttons.values()
        )
        return await self._act(
            "press", message=message.id, custom_id=message.pressable(what), values=None, wait=wait
        )

    async def forge(self, custom_id: str, *values: str, on: "Seen | str") -> Act:
        """Press what is not there, as only a forger can."""
        message = await self._message(on)
        return await self._act(
            "forge", message=message.id, custom_id=custom_id, values=list(values)
        )

    async def choose(
        self, *values: str, on: "Seen | str" = "", menu: str = "", wait: bool = True
    ) -> Act:
        """Values in the menu (the first, or the one with this custom id) of a message."""
        message = await self._message(on, lambda seen: bool(seen.menus))
        custom_id = menu or message.menus[0]["custom_id"]
        return await self._act(
            "press", message=message.id, custom_id=custom_id, values=list(values), wait=wait
        )

    async def slash(self, name: str, /, *, wait: bool = True, **options: Any) -> Act:
        return await self._act("slash", channel=self.channel, name=name, options=options, wait=wait)

    async def complete(self, name: str, focus: str, typed: str = "", **options: Any) -> list[Json]:
        """The choices that the bot offers while somebody types."""
        payload = {
            "channel": self.channel,
            "name": name,
            "focus": focus,
            "typed": typed,
            "options": options,
        }
        return list((await self._act("complete", **payload)).choices)

    async def menu(self, name: str, on: "Seen | str", *, wait: bool = True) -> Act:
        """An entry of the menu on a message."""
        message = await self._message(on, lambda seen: not seen.private)
        return await self._act("menu", message=message.id, name=name, wait=wait)

    async def submit(self, form: Act, *lines: Any, wait: bool = True, **values: Any) -> Act:
        """Send the modal that an act opened: its fields in their order, or by custom id."""
        fields = [
            part["custom_id"]
            for part in parts.interactive((form.modal or {"components": []})["components"])
        ]
        given = {**dict(zip(fields, lines, strict=False)), **values}
        return await self._act("submit", form=form.id, values=given, wait=wait)

    async def _act(self, verb: str, **how: Any) -> Act:
        return Act.of(await self.do(verb, **how))

    async def purge(self, *messages: str) -> None:
        """Deletes several at once, by their ids."""
        await self.do("purge", messages=messages)

    async def take_dms(self, *, takes: bool) -> None:
        await self.do("takes_dms", takes=takes)

    async def leave(self) -> None:
        await self.do("leave", guild=self.guild)
