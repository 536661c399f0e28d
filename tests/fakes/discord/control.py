"""The tests' own way in: verbs over HTTP, beside the service's address and unknown to it."""

import asyncio
from typing import Any

from tests.fakes.control import ControlChannel
from tests.fakes.discord import acts, payloads, user_actions
from tests.fakes.discord.api import DiscordApi
from tests.fakes.discord.gateway import Gateway
from tests.fakes.discord.permissions import bits
from tests.fakes.discord.world import Guild, Interaction, Json, Member


class DiscordControl(ControlChannel):
    def __init__(self, api: DiscordApi, gateway: Gateway) -> None:
        super().__init__(api.world, api, api.rates)
        self.api = api
        self.gateway = gateway
        self.world = api.world

    # The world

    def do_world(self) -> Json:
        return {"bot": self.world.bot.id, "owner": self.world.owner.id, "token": self.world.token}

    def do_guild(self, name: str) -> Json:
        guild = self.world.guild(name)
        channel = self.world.text_channel(guild, "general")
        self._arrive(guild)
        return {"id": guild.id, "channel": channel.id}

    def _arrive(self, guild: Guild) -> None:
        payload = payloads.arrival(self.world, guild, everybody=False)
        self.world.dispatch("GUILD_CREATE", payload, None, guild.id)
        self.world.touch()

    def do_channel(self, guild: str, name: str) -> str:
        channel = self.world.text_channel(self.world.guilds[guild], name)
        self.world.dispatch("CHANNEL_CREATE", payloads.channel(self.world, channel), None, guild)
        return channel.id

    def do_person(self, *, name: str, installed: bool = False) -> str:
        person = self.world.person(name)
        if installed:
            self.world.installed.add(person.id)
        return person.id

    def do_join(self, guild: str, user: str, permissions: list[str]) -> None:
        there = self.world.guilds[guild]
        there.members[user] = Member(user, self.world.clock.iso())
        if permissions:
            self.world.role(there, "-".join(permissions).lower(), *permissions, to=user)
        payload = {**payloads.member(self.world, there, user), "guild_id": guild}
        self.world.dispatch("GUILD_MEMBER_ADD", payload, None, guild)

    def do_leave(self, guild: str, user: str) -> None:
        del self.world.guilds[guild].members[user]
        payload = {"guild_id": guild, "user": payloads.user(self.world.users[user])}
        self.world.dispatch("GUILD_MEMBER_REMOVE", payload, None, guild)

    def do_role(self, guild: str, name: str, user: str, permissions: list[str]) -> str:
        there = self.world.guilds[guild]
        role = self.world.role(there, name, *permissions, to=user)
        self.world.dispatch(
            "GUILD_ROLE_CREATE",
            {"guild_id": guild, "role": payloads.role(there, role.id)},
            None,
            guild,
        )
        return role.id

    def do_kick_bot(self, guild: str) -> None:
        del self.world.guilds[guild].members[self.world.bot.id]
        self.world.dispatch("GUILD_DELETE", {"id": guild}, None, guild)

    def do_invite_bot(self, guild: str) -> None:
        there = self.world.guilds[guild]
        there.members[self.world.bot.id] = Member(self.world.bot.id, self.world.clock.iso())
        self._arrive(there)

    def do_outage(self, *, guild: str, over: bool) -> None:
        """The guild is away for a while, and nobody was sent away."""
        if over:
            self._arrive(self.world.guilds[guild])
        else:
            self.world.dispatch("GUILD_DELETE", {"id": guild, "unavailable": True}, None, guild)

    def do_remove_channel(self, channel: str) -> None:
        where = self.world.channels.pop(channel)
        for message in self.world.in_channel(channel):
            del self.world.messages[message.id]
        self.world.dispatch(
            "CHANNEL_DELETE", payloads.channel(self.world, where), None, where.guild
        )
        self.world.touch()

    def do_emoji(self, guild: str, name: str) -> str:
        one = self.world.ids.next()
        self.world.guilds[guild].emojis[one] = name
        return f"{name}:{one}"

    def do_overwrite(self, channel: str, whose: str, allow: list[str], deny: list[str]) -> None:
        where = self.world.channels[channel]
        where.overwrites[whose] = (bits(*allow), bits(*deny))
        self.world.dispatch(
            "CHANNEL_UPDATE", payloads.channel(self.world, where), None, where.guild
        )

    def do_takes_dms(self, *, user: str, takes: bool) -> None:
        self.world.users[user].takes_dms = takes

    def do_dm(self, user: str) -> str:
        return self.world.dm(user).id

    def do_open_command(self, name: str) -> None:
        self.world.opened.add(name)

    def do_privileged(self, intents: int) -> None:
        self.world.privileged = intents

    # People

    def do_look(self, user: str, channel: str) -> Json:
        return {
            "version": self.world.version,
            "messages": user_actions.look(self.world, user, channel),
        }

    async def do_press(
        self, *, user: str, message: str, custom_id: str, values: list[str] | None, wait: bool
    ) -> Json:
        return await self._outcome(
            user_actions.press(self.world, user, message, custom_id, values), wait=wait
        )

    async def do_forge(self, *, user: str, message: str, custom_id: str, values: list[str]) -> Json:
        return await self._outcome(
            user_actions.forge(self.world, user, message, custom_id, values), wait=True
        )

    async def do_slash(
        self, *, user: str, channel: str, name: str, options: Json, wait: bool
    ) -> Json:
        return await self._outcome(
            user_actions.slash(self.world, user, channel, name, options), wait=wait
        )

    async def do_complete(
        self, user: str, channel: str, name: str, focus: str, typed: str, options: Json
    ) -> Json:
        act = user_actions.complete(self.world, user, channel, name, focus, typed, options)
        return await self._outcome(act, wait=True)

    async def do_menu(self, *, user: str, message: str, name: str, wait: bool) -> Json:
        return await self._outcome(user_actions.menu(self.world, user, message, name), wait=wait)

    async def do_submit(self, *, user: str, form: str, values: Json, wait: bool) -> Json:
        return await self._outcome(user_actions.submit(self.world, user, form, values), wait=wait)

    async def do_outcome(self, act: str) -> Json:
        found = next(one for one in self.world.interactions.values() if one.id == act)
        return await self._outcome(found, wait=True)

    async def _outcome(self, act: Interaction, *, wait: bool) -> Json:
        """What became of it.

        `answer` is the type of the callback, none when there was no answer in time.
        """
        if wait:
            await acts.settle(self.world, act)
        return {
            "id": act.id,
            "answer": act.answer,
            "after": act.answered_at - act.at if act.answer else None,
            "messages": act.message_ids,
            "modal": act.modal,
            "choices": act.choices,
        }

    async def do_storm(self, presses: list[Json]) -> list[Json]:
        """All these presses at once; what became of each, in order."""
        begun = [user_actions.press(self.world, values=None, **one) for one in presses]
        return list(await asyncio.gather(*(self._outcome(act, wait=True) for act in begun)))

    def do_write(self, user: str, channel: str, text: str) -> str:
        return user_actions.write(self.world, user, channel, text)

    def do_react(self, *, user: str, message: str, emoji: str, added: bool) -> None:
        user_actions.react(self.world, user, message, emoji, added=added)

    def do_rewrite(self, user: str, message: str, text: str) -> None:
        user_actions.rewrite(self.world, user, message, text)

    def do_unfurl(self, message: str) -> None:
        user_actions.unfurl(self.world, message)

    def do_purge(self, user: str, messages: list[str]) -> None:
        user_actions.purge(self.world, user, messages)

    def do_erase(self, user: str, message: str) -> None:
        user_actions.erase(self.world, user, message)

    # Faults

    def do_drop(self, code: int) -> None:
        self.gateway.drop(code)

    def do_reconnect(self) -> None:
        self.gateway.reconnect()

    def do_invalidate(self, *, resumable: bool) -> None:
        self.gateway.invalidate(resumable=resumable)

    def do_garble(self, name: str, payload: Any) -> None:
        self.gateway.garble(name, payload)

    def do_twice(self, events: int) -> None:
        self.gateway.twice = events

    def do_hold(self) -> None:
        self.gateway.held = []

    def do_release(self, *, backwards: bool) -> None:
        self.gateway.release(backwards=backwards)

    def do_close_gateway(self, *, closed: bool) -> None:
        self.gateway.closed = closed

    def do_pace(self, *, on: bool) -> None:
        self.gateway.paced = on

    def do_crowd(self, times: int, seconds: float) -> None:
        """As if so many requests were made, up to so many seconds from now."""
        for _ in range(times):
            self.api.rates.everything.take(self.world.clock.elapsed() + seconds)

    def do_refused(self, times: int) -> None:
        """As if so many requests had been refused just now."""
        for _ in range(times):
            self.api.rates.refused.take(self.world.clock.elapsed())

    # What is known afterwards

    def do_sessions(self) -> Json:
        live = [session for session in self.gateway.sessions.values() if session.line]
        shards = [[session.shard, session.shards] for session in live]
        gateway = self.gateway
        payload = {
            "live": len(live),
            "shards": shards,
            "identified": gateway.identified,
            "resumed": gateway.resumed,
        }
        return {**payload, "version": self.world.version}

    def do_commands(self, guild: str) -> Json:
        return {
            "tree": list(self.world.commands.get(guild, {}).values()),
            "syncs": self.world.syncs,
        }
