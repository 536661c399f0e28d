"""The whole bot as it is started by hand, with its own worker.

Code goes from the browser to the sandbox and back.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from playwright.async_api import expect

from tests.chat.web.browsing import Member as Visitor
from tests.chat.web.browsing import launched
from tests.conftest import ROOT
from tests.sandbox.conftest import found
from tests.stories.stage import DEADLINE_S, Seen
from tests.stories.web import Browser, WebMember

PATIENCE = 60
PLOT = (
    "plt.plot([1, 3, 2], label='loss')\nplt.title('A plot')\nplt.legend()\nplt.show()\n"
    "print('drawn')"
)


@dataclass(frozen=True, slots=True)
class Started:
    process: asyncio.subprocess.Process
    address: str

    def worker(self) -> psutil.Process:
        (worker,) = [
            each
            for each in psutil.Process(self.process.pid).children()
            if "worker" in each.cmdline()
        ]
        return worker


@asynccontextmanager
async def started(folder: Path, **settings: str) -> AsyncIterator[Started]:
    told = {"TORCHPROOF_DATA_DIR": str(folder), "TORCHPROOF_WEB_PORT": "0", "PYTHONUNBUFFERED": "1"}
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("TORCHPROOF_")
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-OO",
        "-m",
        "bot",
        cwd=ROOT,
        env={**environment, **told, **settings},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Started(process, await _address(process))
    finally:
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(DEADLINE_S):
            assert await process.wait() == 0


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if b"Chat:" in line:
                return line.split()[1].decode()
    raise AssertionError("the bot did not start")


@asynccontextmanager
async def member(bot: Started, name: str) -> AsyncIterator[WebMember]:
    browser = Browser(bot.address)
    await browser.enter(name)
    await browser.connect()
    try:
        yield WebMember(browser, name)
    finally:
        await browser.close()


async def patiently(one: WebMember, words: str) -> Seen:
    """What comes once a worker has started, which takes a busy machine longest of all."""
    async with asyncio.timeout(PATIENCE):
        while True:
            with suppress(AssertionError):
                return await one.see(words)


@pytest.fixture(autouse=True)
def _walls() -> None:
    if not found().works:
        pytest.skip("no sandbox can be built here")


async def test_code_runs_beside_the_bot_and_nothing_is_left_when_it_stops(tmp_path: Path) -> None:
    async with started(tmp_path) as bot, member(bot, "Ann") as ann:
        await ann.type("/run\nx = torch.ones(2, 3)\nx @ x.T")
        await patiently(ann, "shape (2, 2), float32, cpu")
        family = psutil.Process(bot.process.pid).children(recursive=True)
        environment = bot.worker().environ()
        assert len(family) > 2
        assert not [
            name for name in environment if name.startswith("TORCHPROOF_") and "WORKER" not in name
        ]
    gone, alive = psutil.wait_procs(family, timeout=DEADLINE_S)
    assert (len(gone), alive) == (len(family), [])


async def test_a_worker_that_is_killed_in_the_middle_is_replaced_and_the_run_begins_anew(
    tmp_path: Path,
) -> None:
    async with started(tmp_path) as bot, member(bot, "Ann") as ann:
        await ann.type("/run\nimport time\nprint('beg' + 'un')\ntime.sleep(3)\nprint('end' + 'ed')")
        await patiently(ann, "begun")
        bot.worker().kill()
        seen = await patiently(ann, "Its worker died once, so it was started again.")
        assert "ended" in seen.text


async def test_switched_off_it_starts_no_worker_and_says_so(tmp_path: Path) -> None:
    async with started(tmp_path, TORCHPROOF_RUN="off") as bot, member(bot, "Ann") as ann:
        await ann.type("/run 1")
        assert "switched off" in await ann.newest()
        assert psutil.Process(bot.process.pid).children() == []


async def test_without_bubblewrap_it_says_what_to_install(tmp_path: Path) -> None:
    async with started(tmp_path, PATH=str(tmp_path)) as bot, member(bot, "Ann") as ann:
        await ann.type("/run 1")
        await ann.see("Install bubblewrap")


async def test_a_plot_is_seen_in_a_browser(tmp_path: Path) -> None:
    async with started(tmp_path) as bot, launched() as chromium:
        page = await chromium.new_page(viewport={"width": 1000, "height": 1100})
        ann = Visitor(page, bot.address)
        await ann.come_in("Ann")
        await ann.say(f"/run\n{PLOT}")
        picture = page.get_by_role("img", name="What this code draws.")
        await expect(picture).to_be_visible(timeout=PATIENCE * 1000)
        assert await picture.evaluate(
            "image => image.decode().then(() => image.naturalWidth > 300)"
        )
        await expect(page.get_by_text("drawn", exact=True)).to_be_visible()
        assert (ann.complaints, await ann.violations()) == ([], [])
        await page.screenshot(path=tmp_path / "run.png")
        await page.close()
