"""Checks the installation and says how to mend it."""

import asyncio
import errno
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass

from bot import workers
from bot.errors import OperatorError
from bot.quiz.files.problems import BankError
from bot.quiz.files.watched_bank import WatchedBank
from bot.settings.environment import visible_gpus
from bot.settings.settings import Settings, SettingsError
from bot.store.sql import schema
from bot.store.sql.database import Database

ANSWER_S = 3.0  # seconds in which a web chat must say its name


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    is_well: bool
    text: str

    def __str__(self) -> str:
        return f"{'✓' if self.is_well else '✗'} {self.subject}: {self.text}"


# Returns what it saw, or raises what is wrong and how to mend it.
Check = Callable[[Settings], Awaitable[str]]


async def examine(settings: Settings) -> list[Finding]:
    checks: dict[str, Check] = {
        "data folder": _check_data_folder,
        "database": _check_database,
        "questions": _check_questions,
        "web chat": _check_web_chat,
    }
    if settings.discord_token:
        checks["Discord"] = _check_discord
    if settings.on_slack:
        checks["Slack"] = _check_slack
    checks["running code"] = _check_runs
    findings = []
    for subject, check in checks.items():
        try:
            findings.append(Finding(subject, is_well=True, text=await check(settings)))
        except (OperatorError, SettingsError) as error:
            findings.append(Finding(subject, is_well=False, text=str(error)))
    return findings


async def _check_data_folder(settings: Settings) -> str:
    folder = settings.data_folder()
    if not os.access(folder, os.W_OK):
        raise OperatorError(
            f"{folder} cannot be written. Give this account the right, or set TORCHPROOF_DATA_DIR."
        )
    secret = folder / "secret"
    if secret.exists() and secret.stat().st_mode & 0o077:
        raise OperatorError(
            f"{secret} can be read by others, who could forge cookies. Run: chmod 600 {secret}"
        )
    return f"{folder} can be written"


async def _check_database(settings: Settings) -> str:
    database = Database(settings.database)
    try:
        is_behind = await schema.needs_upgrade(database)
    finally:
        await database.close()
    url = database.url.render_as_string(hide_password=True)
    if is_behind:
        raise OperatorError(
            f"{url} is not up to date. Run `python -m bot migrate`; starting the bot does it too."
        )
    return f"{url} is up to date"


async def _check_questions(settings: Settings) -> str:
    watched = WatchedBank(settings.questions_dir, settings.more_questions_dir, lambda _: None)
    if watched.problems:
        raise BankError(watched.problems)
    packs = watched.bank.packs
    return f"{sum(len(pack.questions) for pack in packs)} questions in {len(packs)} packs"


async def _check_web_chat(settings: Settings) -> str:
    host = settings.web_host
    port = settings.web_port
    is_v6 = ":" in host
    place = f"[{host}]:{port}" if is_v6 else f"{host}:{port}"
    with socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise OperatorError(
                    f"{place} cannot be used ({error.strerror}). Set TORCHPROOF_WEB_HOST or _PORT."
                ) from error
            if not await _is_our_web_chat(host, port):
                raise OperatorError(
                    f"another program has taken {place}. Set TORCHPROOF_WEB_PORT."
                ) from error
            return f"a Torchproof is running on {place}; for a second one, set TORCHPROOF_WEB_PORT"
    return f"{place} is free"


async def _is_our_web_chat(host: str, port: int) -> bool:
    try:
        async with asyncio.timeout(ANSWER_S):
            reader, writer = await asyncio.open_connection(host, port)
            with closing(writer):
                writer.write(f"GET / HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
                return b"Torchproof" in await reader.read()
    except (OSError, TimeoutError):
        return False


async def _check_discord(settings: Settings) -> str:
    from bot.chat.discord.doctor_check import check

    return await check(
        settings.discord_token.get_secret_value(),
        settings.discord_api_url,
        members=settings.discord_members == "on",
    )


async def _check_slack(settings: Settings) -> str:
    from bot.chat.slack.doctor_check import check

    return await check(
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
        settings.slack_api_url,
        settings.slack_config_token.get_secret_value(),
    )


async def _check_runs(settings: Settings) -> str:
    if settings.run == "off":
        return "switched off (TORCHPROOF_RUN)"
    if settings.worker_addresses:
        return await _check_workers(settings)
    if settings.worker_unsafe == "on":
        raise OperatorError(
            "runs are not confined at all (TORCHPROOF_WORKER_UNSAFE). Take that setting away."
        )
    from bot.sandbox import limits
    from bot.sandbox.worker.probe import probe

    found = await probe(visible_gpus(), settings.worker_limits or limits.FILE)
    if not found.works:
        raise OperatorError(f"`run` is off. {found.remedy}")
    return str(found)


async def _check_workers(settings: Settings) -> str:
    from bot.sandbox.bot.worker_client import WorkerClient

    found = []
    for address in workers.addresses(settings):
        worker = WorkerClient(address)
        await worker.check_health()
        await worker.close()
        if worker.trouble:
            raise OperatorError(
                f"{worker.name}: {worker.trouble} Start a worker there, or see TORCHPROOF_WORKERS."
            )
        slots = ", ".join(f"{count} {name}" for name, count in worker.slots.items())
        found.append(f"{worker.name} has {slots}")
    return "; ".join(found)
