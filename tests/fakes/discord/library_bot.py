"""A small bot on discord.py, in a process of its own.

Run as `python -m tests.fakes.discord.library_bot API GATEWAY TOKEN`.

It asks one question in the newer form; whispers, opens a form, turns and defers when it is clicked;
talks when told to. Nothing of the library is changed but the two addresses, for which it has no
argument.
"""

import asyncio
import sys

import discord
import yarl
from discord import app_commands

INTENTS = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True, dm_messages=True)
Act = discord.Interaction[discord.Client]


class Bot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=INTENTS, guild_ready_timeout=0.02)
        self.tree = app_commands.CommandTree(self)
        for name, summary, answer in (
            ("quiz", "Ask", self.quiz),
            ("talk", "Say, change and react", self.talk),
        ):
            self.tree.add_command(
                app_commands.Command(name=name, description=summary, callback=answer)
            )

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def quiz(self, act: Act) -> None:
        view = discord.ui.LayoutView(timeout=None)
        row: discord.ui.ActionRow[discord.ui.LayoutView] = discord.ui.ActionRow()
        for one in ("private", "form", "turn", "defer"):
            row.add_item(discord.ui.Button(label=one.title(), custom_id=one))
        view.add_item(discord.ui.Container(discord.ui.TextDisplay("Which shape?"), row))
        await act.response.send_message(view=view)

    async def talk(self, act: Act) -> None:
        await act.response.send_message("talking", ephemeral=True)
        assert isinstance(act.channel, discord.TextChannel)
        message = await act.channel.send("first")
        await message.edit(content="second")
        for emoji in "🇦🇧🇨":
            await message.add_reaction(emoji)

    async def on_interaction(self, act: Act) -> None:
        pressed = getattr(self, f"_{dict(act.data or {}).get('custom_id')}", None)
        if pressed:
            await pressed(act)

    async def _private(self, act: Act) -> None:
        await act.response.send_message("only for you", ephemeral=True)

    async def _form(self, act: Act) -> None:
        form = discord.ui.Modal(title="Your answer", custom_id="sent")
        line: discord.ui.TextInput[discord.ui.Modal] = discord.ui.TextInput(custom_id="line")
        form.add_item(discord.ui.Label(text="A number", component=line))
        await act.response.send_modal(form)

    async def _sent(self, act: Act) -> None:
        await act.response.send_message("form received", ephemeral=True)

    async def _turn(self, act: Act) -> None:
        view = discord.ui.LayoutView()
        view.add_item(discord.ui.TextDisplay("It is over"))
        await act.response.edit_message(view=view)

    async def _defer(self, act: Act) -> None:
        await act.response.defer(ephemeral=True, thinking=True)
        await act.edit_original_response(content="thought about it")
        await act.followup.send("and more", ephemeral=True)


async def run(api: str, gateway: str, token: str) -> None:
    """Until standard input closes."""
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    async with Bot() as bot:
        serving = asyncio.create_task(bot.start(token))
        await asyncio.to_thread(sys.stdin.read)
        await bot.close()
        await serving


if __name__ == "__main__":
    asyncio.run(run(*sys.argv[1:]))
