"""The command line: `python -m bot VERB`."""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot import __version__, settings
from bot.errors import OperatorError
from bot.settings import Settings, SettingsError

if TYPE_CHECKING:
    from bot.authors.checking.check_report import CheckReport

Verb = Callable[[argparse.Namespace], int]


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Torchproof: the study-group bot that proves its answers.",
        epilog="Settings come from the environment and from .env; .env.example lists them all.",
    )
    parser.add_argument("--version", action="version", version=f"Torchproof {__version__}")
    parser.set_defaults(verb=_serve)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    for name, (verb, summary) in _VERBS.items():
        _arguments(name, verbs.add_parser(name, help=summary, description=summary)).set_defaults(
            verb=verb
        )
    return parser


def _arguments(name: str, parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    match name:
        case "check":
            parser.add_argument(
                "path",
                nargs="?",
                type=Path,
                help="a question, a pack or a folder of packs (default: all)",
            )
            parser.add_argument(
                "--write", action="store_true", help="keep what was computed beside the questions"
            )
            parser.add_argument(
                "--json", action="store_true", help="end with one JSON object of counts"
            )
            parser.add_argument(
                "--no-cache", action="store_true", help="run everything, whatever ran before"
            )
        case "worker":
            parser.add_argument(
                "--socket",
                type=Path,
                help="listen on a socket for this account alone, instead of on a port",
            )
            parser.add_argument(
                "--slots", type=int, help="how many runs at once (default: TORCHPROOF_WORKER_SLOTS)"
            )
            parser.add_argument(
                "--with-parent", action="store_true", help="end with the program that started it"
            )
        case "new":
            parser.add_argument(
                "question", metavar="PACK/NAME", help="where the question will stand"
            )
        case "manifest":
            parser.add_argument(
                "address",
                nargs="?",
                default="",
                help="where Slack calls the bot, as https://… (default: Socket Mode)",
            )
        case "import":
            parser.add_argument(
                "file",
                type=Path,
                help="Moodle GIFT, Red-DiscordBot trivia YAML, Kahoot or CSV sheets",
            )
            parser.add_argument(
                "--into",
                default="",
                metavar="PACK",
                help="the pack to add to (default: the file's name)",
            )
    return parser


def _serve(_: argparse.Namespace) -> int:
    from bot import app  # noqa: PLC0415 (other verbs start without the whole house)

    chosen = settings.read()
    app.begin_log(chosen.log_level)
    asyncio.run(app.serve(chosen))
    return 0


def _migrate(_: argparse.Namespace) -> int:
    return asyncio.run(_migrated(settings.read()))


async def _migrated(chosen: Settings) -> int:
    from bot.store.sql import schema  # noqa: PLC0415 (as above)
    from bot.store.sql.database import Database  # noqa: PLC0415 (as above)

    chosen.data_folder()
    database = Database(chosen.database)
    try:
        behind = await schema.behind(database)
        if behind:
            await schema.upgrade(database)
    finally:
        await database.close()
    print("The database was brought up to date." if behind else "The database is up to date.")
    return 0


def _doctor(_: argparse.Namespace) -> int:
    from bot import doctor  # noqa: PLC0415 (as above)

    findings = asyncio.run(doctor.examine(settings.read()))
    print(*findings, sep="\n")
    ill = sum(not finding.well for finding in findings)
    print("All is well." if not ill else f"{ill} to mend, see ✗ above.")
    return 1 if ill else 0


def _check(arguments: argparse.Namespace) -> int:
    report = asyncio.run(_checked(arguments, settings.read()))
    print(*report.failures, sep="\n\n", file=sys.stderr)
    counts = report.counts
    print(
        json.dumps(report.as_json())
        if arguments.json
        else f"{counts.passed} passed, {counts.failed} failed"
    )
    return 0 if report.passed else 1


async def _checked(arguments: argparse.Namespace, chosen: Settings) -> "CheckReport":
    from bot import workers  # noqa: PLC0415 (as above)
    from bot.authors.checking.check import check  # noqa: PLC0415 (as above)

    def progress(line: str) -> None:
        print(line, file=sys.stderr if arguments.json else sys.stdout, flush=True)

    async with workers.authors_sandbox(chosen, progress) as sandbox:
        return await check(
            arguments.path or chosen.questions_dir,
            cache=None if arguments.no_cache else settings.ROOT / ".cache" / "check",
            progress=progress,
            write_back=arguments.write,
            run_job=sandbox.run,
        )


def _new(arguments: argparse.Namespace) -> int:
    from bot.authors.new_question import start  # noqa: PLC0415 (as above)

    written = start(settings.read().questions_dir, arguments.question)
    print(*written, sep="\n")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    from bot.authors.importing.import_questions import import_file  # noqa: PLC0415 (as above)

    result = import_file(arguments.file, settings.read().questions_dir, arguments.into)
    for path in result.written:
        print(f"Written: {path}")
    for left in result.left_out:
        print(f"Left out: {left}", file=sys.stderr)
    print(*result.remarks, sep="\n")
    came = len(result.written)
    print(f"{came} question{'' if came == 1 else 's'} came in, {len(result.left_out)} left out.")
    return 0 if result.written else 1


def _manifest(arguments: argparse.Namespace) -> int:
    from bot.chat.slack.manifest import manifest  # noqa: PLC0415 (as above)

    address = arguments.address.rstrip("/")
    if address and not address.startswith("https://"):
        raise OperatorError("Slack calls only addresses that begin with https://.")
    print(json.dumps(manifest(address), indent=2))
    return 0


def _worker(arguments: argparse.Namespace) -> int:
    from bot import workers  # noqa: PLC0415 (as above)

    # Whoever starts a worker beside itself tells it what it needs; the secrets in `.env` are not for it.
    known = settings.read(Path(os.devnull)) if arguments.with_parent else settings.read()
    if arguments.slots:
        known = known.model_copy(update={"worker_slots": arguments.slots})
    return workers.work(known, arguments.socket, with_parent=arguments.with_parent)


_VERBS: Mapping[str, tuple[Verb, str]] = {
    "serve": (_serve, "Run the bot (what happens without a verb): the web chat needs no token."),
    "worker": (
        _worker,
        "Run strangers’ code in a sandbox, for a bot on this machine or on another.",
    ),
    "migrate": (_migrate, "Bring the database up to date; starting the bot does it too."),
    "check": (
        _check,
        "Run every snippet and proof of the questions and compare them with what is claimed.",
    ),
    "new": (_new, "Write a commented skeleton for a new question."),
    "import": (
        _import,
        "Bring questions in from Moodle GIFT, Red trivia YAML, Kahoot or CSV sheets.",
    ),
    "manifest": (
        _manifest,
        "Print the manifest from which Slack makes the app; see docs/slack.md.",
    ),
    "doctor": (
        _doctor,
        "Check settings, folders, database and questions, and say how to mend them.",
    ),
}

if __name__ == "__main__":
    sys.exit(main())
