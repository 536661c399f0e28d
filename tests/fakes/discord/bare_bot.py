"""The barest discord.py bot.

It shows one message with buttons and acknowledges every click, and nothing else.
"""

import asyncio
import os
from typing import Any

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

OPTIONS = [{"name": name, "description": name, "type": 3} for name in ("pack", "level")]
COMMAND: Any = {"name": "challenge", "description": "Ask", "type": 1, "options": OPTIONS}


class Bare(discord.Client):
    async def setup_hook(self) -> None:
        await self.http.bulk_upsert_global_commands(self.application_id or 0, [COMMAND])

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        if interaction.type is discord.InteractionType.component:
            await interaction.response.defer()
        else:
            await interaction.response.send_message("Which?", view=Letters(timeout=None))


class Letters(discord.ui.View):
    def __init__(self, *, timeout: float | None) -> None:
        super().__init__(timeout=timeout)
        for letter in "ABCD":
            self.add_item(discord.ui.Button(label=letter, custom_id=f"answer:1:{letter}"))


async def main() -> None:
    Route.BASE = os.environ["TORCHPROOF_DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["TORCHPROOF_DISCORD_GATEWAY_URL"])
    async with Bare(intents=discord.Intents(guilds=True), guild_ready_timeout=0.02) as bare:
        await bare.start(os.environ["TORCHPROOF_DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
