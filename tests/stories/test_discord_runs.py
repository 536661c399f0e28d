"""Running code on Discord.

It runs from messages, their menu and a form, shown while it goes, in place and within budgets.
"""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot.sandbox.protocol import End, Outcome, OutputFile, OutputPicture, OutputText, RunRequest
from bot.store.sql.database import Database
from tests.chat.discord.samples import PNG
from tests.conftest import Clock
from tests.fakes.discord import guild as fake
from tests.sandbox.fake_worker import Stage, idle
from tests.stories.discord import DiscordMember, DiscordStage
from tests.stories.discord import on_discord as on_discord_stage
from tests.stories.questions import proven
from tests.stories.worker_stage import WorkerStage, opened

pytestmark = pytest.mark.parametrize("setting", [("discord", "sqlite")])


@pytest.fixture
async def ada(worker_stage: WorkerStage) -> fake.Member:
    member = await worker_stage.stage.enter("Ada")
    assert isinstance(member, DiscordMember)
    return member.person


@pytest.fixture
async def bob(worker_stage: WorkerStage) -> fake.Member:
    member = await worker_stage.stage.enter("Bob")
    assert isinstance(member, DiscordMember)
    return member.person


def on_discord(worker_stage: WorkerStage) -> DiscordStage:
    assert isinstance(worker_stage.stage, DiscordStage)
    return worker_stage.stage


async def later(worker_stage: WorkerStage, seconds: float) -> None:
    worker_stage.stage.clock.advance(seconds)
    await on_discord(worker_stage).discord.set_clock(worker_stage.stage.clock.now().timestamp())


def code(worker_stage: WorkerStage, text: str) -> str:
    return f"<@{on_discord(worker_stage).discord.bot}>\n```python\n{text}\n```"


async def test_code_in_a_message_runs_and_its_edit_runs_in_place(
    worker_stage: WorkerStage, ada: fake.Member, bob: fake.Member
) -> None:
    message = await ada.writes(code(worker_stage, "first"))
    shown = await bob.finds("ran first on cpu")
    assert shown.shape["message_reference"]["message_id"] == message
    await ada.rewrites(message, code(worker_stage, "second"))
    assert (await bob.finds("ran second on cpu")).id == shown.id
    await later(worker_stage, 301)
    await ada.rewrites(message, code(worker_stage, "third"))
    await ada.writes(code(worker_stage, "fourth"))
    await bob.finds("ran fourth")
    assert worker_stage.counter.asked == ["first", "second", "fourth"]


async def test_an_edit_stops_what_still_runs(worker_stage: WorkerStage, ada: fake.Member) -> None:
    message = await ada.writes(code(worker_stage, "wait"))
    shown = await ada.finds("tick")
    await ada.rewrites(message, code(worker_stage, "second"))
    assert (await ada.finds("ran second")).id == shown.id
    await worker_stage.counter.cancelled.wait()


async def test_a_deleted_message_takes_all_that_its_code_said_with_it(
    worker_stage: WorkerStage, ada: fake.Member, bob: fake.Member
) -> None:
    """Its author's run, somebody else's from the menu, and one that still goes."""
    message = await ada.writes(code(worker_stage, "mine"))
    await ada.finds("ran mine")
    worker_stage.counter.play = idle
    await bob.menu("Run PyTorch", next(seen for seen in await bob.sees() if seen.id == message))
    await bob.finds("Running on the CPU")
    await ada.erase(message)
    await worker_stage.counter.cancelled.wait()
    await on_discord(worker_stage).discord.until(
        lambda known: str(known).count("Taken away") == 2,
        "look",
        what="both",
        user=ada.id,
        channel=ada.channel,
    )
    for member in (ada, bob):
        await member.slash("runs")
        assert "mine" not in (await member.finds("Your runs", lambda seen: seen.private)).text


async def test_code_that_never_ran_is_not_run_by_a_late_edit(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    message = await ada.writes(
        f"<@{on_discord(worker_stage).discord.bot}> I shall think of something"
    )
    await later(worker_stage, 301)
    await ada.rewrites(message, code(worker_stage, "late"))
    message = await ada.writes(
        f"<@{on_discord(worker_stage).discord.bot}> I shall think of something"
    )
    await ada.rewrites(message, code(worker_stage, "soon"))
    await ada.finds("ran soon")
    assert worker_stage.counter.asked == ["soon"]


async def test_the_menu_on_a_message_runs_what_stands_there_for_everyone(
    ada: fake.Member, bob: fake.Member
) -> None:
    message = await ada.writes("print(1)")
    await bob.menu("Run PyTorch", "print(1)")
    assert not (await ada.finds("ran print(1) on cpu")).private
    await ada.writes("Nice to see you")
    await bob.menu("Run PyTorch", "Nice to see you")
    assert (await bob.finds("There is no code in that message.")).private
    await ada.erase(message)
    await bob.finds("Taken away")


async def test_a_form_asks_for_code_and_runs_it(ada: fake.Member, bob: fake.Member) -> None:
    form = await ada.slash("run", device="gpu")
    await ada.submit(form, "print(1)")
    seen = await bob.finds("ran print(1) on gpu")
    await bob.click("Run again on CPU", seen)
    await ada.finds("ran print(1) on cpu")


async def test_a_second_run_at_once_is_refused_under_the_message(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    await ada.writes(code(worker_stage, "wait"))
    running = await ada.finds("tick")
    message = await ada.writes(code(worker_stage, "print(2)"))
    refused = await ada.finds("Your last run is still going.")
    assert refused.shape["message_reference"]["message_id"] == message
    await ada.click("Stop", running)
    await ada.finds("■ Stopped")


async def test_an_hour_has_so_many_runs_however_they_are_asked_for(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    message = await ada.writes(code(worker_stage, "0"))
    for number in range(1, 6):
        await ada.finds(f"ran {number - 1} ")
        await later(worker_stage, 1)
        await ada.rewrites(message, code(worker_stage, f"{number}"))
    await ada.finds("ran 5 ")
    await ada.menu("Run PyTorch", next(seen for seen in await ada.sees() if seen.id == message))
    assert "You had your 6 runs of this hour." in (await ada.finds("did not work")).text


async def test_runs_in_direct_messages_and_for_whoever_brought_the_bot_along(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    private = await ada.in_dm()
    await private.writes("```print(1)```")
    await private.finds("ran print(1)")
    eve = await on_discord(worker_stage).discord.person("Eve", installed=True)
    await eve.slash("run", code="wait")
    await eve.finds("tick")
    await eve.click("Stop")
    await eve.finds("■ Stopped")


async def test_pictures_and_files_come_with_their_words(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    async def draw(stage: Stage, _: RunRequest) -> None:
        drawn = (OutputPicture("a", PNG + b"one"), OutputPicture("b", PNG + b"two"))
        await stage.tell(
            OutputText("drawn\n"), *drawn, OutputFile("weights.pt", b"w"), End(Outcome.DONE)
        )

    worker_stage.counter.play = draw
    await ada.writes(code(worker_stage, "draw"))
    seen = await ada.finds("drawn")
    assert "What this code draws, picture 2 of 2." in seen.text
    contents = [await on_discord(worker_stage).discord.file(each["url"]) for each in seen.files]
    assert contents == [PNG + b"one", PNG + b"two", b"w"]


async def test_what_code_says_calls_nobody_and_closes_no_fence(
    worker_stage: WorkerStage, ada: fake.Member, bob: fake.Member
) -> None:
    evil = (
        f"@everyone <@{bob.id}> ```\n# big\n```\n"
        "[a](https://example.org) \u202egpj.exe\u202c \u200bx\x1b[31m"
    )

    async def curse(stage: Stage, _: RunRequest) -> None:
        await stage.tell(OutputText(evil), End(Outcome.RAISED, note=f"*bold* {evil}"))

    worker_stage.counter.play = curse
    await ada.writes(code(worker_stage, f"print('{evil}')"))
    seen = await bob.finds("It raised an error")
    assert seen.pings == ()
    assert not set("\u202e\u202c\x1b") & set(seen.text)
    assert seen.text.count("```") % 2 == 0
    assert "`\N{ZERO WIDTH SPACE}`\N{ZERO WIDTH SPACE}`" in seen.text


async def test_a_run_is_shown_to_its_end_where_the_bot_itself_may_not_look(
    worker_stage: WorkerStage, ada: fake.Member
) -> None:
    """A command works in a private channel too: its answer is replaced by what let it answer."""
    stage, go = on_discord(worker_stage), asyncio.Event()

    async def slow(stage: Stage, _: RunRequest) -> None:
        await go.wait()
        await stage.tell(OutputText("at last"), End(Outcome.DONE))

    worker_stage.counter.play = slow
    await stage.guild.overwrite(
        "general", stage.discord.bot, deny=("VIEW_CHANNEL", "SEND_MESSAGES")
    )
    await ada.slash("run", code="slow")
    await ada.finds("Running on the CPU")
    go.set()
    assert "Done" in (await ada.finds("at last")).text


async def test_a_questions_own_code_and_its_proof_run_for_whoever_has_finished(
    discord_address: str, database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Shown to them alone, and run again where they stand."""
    stage = partial(on_discord_stage, discord_address)
    async with opened(
        stage, tmp_path, database, proven(tmp_path / "questions"), clock
    ) as worker_stage:
        member = await worker_stage.stage.enter("Ada")
        await member.type("/practice gates beginner")
        await member.press("B")
        await member.press("Run")
        ran = await member.see("ran print('of the question')")
        assert ran.private
        await member.press("Run again", on="ran print('of the question')")
        await member.see("ran print('of the question')")
        assert [text.count("of the question") for text in await member.texts()].count(2) == 1
        await member.press("Prove it")
        assert (await member.see("Every assertion in it held.")).private
        assert worker_stage.counter.asked[-1] == "assert True"


async def test_runs_of_one_channel_share_its_budget(worker_stage: WorkerStage) -> None:
    """Two at once are painted half as often each; what is painted is the latest."""
    stage, pause = on_discord(worker_stage), 0.1
    stage.bot.runs.live.pause = pause
    members = [await stage.guild.join(f"Member {number}") for number in range(2)]
    for member in members:
        await member.writes(code(worker_stage, "wait"))
    await asyncio.gather(*(member.finds("tick", lambda seen: seen.edits > 2) for member in members))
    edits = await stage.discord.requests("PATCH")
    assert 2 <= len(edits) <= (edits[-1]["real"] - edits[0]["real"]) / pause + 2
