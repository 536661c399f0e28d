"""The command line: `python -m bot VERB`."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence

from bot import __version__, settings
from bot.errors import UserError
from bot.settings import Settings

Verb = Callable[[argparse.Namespace], int]


def main(line: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(line)
    verb: Verb = arguments.verb
    try:
        return verb(arguments)
    except UserError as error:
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
        verbs.add_parser(name, help=summary, description=summary).set_defaults(verb=verb)
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
    from bot.store import schema  # noqa: PLC0415 (as above)
    from bot.store.database import Database  # noqa: PLC0415 (as above)

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


_VERBS: Mapping[str, tuple[Verb, str]] = {
    "serve": (_serve, "Run the bot (what happens without a verb): the web chat needs no token."),
    "migrate": (_migrate, "Bring the database up to date; starting the bot does it too."),
    "doctor": (_doctor, "Check settings, folders, database and questions, and say how to mend them."),
}

if __name__ == "__main__":
    sys.exit(main())
