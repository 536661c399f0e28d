"""The bot put together from its parts, and run until it is stopped."""

import asyncio
import gc
import logging
import secrets
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot import platforms as chat_platforms
from bot import workers
from bot.alarm import Alarm, Timer
from bot.chat.platform_interface import Platform
from bot.chat.web.platform import WebPlatform
from bot.conversation.daily import DailyPosts
from bot.conversation.digests import PostDigests
from bot.conversation.hear import Conversation
from bot.conversation.periodic import PeriodicWork
from bot.conversation.reminders import SendReminders
from bot.conversation.rounds.answering import AnswerRounds
from bot.conversation.rounds.asking import AskRounds
from bot.conversation.rounds.closing import CloseRounds
from bot.conversation.rounds.messages import LiveCounter, RoundMessages
from bot.conversation.runs.commands import RunCommands
from bot.conversation.runs.live_runs import LiveRuns
from bot.conversation.runs.recovering import RecoverRuns
from bot.conversation.runs.snippets import RunSnippets
from bot.errors import OperatorError
from bot.model.runs import RunRules
from bot.quiz.files.bank import Bank
from bot.quiz.files.problems import Problem
from bot.quiz.files.watched_bank import WatchedBank
from bot.quizmaster.core import Core
from bot.quizmaster.quizmaster import Quizmaster
from bot.quizmaster.streaks import OUTAGE
from bot.sandbox.bot.queue import DisabledRunner, Runner
from bot.settings.settings import Settings
from bot.store.boards.projector import Projector
from bot.store.instance_lock import instance_number
from bot.store.rounds.ledger import Ledger
from bot.store.sql import schema
from bot.store.sql.database import Database

# Seconds between two edits of one message.
EDIT_PAUSE_S = 2.0
# Seconds between two looks at the second folder of questions.
RELOAD_S = 3.0
RUNS_OFF = DisabledRunner()
log = logging.getLogger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Bot:
    conversation: Conversation
    asking: AskRounds
    closing: CloseRounds
    counter: LiveCounter
    daily: DailyPosts
    runs: RecoverRuns
    ledger: Ledger
    projector: Projector
    alarm: Alarm
    periodic: PeriodicWork
    platforms: Mapping[str, Platform]

    async def run(self, *more: Coroutine[None, None, None]) -> None:
        """The platforms end first, so that what they heard is answered."""
        async with asyncio.TaskGroup() as group:
            for part in (
                self.ledger,
                self.projector,
                self.counter,
                self.daily,
                self.runs,
                self.alarm,
                self.periodic,
            ):
                group.create_task(part.run())
            for work in more:
                group.create_task(work)
            left_over = await self.asking.find_left_over()
            async with asyncio.TaskGroup() as talking:
                for platform in self.platforms.values():
                    talking.create_task(platform.run(self.conversation.hear))
                talking.create_task(self.asking.recover(left_over))


def build(
    database: Database,
    bank: Callable[[], Bank],
    platforms: Mapping[str, Platform],
    zone: str,
    now: Callable[[], datetime] = utc_now,
    pause: float = EDIT_PAUSE_S,
    runner: Runner = RUNS_OFF,
    process: str = "bot",
    rules: RunRules = RunRules(),  # noqa: B008 (a frozen value)
    outage: timedelta = OUTAGE,
) -> Bot:
    core = Core(database, bank, zone, now)
    projector = Projector(database)
    ledger = Ledger(database, projector.nudge)
    quizmaster = Quizmaster(core, ledger, process, rules, outage, {WebPlatform.name})
    messages = RoundMessages(quizmaster, platforms)
    counter = LiveCounter(quizmaster, messages, pause)
    asking = AskRounds(quizmaster, messages, counter)
    closing = CloseRounds(quizmaster, messages)
    daily = DailyPosts(quizmaster, closing)
    runs = LiveRuns(quizmaster, platforms, runner, pause)
    timers = (
        Timer(daily.claim, daily.next_due),
        Timer(closing.close_due, quizmaster.rounds.closing.next_due),
        Timer(asking.post_stale),
        Timer(daily.start_posting, daily.next_due),
    )
    return Bot(
        conversation=Conversation(
            quizmaster,
            asking,
            AnswerRounds(quizmaster, counter),
            closing,
            RunCommands(quizmaster, runs),
            RunSnippets(quizmaster, runs),
        ),
        asking=asking,
        closing=closing,
        counter=counter,
        daily=daily,
        runs=RecoverRuns(quizmaster, runs),
        ledger=ledger,
        projector=projector,
        alarm=Alarm(timers, core.woken, now),
        periodic=PeriodicWork(
            quizmaster.streaks.settling,
            SendReminders(quizmaster, platforms),
            PostDigests(quizmaster, messages),
        ),
        platforms=platforms,
    )


async def serve(settings: Settings, tell: Callable[[str], None] = print) -> None:
    folder = settings.data_folder()
    with instance_number(folder) as number:
        if number > 1:
            tell(
                f"Another bot has its data in {folder} too: "
                "we serve together, and each thing is done by one of us."
            )
        await _serve(settings, number, tell)


async def _serve(settings: Settings, number: int, tell: Callable[[str], None]) -> None:
    questions = WatchedBank(settings.questions_dir, settings.more_questions_dir, _log_problems)
    database = Database(settings.database)
    try:
        if await schema.needs_upgrade(database):
            tell("Bringing the database up to date …")
            await schema.upgrade(database)
        web = chat_platforms.web_platform(settings, database, questions, utc_now)
        others = chat_platforms.other_platforms(settings, database, questions, utc_now)
        process = secrets.token_hex(4)
        code_workers = workers.connect_workers(settings, database, process, number, utc_now)
        bot = build(
            database,
            lambda: questions.bank,
            {web.name: web, **others},
            settings.zone,
            runner=code_workers.runner,
            process=process,
            rules=RunRules(
                settings.run_at_once, settings.run_quota, timedelta(days=settings.run_days)
            ),
        )
        gc.freeze()  # all this stays: looking through it again and again would keep people waiting
        reloading = questions.watch(RELOAD_S)
        greeting = asyncio.create_task(_greet(web, tell))
        try:
            await _until_stopped(bot.run(reloading, code_workers.serve(web.ready)))
        finally:
            greeting.cancel()
        tell("Goodbye. Everything is saved.")
    finally:
        await database.close()


async def _until_stopped(work: Coroutine[None, None, None]) -> None:
    running = asyncio.create_task(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    refused: list[OperatorError] = []
    try:
        with suppress(asyncio.CancelledError):
            await running
    except* OperatorError as errors:
        refused.append(_first(errors))
    if refused:
        raise refused[0]  # out here: Python 3.11.2 groups again what is raised inside `except*`


def _first(errors: BaseExceptionGroup[OperatorError]) -> OperatorError:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


async def _greet(web: WebPlatform, tell: Callable[[str], None]) -> None:
    await web.ready.wait()
    tell(f"Torchproof is ready.\n\n  Chat:   {web.address}\n  Owner:  {web.owner_link}\n")
    tell("The owner’s link works once and makes whoever opens it an admin. Ctrl-C stops the bot.")


def _log_problems(problems: tuple[Problem, ...]) -> None:
    if not problems:
        log.info("the second folder of questions is whole")
    for problem in problems:
        log.warning("second folder of questions: %s", problem)


def begin_log(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for chatty in ("alembic", "apscheduler", "discord", "slack_bolt", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
