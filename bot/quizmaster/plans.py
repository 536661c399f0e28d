"""Schedules as somebody writes them: a time or a cron line, packs, levels, how long they stay open."""

import re
from collections.abc import Sequence
from typing import Any

from bot.errors import UserError
from bot.model.schedules import Schedule, WantedSchedule
from bot.quiz.calendar.cron import parse_cron
from bot.quiz.calendar.zones import known_zone
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Level

MINUTES = {"m": 1, "h": 60, "d": 24 * 60}
SHORTEST, LONGEST, USUAL = 5, 7 * 24 * 60, 23 * 60
"""Minutes that a question stays open; the usual ones end an hour before the next comes."""
ALL, PLACE = "all", "place"
"""What is written to take back a choice of packs or levels, and a zone of its own."""
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_LASTS = re.compile(r"(\d{1,5})([mhd])", re.ASCII)


def read(wanted: WantedSchedule, bank: Bank) -> dict[str, Any]:
    """All of a new schedule."""
    return {
        "cron": _cron(wanted),
        "zone": _zone(wanted.zone),
        "packs": _packs(wanted.packs, bank),
        "levels": _levels(wanted.levels),
        "minutes": _minutes(wanted.lasts) if wanted.lasts else USUAL,
        "answers": wanted.answers or None,
    }


def revised(schedule: Schedule, wanted: WantedSchedule, bank: Bank) -> dict[str, Any]:
    """As much of one that stands as somebody wrote anew."""
    columns: dict[str, Any] = {}
    if wanted.cron or wanted.at or wanted.days:
        columns["cron"] = _cron(wanted, schedule.cron)
    if wanted.zone:
        columns["zone"] = _zone(wanted.zone)
    if wanted.packs:
        columns["packs"] = _packs(wanted.packs, bank)
    if wanted.levels:
        columns["levels"] = _levels(wanted.levels)
    if wanted.lasts:
        columns["minutes"] = _minutes(wanted.lasts)
    if wanted.answers:
        columns["answers"] = wanted.answers
    if not columns:
        raise UserError(
            f"Say what is to be otherwise: `/schedule change number:{schedule.id} at:10:00 days:mon-fri packs:all`."
        )
    return columns


def _cron(wanted: WantedSchedule, before: str = "") -> str:
    """A time of day and weekdays, or a cron line of its own; what is not written stays as it was before."""
    if wanted.cron:
        parse_cron(wanted.cron)
        if wanted.at or wanted.days:
            raise UserError("Give either a cron line or a time with its days, not both.")
        return " ".join(wanted.cron.lower().split())
    at, on = before.split()[:2], before.split()[2:]
    if wanted.at or not at:
        at = _time(wanted.at)
    if wanted.days or not on:
        on = ["*", "*", _weekdays(wanted.days)]
    return " ".join((*at, *on))


def _time(text: str) -> list[str]:
    """The minute and the hour."""
    found = _TIME.fullmatch(text)
    if not found:
        said = f"{text[:20]} is no time of the day that I can read. " if text else ""
        raise UserError(
            f"{said}Say at what time it asks, by 24 hours: `/schedule add at:09:00 days:mon-fri zone:Europe/Berlin`."
        )
    return [str(int(found[2])), str(int(found[1]))]


def _weekdays(text: str) -> str:
    days = text.lower().replace(" ", "") or "*"
    try:
        parse_cron(f"0 0 * * {days}")
    except UserError:
        raise UserError(
            f"I cannot read the days {text[:20]}. Write them like days:mon-fri or days:mon,wed,sun; without any it is every day."
        ) from None
    return days


def _zone(text: str) -> str | None:
    return None if text.casefold() in ("", PLACE) else known_zone(text)


def _packs(text: str, bank: Bank) -> list[str]:
    return [bank.pack(name).name for name in _listed(text)]


def _levels(text: str) -> list[str]:
    return [_level(name) for name in _listed(text)]


def _listed(text: str) -> Sequence[str]:
    """Each once; none where all are meant."""
    names = dict.fromkeys(word for word in re.split(r"[\s,+]+", text) if word)
    return [] if [*map(str.casefold, names)] == [ALL] else [*names]


def _level(name: str) -> str:
    known = [level.value for level in Level]
    if name.casefold() in known:
        return name.casefold()
    raise UserError(f"There is no level {name[:20]}. I know {', '.join(known)}.")


def _minutes(text: str) -> int:
    found = _LASTS.fullmatch(text.strip().lower())
    minutes = int(found[1]) * MINUTES[found[2]] if found else 0
    if not SHORTEST <= minutes <= LONGEST:
        raise UserError(
            "Say how long it stays open as 30m, 12h or 2d: from five minutes to seven days."
        )
    return minutes
