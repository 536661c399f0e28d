"""Time zones, by the names that people type."""

from zoneinfo import available_timezones

from bot.errors import UserError


def known_zone(zone: str) -> str:
    names = {name.casefold(): name for name in available_timezones()}
    name = names.get(zone.strip().casefold())
    if name is None:
        raise UserError("unknown_zone")
    return name
