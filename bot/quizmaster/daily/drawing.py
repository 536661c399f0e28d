"""What a schedule asks on a date: its pinned question, or the next from the place's bag."""

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b

from bot.model.schedules import Schedule
from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Question
from bot.store.schedules import Dated


def matching(bank: Bank, schedule: Schedule) -> list[str]:
    names: dict[str, None] = {}
    for pack in schedule.packs or (None,):
        for level in schedule.levels or (None,):
            names |= dict.fromkeys(question.id for question in bank.matching(pack, level))
    return list(names)


def draw(
    bank: Bank, schedule: Schedule, day: date, bag: ShuffleBag, pinned: Mapping[Dated, str]
) -> tuple[Question, ShuffleBag] | None:
    """And the bag after it. A preview draws the same as the real thing."""
    name = pinned.get((schedule.id, day))
    if name is not None and name in bank.templates:
        rest = bag.without(name)
    else:
        names = matching(bank, schedule)
        if not names:
            return None
        ahead = {
            question
            for (number, when), question in pinned.items()
            if when >= day and (number, when) != (schedule.id, day)
        }
        name, rest = bag.draw(names, ahead)
    seed = blake2b(f"{schedule.id}:{day}".encode(), digest_size=4).digest()
    return bank.variant(name, int.from_bytes(seed, "big")), rest
