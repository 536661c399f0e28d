"""Schedules, read from what people write."""

import re
from collections.abc import Sequence
from typing import Any

from bot.errors import UserError
from bot.model.schedules import Schedule, WantedSchedule
from bot.quiz.calendar.cron import parse_cron
from bot.quiz.calendar.local_days import known_zone
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Level

HOUR = 60
DAY = 24 * HOUR
MINUTES = {"m": 1, "h": HOUR, "d": DAY}
SHORTEST = 5
LONGEST = 7 * DAY
USUAL = 23 * HOUR  # A question ends an hour before the next comes.
ALL = "all"  # Takes back a choice of packs or levels.
PLACE = "place"  # Takes back a zone of its own.
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_DURATION = re.compile(r"(\d{1,5})([mhd])", re.ASCII)


def parse(wanted: WantedSchedule, bank: Bank) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "zone": None,
        "packs": [],
        "levels": [],
        "minutes": USUAL,
        "answers": None,
    }
    return usual | _parse_columns(wanted, bank, "")


def parse_changes(schedule: Schedule, wanted: WantedSchedule, bank: Bank) -> dict[str, Any]:
    if columns := _parse_columns(wanted, bank, schedule.cron):
        return columns
    raise UserError("schedule_unchanged", number=schedule.id)


def _parse_columns(wanted: WantedSchedule, bank: Bank, cron_before: str) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if wanted.cron or wanted.at or wanted.days or not cron_before:
        columns["cron"] = _cron(wanted, cron_before)
    if wanted.zone:
        columns["zone"] = None if wanted.zone.casefold() == PLACE else known_zone(wanted.zone)
    if wanted.packs:
        columns["packs"] = [bank.pack(name).name for name in _names(wanted.packs)]
    if wanted.levels:
        columns["levels"] = _levels(wanted.levels)
    if wanted.lasts:
        columns["minutes"] = _minutes(wanted.lasts)
    if wanted.answers:
        columns["answers"] = wanted.answers
    return columns


def _cron(wanted: WantedSchedule, before: str) -> str:
    if wanted.cron:
        parse_cron(wanted.cron)
        if wanted.at or wanted.days:
            raise UserError("schedule_cron_and_time")
        return " ".join(wanted.cron.lower().split())
    parts = before.split()
    time = parts[:2]
    days = parts[2:]
    if wanted.at or not time:
        time = _time(wanted.at)
    if wanted.days or not days:
        days = ["*", "*", _weekdays(wanted.days)]
    return " ".join((*time, *days))


def _time(text: str) -> list[str]:
    found = _TIME.fullmatch(text)
    if not found:
        raise UserError("schedule_time_unreadable", text=text[:20])
    return [str(int(found[2])), str(int(found[1]))]


def _weekdays(text: str) -> str:
    days = text.lower().replace(" ", "") or "*"
    try:
        parse_cron(f"0 0 * * {days}")
    except UserError:
        raise UserError("schedule_days_unreadable", text=text[:20]) from None
    return days


def _levels(text: str) -> list[str]:
    known = [level.value for level in Level]
    levels = []
    for name in _names(text):
        if name.casefold() not in known:
            raise UserError("no_such_level", name=name[:20], levels=known)
        levels.append(name.casefold())
    return levels


def _names(text: str) -> Sequence[str]:
    """Each name once, or none where all are meant."""
    names = [*dict.fromkeys(filter(None, re.split(r"[\s,+]+", text)))]
    return [] if [*map(str.casefold, names)] == [ALL] else names


def _minutes(text: str) -> int:
    found = _DURATION.fullmatch(text.strip().lower())
    minutes = int(found[1]) * MINUTES[found[2]] if found else 0
    if not SHORTEST <= minutes <= LONGEST:
        raise UserError("schedule_duration_unreadable")
    return minutes
