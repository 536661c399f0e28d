"""The barest discord.py bot: it shows one message with buttons and acknowledges every click, and nothing else."""

import asyncio
import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class Bare(discord.Client):
    async def setup_hook(self) -> None:
        tree = discord.app_commands.CommandTree(self)
        tree.add_command(discord.app_commands.Command(name="challenge", description="Ask", callback=show))
        await tree.sync()

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.defer()


async def show(interaction: discord.Interaction[discord.Client], pack: str = "", level: str = "") -> None:  # noqa: ARG001 (as ours has)
    view = discord.ui.View(timeout=None)
    for letter in "ABCD":
        view.add_item(discord.ui.Button(label=letter, custom_id=f"answer:1:{letter}"))
    await interaction.response.send_message("Which?", view=view)


async def main() -> None:
    Route.BASE = os.environ["TORCHPROOF_DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["TORCHPROOF_DISCORD_GATEWAY_URL"])
    async with Bare(intents=discord.Intents(guilds=True), guild_ready_timeout=0.02) as bare:
        await bare.start(os.environ["TORCHPROOF_DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
