"""The doctor: looks at settings, folders, database and questions, and says how to mend what it finds."""

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
from bot.settings import Settings, SettingsError, visible_gpus
from bot.store.sql import schema
from bot.store.sql.database import Database

ANSWERS_S = 3.0
"""Seconds in which a web chat says its name."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. What is not well has a remedy."""

    what: str
    well: bool
    said: str

    def __str__(self) -> str:
        return f"{'✓' if self.well else '✗'} {self.what}: {self.said}"


Check = Callable[[Settings], Awaitable[str]]


async def examine(settings: Settings) -> list[Finding]:
    checks: tuple[tuple[str, Check], ...] = (
        ("data folder", _data),
        ("database", _database),
        ("questions", _questions),
        ("web chat", _web),
        *((("Discord", _discord),) if settings.discord_token.get_secret_value() else ()),
        *((("Slack", _slack),) if settings.on_slack else ()),
        ("running code", _runs),
    )
    return [await _look(what, check, settings) for what, check in checks]


async def _look(what: str, check: Check, settings: Settings) -> Finding:
    try:
        return Finding(what, well=True, said=await check(settings))
    except (OperatorError, SettingsError) as error:
        return Finding(what, well=False, said=str(error))


async def _data(settings: Settings) -> str:
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


async def _database(settings: Settings) -> str:
    database = Database(settings.database)
    try:
        behind = await schema.behind(database)
    finally:
        await database.close()
    shown = database.url.render_as_string(hide_password=True)
    if behind:
        raise OperatorError(
            f"{shown} is not up to date. Run `python -m bot migrate`; starting the bot does it too."
        )
    return f"{shown} is up to date"


async def _questions(settings: Settings) -> str:
    library = WatchedBank(settings.questions_dir, settings.more_questions_dir, lambda _: None)
    if library.problems:
        raise BankError(library.problems)
    packs = library.bank.packs
    return f"{sum(len(pack.questions) for pack in packs)} questions in {len(packs)} packs"


async def _runs(settings: Settings) -> str:
    if settings.run == "off":
        return "switched off (TORCHPROOF_RUN)"
    if settings.worker_addresses:
        return await _workers(settings)
    if settings.worker_unsafe == "on":
        raise OperatorError(
            "runs are not confined at all (TORCHPROOF_WORKER_UNSAFE). Take that setting away."
        )
    from bot.sandbox import limits  # noqa: PLC0415 (nobody else here needs a worker's parts)
    from bot.sandbox.jail.probe import probe  # noqa: PLC0415 (as above)

    found = await probe(visible_gpus(), settings.worker_limits or limits.FILE)
    if not found.works:
        raise OperatorError(f"`run` is off. {found.remedy}")
    return str(found)


async def _workers(settings: Settings) -> str:
    from bot.sandbox.bot.endpoint import Endpoint  # noqa: PLC0415 (as above)

    told = []
    for address in workers.addresses(settings):
        endpoint = Endpoint(address)
        await endpoint.look()
        await endpoint.close()
        if endpoint.trouble:
            raise OperatorError(
                f"{endpoint.name}: {endpoint.trouble} Start a worker there, or see TORCHPROOF_WORKERS."
            )
        told.append(
            f"{endpoint.name} has {', '.join(f'{n} {name}' for name, n in endpoint.slots.items())}"
        )
    return "; ".join(told)


async def _web(settings: Settings) -> str:
    host, port = settings.web_host, settings.web_port
    where, family = (
        (f"[{host}]:{port}", socket.AF_INET6) if ":" in host else (f"{host}:{port}", socket.AF_INET)
    )
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE and await _is_a_chat_of_ours(host, port):
                return (
                    f"a Torchproof is running on {where}; for a second one, set TORCHPROOF_WEB_PORT"
                )
            if error.errno == errno.EADDRINUSE:
                raise OperatorError(
                    f"another program has taken {where}. Set TORCHPROOF_WEB_PORT."
                ) from error
            raise OperatorError(
                f"{where} cannot be used ({error.strerror}). Set TORCHPROOF_WEB_HOST or _PORT."
            ) from error
    return f"{where} is free"


async def _is_a_chat_of_ours(host: str, port: int) -> bool:
    """Whether what answers there says its name."""
    try:
        async with asyncio.timeout(ANSWERS_S):
            reader, writer = await asyncio.open_connection(host, port)
            with closing(writer):
                writer.write(f"GET / HTTP/1.0\r\nHost: {host}:{port}\r\n\r\n".encode())
                return b"Torchproof" in await reader.read()
    except (OSError, TimeoutError):
        return False


async def _discord(settings: Settings) -> str:
    from bot.chat.discord.checkup import check  # noqa: PLC0415 (only who has a token pays for it)

    token, members = settings.discord_token.get_secret_value(), settings.discord_members == "on"
    return await check(token, settings.discord_api_url, members=members)


async def _slack(settings: Settings) -> str:
    from bot.chat.slack.doctor_check import check  # noqa: PLC0415 (as above)

    bot_token, app_token = (
        settings.slack_bot_token.get_secret_value(),
        settings.slack_app_token.get_secret_value(),
    )
    return await check(
        bot_token, app_token, settings.slack_api_url, settings.slack_config_token.get_secret_value()
    )
