"""The library's second folder is read again when it changes.

Nothing broken there takes away what was good.
"""

import asyncio
from pathlib import Path

import pytest

from bot.quiz.files.problems import Problem
from bot.quiz.files.watched_bank import WatchedBank
from tests.quiz.folders import PLAIN, changed, pack, put

Reported = list[tuple[Problem, ...]]


@pytest.fixture
def reported() -> Reported:
    return []


@pytest.fixture
def library(tmp_path: Path, reported: Reported) -> WatchedBank:
    pack(tmp_path / "second", "theirs", a=PLAIN)
    return WatchedBank(
        pack(tmp_path / "own", "ours", a=PLAIN), tmp_path / "second", reported.append
    )


def names(library: WatchedBank) -> list[str]:
    return [pack.name for pack in library.bank.packs]


def test_the_packs_of_both_folders_stand_on_it(library: WatchedBank, reported: Reported) -> None:
    assert names(library) == ["ours", "theirs"]
    assert reported == []


def test_without_a_second_folder_our_own_packs_stand_there(
    tmp_path: Path, reported: Reported
) -> None:
    library = WatchedBank(pack(tmp_path, "ours", a=PLAIN), None, reported.append)
    assert names(library) == ["ours"]
    assert not library.refresh()


def test_a_change_is_taken_over_and_nothing_is_read_without_one(
    library: WatchedBank, tmp_path: Path
) -> None:
    assert not library.refresh()
    put(tmp_path / "second/theirs/a.toml", changed(PLAIN, title='"Anew"'))
    assert library.refresh()
    assert library.bank.question("theirs/a").title == "Anew"


def test_a_broken_pack_keeps_its_last_good_version_and_is_told_once(
    library: WatchedBank, tmp_path: Path, reported: Reported
) -> None:
    put(tmp_path / "second/theirs/a.toml", "oops")
    pack(tmp_path / "second", "more", b=PLAIN)
    assert library.refresh()
    assert names(library) == ["ours", "theirs", "more"]
    assert library.bank.question("theirs/a").title == "What a gate does"
    (tmp_path / "second/note.txt").touch()
    assert library.refresh()
    assert [[problem.file for problem in problems] for problems in reported] == [["theirs/a.toml"]]


def test_mending_is_told_too(library: WatchedBank, tmp_path: Path, reported: Reported) -> None:
    put(tmp_path / "second/theirs/a.toml", "oops")
    library.refresh()
    put(tmp_path / "second/theirs/a.toml", PLAIN)
    library.refresh()
    assert reported[-1] == library.problems == ()


def test_a_pack_that_is_taken_away_is_gone(library: WatchedBank, tmp_path: Path) -> None:
    pack(tmp_path / "second", "more", b=PLAIN)
    (tmp_path / "second/theirs").rename(tmp_path / "away")
    library.refresh()
    assert names(library) == ["ours", "more"]


def test_a_folder_that_is_gone_keeps_everything(
    library: WatchedBank, tmp_path: Path, reported: Reported
) -> None:
    (tmp_path / "second").rename(tmp_path / "away")
    assert library.refresh()
    assert names(library) == ["ours", "theirs"]
    assert "cannot be read" in reported[0][0].wrong


def test_a_pack_with_the_name_of_one_of_ours_is_refused(
    library: WatchedBank, tmp_path: Path, reported: Reported
) -> None:
    pack(tmp_path / "second", "ours", a=changed(PLAIN, title='"Not ours"'))
    library.refresh()
    assert library.bank.question("ours/a").title == "What a gate does"
    assert "name already" in reported[0][0].wrong


def test_a_second_folder_that_is_broken_from_the_start_takes_nothing_down(
    tmp_path: Path, reported: Reported
) -> None:
    library = WatchedBank(
        pack(tmp_path / "own", "ours", a=PLAIN), tmp_path / "missing", reported.append
    )
    assert names(library) == ["ours"]
    assert len(reported) == 1


def test_a_file_that_is_gone_while_it_is_looked_at_does_no_harm(
    library: WatchedBank, tmp_path: Path
) -> None:
    (tmp_path / "second/theirs/b.txt").symlink_to("nowhere")
    (tmp_path / "second/theirs/c.txt").touch()
    assert library.refresh()


async def test_watching_takes_changes_over(tmp_path: Path) -> None:
    loop, heard = asyncio.get_running_loop(), asyncio.Event()
    pack(tmp_path / "second", "theirs", a=PLAIN)
    library = WatchedBank(
        pack(tmp_path / "own", "ours", a=PLAIN),
        tmp_path / "second",
        lambda _: loop.call_soon_threadsafe(heard.set),
    )
    watching = asyncio.create_task(library.watch(0.01))
    put(tmp_path / "second/theirs/a.toml", "oops")
    async with asyncio.timeout(10):
        await heard.wait()
    watching.cancel()
    assert names(library) == ["ours", "theirs"]


async def test_watching_goes_on_after_a_failure(tmp_path: Path) -> None:
    """Here whoever is told of a broken file fails; the next change is taken over all the same."""
    loop, failed, mended = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

    def tell(problems: tuple[Problem, ...]) -> None:
        loop.call_soon_threadsafe(failed.set if problems else mended.set)
        raise RuntimeError("nobody listens")

    pack(tmp_path / "second", "theirs", a=PLAIN)
    library = WatchedBank(pack(tmp_path / "own", "ours", a=PLAIN), tmp_path / "second", tell)
    watching = asyncio.create_task(library.watch(0.01))
    async with asyncio.timeout(10):
        put(tmp_path / "second/theirs/a.toml", "oops")
        await failed.wait()
        put(tmp_path / "second/theirs/a.toml", changed(PLAIN, title='"Anew"'))
        await mended.wait()
    watching.cancel()
    assert library.bank.question("theirs/a").title == "Anew"
