"""The one place that knows every part: settings become objects, objects run together, all end cleanly."""

import asyncio
import gc
import logging
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot import workers
from bot.alarm import Alarm, Duty
from bot.chat.port import Platform
from bot.chat.web.platform import WebPlatform
from bot.conversation.boards import BoardsTalk
from bot.conversation.daily import DailyTalk
from bot.conversation.digests import DigestsTalk
from bot.conversation.feedback import FeedbackTalk
from bot.conversation.hear import Conversation
from bot.conversation.home import HomeTalk
from bot.conversation.links import LinksTalk
from bot.conversation.packs import PacksTalk
from bot.conversation.people import PeopleTalk
from bot.conversation.periodic import PeriodicWork
from bot.conversation.places import PlacesTalk
from bot.conversation.reminders import RemindersTalk
from bot.conversation.rounds import RoundsTalk
from bot.conversation.router import Router
from bot.conversation.runs import RunsTalk
from bot.conversation.schedules import SchedulesTalk
from bot.conversation.streaks import StreaksTalk
from bot.errors import OperatorError
from bot.model.runs import RunRules
from bot.phrases.say import say as sentence
from bot.quiz.files.bank import Bank
from bot.quiz.files.problems import Problem
from bot.quiz.files.watched_bank import WatchedBank
from bot.quizmaster.boards import Boards
from bot.quizmaster.core import Core
from bot.quizmaster.daily import Daily
from bot.quizmaster.digests import Digests
from bot.quizmaster.feedback import Feedback
from bot.quizmaster.links import Links
from bot.quizmaster.packs import Packs
from bot.quizmaster.people import People
from bot.quizmaster.places import Places
from bot.quizmaster.practice import Practice
from bot.quizmaster.reminders import Reminders
from bot.quizmaster.rounds.rounds import Rounds
from bot.quizmaster.runs import Runs
from bot.quizmaster.schedules import Schedules
from bot.quizmaster.streaks import SILENCE, Streaks
from bot.sandbox.bot.queue import Runner, RunsOff
from bot.settings import Settings
from bot.store.boards.projector import Projector
from bot.store.instance_lock import company
from bot.store.rounds.ledger import Ledger
from bot.store.sql import schema
from bot.store.sql.database import Database
from bot.store.web_chat import WebChat

PAUSE = 2.0
"""Seconds between two edits of one public counter."""
SECRET = 32
"""Bytes in the secret that cookies are signed with."""
WATCH = 3.0
"""Seconds between two looks at the second folder of questions."""
SHUT = RunsOff()
log = logging.getLogger(__name__)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class House:
    """The bot’s parts, put together."""

    conversation: Conversation
    rounds: RoundsTalk
    daily: DailyTalk
    runs: RunsTalk
    ledger: Ledger
    projector: Projector
    alarm: Alarm
    timekeeper: PeriodicWork
    platforms: Mapping[str, Platform]

    async def run(self, *more: Coroutine[None, None, None]) -> None:
        """Serve until cancelled; one part that fails ends all. The platforms end first: what they heard is answered."""
        async with asyncio.TaskGroup() as below:
            rooms = (self.rounds.editor.run(), self.daily.run(), self.runs.serve())
            clocks = (self.alarm.run(), self.timekeeper.run())
            for part in (self.ledger.run(), self.projector.run(), *rooms, *clocks, *more):
                below.create_task(part)
            left_over = await self.rounds.left_over()
            async with asyncio.TaskGroup() as talking:
                for platform in self.platforms.values():
                    talking.create_task(platform.run(self.conversation.hear))
                talking.create_task(self.rounds.recover(left_over))


def build(
    database: Database,
    bank: Callable[[], Bank],
    platforms: Mapping[str, Platform],
    zone: str,
    now: Callable[[], datetime] = clock,
    pause: float = PAUSE,
    runner: Runner = SHUT,
    bot: str = "bot",
    rules: RunRules = RunRules(),  # noqa: B008 (a frozen value)
    silence: timedelta = SILENCE,
) -> House:
    projector = Projector(database)
    ledger = Ledger(database, projector.nudge)
    core = Core(database, bank, zone, now)
    packs = Packs(core)
    streaks = Streaks(core, silence)
    rounds = Rounds(core, ledger, packs, streaks)
    people = People(core, streaks)
    places = Places(database)
    rounds_talk = RoundsTalk(rounds, Practice(core), packs, places, platforms, now, pause)
    schedules = Schedules(core)
    daily = DailyTalk(Daily(core, rounds), rounds_talk, platforms, now)
    bells = (
        Duty(daily.due, daily.ring),
        Duty(rounds.closing.next_due, rounds_talk.ring),
        Duty(daily.due, daily.wake),
    )
    alarm = Alarm(bells, core.woken, now)
    runs_talk = RunsTalk(Runs(core, bot, rules), rounds, platforms, runner, now, pause)
    wishes = Reminders(core)
    reminders = RemindersTalk(wishes, platforms, now)
    weeks = Digests(core)
    digests = DigestsTalk(weeks, rounds_talk, platforms, now)
    rooms = Router(
        rounds=rounds_talk,
        packs=PacksTalk(packs, rounds_talk),
        boards=BoardsTalk(Boards(core), now),
        people=PeopleTalk(people, wishes, now),
        places=PlacesTalk(places, schedules, weeks, zone),
        feedback=FeedbackTalk(Feedback(core, {WebPlatform.name})),
        runs=runs_talk,
        schedules=SchedulesTalk(schedules, now),
        streaks=StreaksTalk(streaks, now),
        reminders=reminders,
        digests=digests,
        home=HomeTalk(people, packs, places, Boards(core), schedules, wishes, now),
        links=LinksTalk(Links(core), people),
    )
    conversation = Conversation(people, places, rooms)
    timekeeper = PeriodicWork(streaks, reminders, digests, now)
    return House(
        conversation, rounds_talk, daily, runs_talk, ledger, projector, alarm, timekeeper, platforms
    )


async def serve(settings: Settings, say: Callable[[str], None] = print) -> None:
    """The whole bot, until it is told to stop."""
    folder = settings.data_folder()
    with company(folder) as number:
        if number > 1:
            say(
                f"Another bot has its data in {folder} too: we serve together, and each thing is done by one of us."
            )
        await _serve(settings, number, say)


async def _serve(settings: Settings, number: int, say: Callable[[str], None]) -> None:
    library = WatchedBank(settings.questions_dir, settings.more_questions_dir, _tell)
    database = Database(settings.database)
    try:
        if await schema.behind(database):
            say("Bringing the database up to date …")
            await schema.upgrade(database)
        web = _web(settings, database, library)
        platforms: dict[str, Platform] = {web.name: web}
        if settings.discord_token.get_secret_value():
            platforms["discord"] = _discord(settings, database, library)
        if settings.on_slack:
            platforms["slack"] = _slack(settings, database, library)
        bot = secrets.token_hex(4)
        shop = workers.open_up(settings, database, bot, number, clock)
        house = build(
            database,
            lambda: library.bank,
            platforms,
            settings.zone,
            runner=shop.runner,
            bot=bot,
            rules=RunRules(
                settings.run_at_once, settings.run_quota, timedelta(days=settings.run_days)
            ),
        )
        gc.freeze()  # all this stays: walking through it again and again would keep people waiting
        await _until_stopped(house, (library.watch(WATCH), shop.serve(web.ready)), web, say)
    finally:
        await database.close()


async def _until_stopped(
    house: House,
    more: Sequence[Coroutine[None, None, None]],
    web: WebPlatform,
    say: Callable[[str], None],
) -> None:
    running = asyncio.create_task(house.run(*more))
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    greeting = asyncio.create_task(_greet(web, say))
    refused: list[OperatorError] = []
    try:
        with suppress(asyncio.CancelledError):
            await running
    except* OperatorError as errors:
        refused.append(_first(errors))
    finally:
        greeting.cancel()
    if (
        refused
    ):  # raised out here, for Python 3.11.2 wraps what is raised inside `except*` in a group again
        raise refused[0]
    say("Goodbye. Everything is saved.")


def _first(errors: BaseExceptionGroup[OperatorError]) -> OperatorError:
    error = errors.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


async def _greet(web: WebPlatform, say: Callable[[str], None]) -> None:
    await web.ready.wait()
    say(f"Torchproof is ready.\n\n  Chat:   {web.address}\n  Owner:  {web.owner_link}\n")
    say("The owner’s link works once and makes whoever opens it an admin. Ctrl-C stops the bot.")


def _web(settings: Settings, database: Database, library: WatchedBank) -> WebPlatform:
    return WebPlatform(
        storage=WebChat(database),
        host=settings.web_host,
        port=settings.web_port,
        password=settings.web_password.get_secret_value(),
        channels=settings.channels,
        secret=_secret(settings.data_dir / "secret"),
        sources=lambda: _sources(library),
        now=clock,
        say=sentence,
        public=settings.web_address,
    )


def _discord(settings: Settings, database: Database, library: WatchedBank) -> Platform:
    from bot.chat.discord.gateway import shards_of  # noqa: PLC0415 (only who has a token pays for it)
    from bot.chat.discord.platform import DiscordPlatform  # noqa: PLC0415 (as above)
    from bot.store.key_value import KeyValue  # noqa: PLC0415 (as above)

    return DiscordPlatform(
        token=settings.discord_token.get_secret_value(),
        api=settings.discord_api_url,
        gateway=settings.discord_gateway_url,
        shards=shards_of(settings.discord_shards),
        members=settings.discord_members == "on",
        memory=KeyValue(database),
        sources=lambda: _sources(library),
        now=clock,
    )


def _slack(settings: Settings, database: Database, library: WatchedBank) -> Platform:
    from bot.chat.slack.oauth import App  # noqa: PLC0415 (only who has a token pays for it)
    from bot.chat.slack.platform import SlackPlatform  # noqa: PLC0415 (as above)
    from bot.store.key_value import KeyValue  # noqa: PLC0415 (as above)
    from bot.store.sql.tables.slack import slack_values  # noqa: PLC0415 (as above)

    places = Places(database)
    client, secret = settings.slack_client_id, settings.slack_client_secret.get_secret_value()
    return SlackPlatform(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app=App(client, secret, settings.slack_keys, database.engine) if client else None,
        host=settings.slack_host,
        port=settings.slack_port,
        api=settings.slack_api_url,
        memory=KeyValue(database, slack_values),
        sources=lambda: _sources(library),
        admits=places.is_admin,
        now=clock,
    )


def _sources(library: WatchedBank) -> Mapping[str, Sequence[str]]:
    """What can follow a command where that is looked up."""
    return {"packs": [pack.name for pack in library.bank.packs], "zones": _zones()}


def _tell(problems: tuple[Problem, ...]) -> None:
    """What is wrong in the second folder; what ran before goes on running."""
    if not problems:
        log.info("the second folder of questions is whole")
    for problem in problems:
        log.warning("second folder of questions: %s", problem)


@cache
def _zones() -> Sequence[str]:
    from zoneinfo import available_timezones  # noqa: PLC0415 (reads a thousand files, so only when somebody asks)

    return sorted(available_timezones())


def _secret(path: Path) -> bytes:
    """What the cookies are signed with: made once, readable by this account alone."""
    try:
        if not path.exists():
            _make_secret(path)
        secret = path.read_bytes()
    except OSError as error:
        raise OperatorError(
            f"{path} cannot be used ({error.strerror}). Make it readable for this account."
        ) from error
    if len(secret) != SECRET:
        raise OperatorError(
            f"{path} is not what I wrote there. Delete it: a new one is made, and everyone enters again."
        )
    return secret


def _make_secret(path: Path) -> None:
    """Written whole under another name first: nobody ever reads half a secret, and the first of two processes wins."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix="secret-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(SECRET))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()


def begin_log(level: str) -> None:
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    for chatty in ("alembic", "apscheduler", "discord", "slack_bolt", "slack_sdk"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
