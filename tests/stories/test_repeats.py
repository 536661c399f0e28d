"""Acts that arrive twice or thrice, at once or after a restart.

They end where acts that arrive once do.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot.quiz.files.bank import Bank
from bot.store.boards.projector import Projector
from bot.store.sql.all_tables import metadata
from bot.store.sql.database import Database
from tests.conftest import Clock
from tests.store.scene import Scene, fresh
from tests.stories.paper import PaperMember, PaperPlatform, PaperStage, paper_bot
from tests.stories.questions import bank
from tests.stories.stage import Deed, Pressing, Reacting, Seen, Typing

NAMES = ("Ada", "Bob", "Cy")
LINES = (
    *(
        "/challenge gates level:intermediate",
        "/challenge gates level:beginner",
        "/challenge figures kind:metrics",
    ),
    *(
        "/practice gates level:advanced",
        "/practice figures kind:conceptual",
        "/pack gates",
        "/why",
        "/board",
        "/reports",
    ),
    *(
        "/me name:hidden",
        "/me zone:Asia/Tokyo",
        "/settings answers:reactions",
        "/settings speed:off",
    ),
)
WORDS = ("1", "0,99", "exploding gradients", "explosion")


@dataclass(frozen=True, slots=True)
class Act:
    """Something that somebody does after a while; none of the deeds: they leave."""

    who: int
    name: str
    after: int
    deed: Deed | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """How often an act arrives, and whether all at once.

    Also whether the bot is started anew before its repeats.
    """

    times: int = 1
    at_once: bool = False
    restart: bool = False


@dataclass(slots=True)
class Theatre:
    """A bot on paper that can be started anew; its members and what they read stay."""

    database: Database
    bank: Bank
    clock: Clock = field(default_factory=Clock)
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.platform = PaperPlatform(self.clock.now)
        self.members = [
            PaperMember(self.platform, self.clock, self.bank, name, admin=name == "Ada")
            for name in NAMES
        ]

    platform: PaperPlatform = field(init=False)
    members: Sequence[PaperMember] = field(init=False)
    stage: PaperStage = field(init=False)

    async def open(self) -> None:
        self.stage = await self.stack.enter_async_context(
            paper_bot(self.database, self.bank, self.clock, self.platform)
        )

    async def restart(self) -> None:
        await self.stack.aclose()
        await self.open()

    async def deliver(self, act: Act, how: Delivery) -> None:
        await self.stage.wait(act.after)
        if how.at_once:
            await asyncio.gather(*(self._hand_in(act) for _ in range(how.times)))
        for time in range(0 if how.at_once else how.times):
            if time and how.restart:
                await self.restart()
            await self._hand_in(act)
        await self.stage.wait(0)  # what is over now ends now, whenever the alarm happens to ring

    async def _hand_in(self, act: Act) -> None:
        member = self.members[act.who]
        await (member.do(act.name, act.deed) if act.deed else member.leave())


@asynccontextmanager
async def theatre(folder: Path, template: Path, asked: Bank) -> AsyncIterator[Theatre]:
    here = Theatre(fresh(template, folder), asked)
    await here.open()
    try:
        yield here
    finally:
        await here.stack.aclose()
        await here.database.close()


def chosen(chance: random.Random, seen: Sequence[Seen]) -> Deed | None:
    """What somebody does who has this before them."""
    cards = [
        message
        for message in seen[-8:]
        if message.buttons or message.boxes or message.entry or message.emoji
    ]
    message = chance.choice(cards) if cards else None
    if chance.random() < 0.04:
        return None
    if message is None or chance.random() < 0.3:
        return Typing("general", chance.choice(LINES))
    if message.boxes and chance.random() < 0.5:
        return Pressing(
            message, message.boxes, tuple(chance.sample("ABCD", chance.randrange(1, 5)))
        )
    if message.entry and chance.random() < 0.6:
        return Pressing(message, message.entry, (chance.choice(WORDS),))
    if message.emoji and chance.random() < 0.7:
        return Reacting(message, chance.choice(message.emoji), added=True)
    return (
        Pressing(message, message.buttons[chance.choice(sorted(message.buttons))])
        if message.buttons
        else None
    )


async def state(here: Theatre) -> dict[str, list[str]]:
    """All that is remembered of people.

    A count in which nobody stands any more is no memory, a bag is shuffled by chance, and a heart
    beats when it beats.
    """
    await here.stage.wait(3600)
    await Projector(here.database).catch_up()
    scene = Scene(here.database)
    return {
        name: [str({**row, "lap": None}) for row in await scene.rows(table) if row.get("n") != 0]
        for name, table in metadata.tables.items()
        if name != "heartbeat"
    }


async def improvised(here: Theatre, seed: int, length: int) -> list[Act]:
    """A story as it is played once, each act by what its member has before them."""
    chance, acts = random.Random(seed), list[Act]()
    for number in range(length):
        who = chance.randrange(len(NAMES))
        deed = chosen(chance, here.members[who].seen())
        acts.append(Act(who, f"act {number}", chance.choice((0, 0, 1, 1, 5, 20, 95)), deed))
        await here.deliver(acts[-1], Delivery())
    return acts


deliveries = st.lists(
    st.builds(Delivery, st.integers(1, 3), st.booleans(), st.booleans()), min_size=25, max_size=25
)


@settings(max_examples=10, phases=[Phase.generate])  # a story that is made shorter is another story
@given(st.integers(0, 2**16), deliveries)
def test_a_story_whose_acts_arrive_again_and_again_ends_like_one_whose_acts_arrive_once(
    migrated_file: Path, seed: int, how: list[Delivery]
) -> None:
    asyncio.run(_played_twice(migrated_file, seed, how))


async def _played_twice(template: Path, seed: int, how: list[Delivery]) -> None:
    with TemporaryDirectory() as folder:
        asked = bank(Path(folder) / "questions")
        async with theatre(Path(folder), template, asked) as here:
            acts = await improvised(here, seed, len(how))
            once = await state(here)
        async with theatre(Path(folder), template, asked) as here:
            for act, delivery in zip(acts, how, strict=True):
                await here.deliver(act, delivery)
            assert await state(here) == once
