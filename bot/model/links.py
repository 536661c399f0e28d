"""Accounts that are linked to one member."""

from dataclasses import dataclass
from datetime import datetime

from bot.model.people import Player


@dataclass(frozen=True, slots=True)
class Link:
    id: int
    player_id: int
    joined_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class LinkCode:
    words: str
    until: datetime


@dataclass(frozen=True, slots=True)
class LinkedMember:
    player: Player
    until: datetime  # it can be undone
