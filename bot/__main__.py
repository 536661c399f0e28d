"""The command line: `python -m bot VERB`."""

import asyncio
import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bot import __version__
from bot.errors import OperatorError
from bot.settings.environment import read
from bot.settings.settings import ROOT, Settings, SettingsError

Verb = Callable[[Namespace], int]


def main(line: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(line)
    verb: Verb = arguments.verb
    try:
        return verb(arguments)
    except (OperatorError, SettingsError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m bot",
        description="Torchproof: the study-group bot that proves its answers.",
        epilog="Settings come from the environment and from .env; .env.example lists them all.",
    )
    parser.add_argument("--version", action="version", version=f"Torchproof {__version__}")
    parser.set_defaults(verb=_serve)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for name, (verb, summary, options) in COMMAND_LINE.items():
        added = verbs.add_parser(name, help=summary, description=summary)
        added.set_defaults(verb=verb)
        for option, rules in options.items():
            added.add_argument(option, **rules)
    return parser


def _serve(_: Namespace) -> int:
    from bot import app

    settings = read()
    app.begin_log(settings.log_level)
    asyncio.run(app.serve(settings))
    return 0


def _worker(arguments: Namespace) -> int:
    from bot import workers

    # Whoever starts a worker beside itself hands it what it needs; `.env` holds secrets.
    settings = read(Path(os.devnull)) if arguments.with_parent else read()
    if arguments.slots:
        settings = settings.model_copy(update={"worker_slots": arguments.slots})
    return workers.serve_worker(settings, arguments.socket, with_parent=arguments.with_parent)


def _migrate(_: Namespace) -> int:
    was_behind = asyncio.run(_upgrade(read()))
    print("The database was brought up to date." if was_behind else "The database is up to date.")
    return 0


async def _upgrade(settings: Settings) -> bool:
    from bot.store.sql import schema
    from bot.store.sql.database import Database

    settings.data_folder()
    database = Database(settings.database)
    try:
        is_behind = await schema.needs_upgrade(database)
        if is_behind:
            await schema.upgrade(database)
    finally:
        await database.close()
    return is_behind


def _check(arguments: Namespace) -> int:
    return asyncio.run(_run_check(arguments, read()))


async def _run_check(arguments: Namespace, settings: Settings) -> int:
    from bot import workers
    from bot.authors.checking.check import check

    def progress(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    async with workers.authors_sandbox(settings, progress) as sandbox:
        report = await check(
            arguments.path or settings.questions_dir,
            cache=None if arguments.no_cache else ROOT / ".cache" / "check",
            progress=progress,
            write_back=arguments.write,
            run_job=sandbox.run,
        )
    print(*report.failures, sep="\n\n", file=sys.stderr)
    if arguments.json:
        print(json.dumps(report.as_json()))
    else:
        print(f"{report.counts.passed} passed, {report.counts.failed} failed")
    return 0 if report.passed else 1


def _new(arguments: Namespace) -> int:
    from bot.authors.new_question import create_question

    print(*create_question(read().questions_dir, arguments.question), sep="\n")
    return 0


def _import(arguments: Namespace) -> int:
    from bot.authors.importing.import_questions import import_file

    result = import_file(arguments.file, read().questions_dir, arguments.into)
    for path in result.written:
        print(f"Written: {path}")
    for question in result.left_out:
        print(f"Left out: {question}", file=sys.stderr)
    print(*result.remarks, sep="\n")
    count = len(result.written)
    plural = "" if count == 1 else "s"
    print(f"{count} question{plural} came in, {len(result.left_out)} left out.")
    return 0 if result.written else 1


def _manifest(arguments: Namespace) -> int:
    from bot.chat.slack.manifest import manifest

    address = arguments.address.rstrip("/")
    if address and not address.startswith("https://"):
        raise OperatorError("Slack calls only addresses that begin with https://.")
    print(json.dumps(manifest(address), indent=2))
    return 0


def _doctor(_: Namespace) -> int:
    from bot import doctor

    findings = asyncio.run(doctor.examine(read()))
    print(*findings, sep="\n")
    count = sum(not finding.is_well for finding in findings)
    print(f"{count} to mend, see ✗ above." if count else "All is well.")
    return 1 if count else 0


# Each with its summary and its arguments.
COMMAND_LINE: dict[str, tuple[Verb, str, dict[str, dict[str, Any]]]] = {
    "serve": (
        _serve,
        "Run the bot (what happens without a verb): the web chat needs no token.",
        {},
    ),
    "worker": (
        _worker,
        "Run strangers’ code in a sandbox, for a bot on this machine or on another.",
        {
            "--socket": {
                "type": Path,
                "help": "listen on a socket for this account alone, instead of on a port",
            },
            "--slots": {
                "type": int,
                "help": "how many runs at once (default: TORCHPROOF_WORKER_SLOTS)",
            },
            "--with-parent": {
                "action": "store_true",
                "help": "end with the program that started it",
            },
        },
    ),
    "migrate": (
        _migrate,
        "Bring the database up to date; starting the bot does it too.",
        {},
    ),
    "check": (
        _check,
        "Run every snippet and proof of the questions and compare them with what is claimed.",
        {
            "path": {
                "nargs": "?",
                "type": Path,
                "help": "a question, a pack or a folder of packs (default: all)",
            },
            "--write": {
                "action": "store_true",
                "help": "keep what was computed beside the questions",
            },
            "--json": {"action": "store_true", "help": "end with one JSON object of counts"},
            "--no-cache": {"action": "store_true", "help": "run everything, whatever ran before"},
        },
    ),
    "new": (
        _new,
        "Write a commented skeleton for a new question.",
        {"question": {"metavar": "PACK/NAME", "help": "where the question will stand"}},
    ),
    "import": (
        _import,
        "Bring questions in from Moodle GIFT, Red trivia YAML, Kahoot or CSV sheets.",
        {
            "file": {
                "type": Path,
                "help": "Moodle GIFT, Red-DiscordBot trivia YAML, Kahoot or CSV sheets",
            },
            "--into": {
                "default": "",
                "metavar": "PACK",
                "help": "the pack to add to (default: the file's name)",
            },
        },
    ),
    "manifest": (
        _manifest,
        "Print the manifest from which Slack makes the app; see docs/slack.md.",
        {
            "address": {
                "nargs": "?",
                "default": "",
                "help": "where Slack calls the bot, as https://… (default: Socket Mode)",
            }
        },
    ),
    "doctor": (
        _doctor,
        "Check settings, folders, database and questions, and say how to mend them.",
        {},
    ),
}


if __name__ == "__main__":
    sys.exit(main())
