"""The one place that knows every part: settings become objects, objects run together, all end cleanly."""

import asyncio
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot import workshop
from bot.alarm import Alarm
from bot.chat.port import Platform
from bot.chat.web.platform import WebPlatform
from bot.conversation.boards import BoardsTalk
from bot.conversation.feedback import FeedbackTalk
from bot.conversation.hear import Conversation
from bot.conversation.packs import PacksTalk
from bot.conversation.people import PeopleTalk
from bot.conversation.places import PlacesTalk
from bot.conversation.rounds import RoundsTalk
from bot.conversation.runs import RunsTalk
from bot.errors import UserError
from bot.quiz.bank import Bank
from bot.quiz.library import Library
from bot.quiz.problems import Problem
from bot.quizmaster.boards import Boards
from bot.quizmaster.feedback import Feedback
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.rounds import Rounds
from bot.quizmaster.runs import Runs
from bot.sandbox.queue import Runner, Shut
from bot.settings import Settings
from bot.store import schema
from bot.store.database import Database
from bot.store.ledger import Ledger
from bot.store.projector import Projector
from bot.store.shelf import Shelf

PAUSE = 2.0
"""Seconds between two edits of one public counter."""
WATCH = 3.0
"""Seconds between two looks at the second folder of questions."""
QUOTA, KEEP = 30, timedelta(days=30)
"""How many runs a member has in an hour, and for how long they are kept."""
SHUT = Shut()
log = logging.getLogger(__name__)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """The bot’s parts, put together."""

    conversation: Conversation
    rounds: RoundsTalk
    runs: RunsTalk
    ledger: Ledger
    projector: Projector
    alarm: Alarm
    platforms: Mapping[str, Platform]

    async def run(self, *more: Coroutine[None, None, None]) -> None:
        """Serve until cancelled; one part that fails ends all. The platforms end first: what they heard is answered."""
        async with asyncio.TaskGroup() as below:
            rooms = (self.rounds.editor.run(), self.alarm.run(), self.runs.serve())
            for part in (self.ledger.run(), self.projector.run(), *rooms, *more):
                below.create_task(part)
            await self.rounds.recover()
            async with asyncio.TaskGroup() as talking:
                for platform in self.platforms.values():
                    talking.create_task(platform.run(self.conversation.hear))


def build(
    database: Database,
    bank: Callable[[], Bank],
    platforms: Mapping[str, Platform],
    zone: str,
    now: Callable[[], datetime] = clock,
    pause: float = PAUSE,
    runner: Runner = SHUT,
    bot: str = "bot",
    quota: int = QUOTA,
    keep: timedelta = KEEP,
) -> House:
    projector = Projector(database)
    ledger = Ledger(database, projector.nudge)
    woken = asyncio.Event()
    packs = Packs(database, bank, zone, woken.set)
    rounds = Rounds(database, ledger, packs, bank, zone, woken.set)
    people = People(database, bank, zone)
    rounds_talk = RoundsTalk(rounds, packs, platforms, now, pause)
    alarm = Alarm(rounds.next_due, rounds_talk.ring, woken, now)
    runs_talk = RunsTalk(Runs(database, bot, quota, keep), rounds, platforms, runner, now, pause)
    conversation = Conversation(
        people,
        rounds_talk,
        PacksTalk(packs, rounds_talk),
        BoardsTalk(Boards(database, zone), now),
        PeopleTalk(people, now),
        PlacesTalk(Places(database), zone),
        FeedbackTalk(Feedback(database)),
        runs_talk,
    )
    return House(conversation, rounds_talk, runs_talk, ledger, projector, alarm, platforms)


async def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """The whole bot, until it is told to stop."""
    settings.data_folder()
    library = Library(settings.questions_dir, settings.more_questions_dir, _tell)
    database = Database(settings.database)
    try:
        if await schema.behind(database):
            say("Bringing the database up to date …")
            await schema.upgrade(database)
        web = _web(settings, database, library)
        bot = secrets.token_hex(4)
        shop = workshop.open_up(settings, database, bot, clock)
        house = build(
            database,
            lambda: library.bank,
            {web.name: web},
            settings.zone,
            runner=shop.runner,
            bot=bot,
            quota=settings.run_quota,
            keep=timedelta(days=settings.run_days),
        )
        await _until_stopped(house, (library.watch(WATCH), shop.serve(web.ready)), web, say)
    finally:
        await database.close()


async def _until_stopped(
    house: House, more: Sequence[Coroutine[None, None, None]], web: WebPlatform, say: Callable[[str], None]
) -> None:
    running = asyncio.create_task(house.run(*more))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    greeting = asyncio.create_task(_greet(web, say))
    try:
        with suppress(asyncio.CancelledError):
            await running
    except* UserError as errors:
        raise _first(errors) from None
    finally:
        greeting.cancel()
    say("Goodbye. Everything is saved.")


def _first(errors: BaseExceptionGroup[UserError]) -> UserError:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


async def _greet(web: WebPlatform, say: Callable[[str], None]) -> None:
    await web.ready.wait()
    say(f"Torchproof is ready.\n\n  Chat:   {web.address}\n  Owner:  {web.owner_link}\n")
    say("The owner’s link works once and makes whoever opens it an admin. Ctrl-C stops the bot.")


def _web(settings: Settings, database: Database, library: Library) -> WebPlatform:
    return WebPlatform(
        shelf=Shelf(database),
        host=settings.web_host,
        port=settings.web_port,
        password=settings.web_password.get_secret_value(),
        channels=settings.channels,
        secret=_secret(settings.data_dir / "secret"),
        sources=lambda: {"packs": [pack.name for pack in library.bank.packs], "zones": _zones()},
        now=clock,
    )


def _tell(problems: tuple[Problem, ...]) -> None:
    """What is wrong in the second folder; what ran before goes on running."""
    if not problems:
        log.info("the second folder of questions is whole")
    for problem in problems:
        log.warning("second folder of questions: %s", problem)


def _zones() -> Sequence[str]:
    from zoneinfo import available_timezones  # noqa: PLC0415 (reads a thousand files, so only when somebody asks)

    return sorted(available_timezones())


def _secret(path: Path) -> bytes:
    """What the cookies are signed with: made once, readable by this account alone."""
    try:
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be used ({error.strerror}). Make it readable for this account.") from error


def begin_log(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr, level=level.upper(), format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for chatty in ("alembic", "apscheduler"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
