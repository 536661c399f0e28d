"""Ten members on Discord before a bot that is killed at random moments."""

from collections.abc import Sequence
from pathlib import Path

from tests.chat import killing
from tests.chat.killing import MEMBERS, Press, Screen, Shown
from tests.fakes.denied import Denied
from tests.fakes.discord.guild import Discord, Member
from tests.fakes.discord.screen import Act, Seen


def settings_of(discord: Discord) -> dict[str, str]:
    """What a whole bot needs to live in the simulator."""
    return {
        "TORCHPROOF_DISCORD_TOKEN": discord.token,
        "TORCHPROOF_DISCORD_API_URL": discord.api,
        "TORCHPROOF_DISCORD_GATEWAY_URL": discord.gateway,
    }


class DiscordScreen(Screen):
    def __init__(self, discord: Discord, members: Sequence[Member]) -> None:
        self.discord, self.members = discord, members
        self._acts: dict[str, Act] = {}
        self.settings = settings_of(discord)

    async def ready(self) -> None:
        await self.discord.until(
            lambda known: bool(known["tree"]), "commands", what="the commands", guild=""
        )

    async def ask(self) -> str:
        asker = self.members[0]
        before = {seen.id for seen in await asker.sees()}

        def is_fresh(seen: Seen) -> bool:
            return seen.id not in before and "A" in seen.buttons

        try:
            await asker.slash("challenge", pack="gates", level="intermediate")
        except Denied as denied:
            raise AssertionError(denied) from None
        return (await asker.finds("Worth", is_fresh)).id

    async def press(self, member: int, letter: str, message: str) -> Press:
        card = next(seen for seen in await self.members[member].sees() if seen.id == message)
        act = await self.members[member].click(letter, card)
        self._acts[act.id] = act
        return Press(act.id, act.failed)

    async def shown(self) -> Sequence[Shown]:
        return [
            Shown(seen.id, seen.text.replace("**", ""))
            for seen in await self.members[0].sees()
            if not seen.private
        ]

    async def told(self, act: str) -> Sequence[str]:
        named = self._acts[act].messages
        return [
            seen.text for member in self.members for seen in await member.sees() if seen.id in named
        ]

    async def changed(self) -> None:
        await self.discord.do(
            "changed", version=(await self.discord.sessions())["version"], seconds=2
        )


async def rampage(
    discord: Discord, folder: Path, kills: int, rounds_played: int, seed: int
) -> tuple[int, int, int]:
    guild = await discord.guild("Study group")
    screen = DiscordScreen(
        discord, [await guild.join(f"Member {number}") for number in range(MEMBERS)]
    )
    return await killing.rampage(screen, folder, kills, rounds_played, seed)
