"""Ten members on Slack before a bot that is killed at random moments."""

from collections.abc import Sequence
from pathlib import Path

from bot.chat.slack.manifest import manifest
from tests.chat import killing
from tests.chat.killing import MEMBERS, Press, Screen, Shown
from tests.fakes.slack.screen import Seen
from tests.fakes.slack.workspace import Member, Slack, Workspace


def settings_of(slack: Slack, home: Workspace) -> dict[str, str]:
    """What a whole bot needs to live in the simulator."""
    return {
        "TORCHPROOF_SLACK_BOT_TOKEN": home.token,
        "TORCHPROOF_SLACK_APP_TOKEN": slack.app_token,
        "TORCHPROOF_SLACK_API_URL": slack.api,
    }


class SlackScreen(Screen):
    def __init__(self, slack: Slack, home: Workspace, members: Sequence[Member]) -> None:
        self.slack, self.members = slack, members
        self.settings = settings_of(slack, home)

    async def ready(self) -> None:
        await self.slack.online()

    async def ask(self) -> str:
        asker = self.members[0]
        before = {seen.id for seen in await asker.sees()}

        def is_fresh(seen: Seen) -> bool:
            return seen.id not in before and "A" in seen.buttons

        await asker.slash("/quiz", "challenge gates intermediate")
        return (await asker.finds("Worth", is_fresh)).ts

    async def press(self, member: int, letter: str, message: str) -> Press:
        card = next(seen for seen in await self.members[member].sees() if seen.ts == message)
        act = await self.members[member].click(letter, card)
        return Press(act.id, act.failed)

    async def shown(self) -> Sequence[Shown]:
        return [
            Shown(seen.ts, seen.text)
            for seen in await self.members[0].sees()
            if not seen.private and seen.by_bot
        ]

    async def told(self, act: str) -> Sequence[str]:
        named = (await self.slack.do("outcome", act=act))["messages"]
        return [
            seen.text for member in self.members for seen in await member.sees() if seen.id in named
        ]

    async def changed(self) -> None:
        version = (await self.slack.do("connections"))["version"]
        await self.slack.do("changed", version=version, seconds=2)


async def rampage(
    slack: Slack, folder: Path, kills: int, rounds_played: int, seed: int
) -> tuple[int, int, int]:
    await slack.manifest(manifest())
    home = await slack.workspace("Study group")
    screen = SlackScreen(
        slack, home, [await home.join(f"Member {number}") for number in range(MEMBERS)]
    )
    return await killing.rampage(screen, folder, kills, rounds_played, seed)
