"""What a schedule asks on a date: the question that was set for it, or the next out of the place's shuffle bag."""

from collections.abc import Iterable, Mapping
from datetime import date
from hashlib import blake2b

from bot.model.schedules import Schedule
from bot.quiz.daily.shuffle_bag import ShuffleBag
from bot.quiz.files.bank import Bank
from bot.quiz.questions import Question
from bot.store.schedules import Dated


def fitting(bank: Bank, schedule: Schedule) -> list[str]:
    """The questions of its packs and levels that are in the bank now."""
    mixes = [
        (pack, level) for pack in schedule.packs or (None,) for level in schedule.levels or (None,)
    ]
    found = (question.id for pack, level in mixes for question in bank.matching(pack, level))
    return list(dict.fromkeys(found))


def pick(
    bank: Bank, schedule: Schedule, day: date, bag: ShuffleBag, pinned: Mapping[Dated, str]
) -> tuple[Question, ShuffleBag] | None:
    """The question of a date and the bag after it; the same for whoever looks beforehand and for whoever asks."""
    chosen = pinned.get((schedule.id, day))
    if chosen is not None and chosen in bank.templates:
        return _asked(bank, schedule, day, chosen), bag.without(chosen)
    names = fitting(bank, schedule)
    if not names:
        return None
    name, left = bag.draw(names, set(_ahead(schedule, day, pinned)))
    return _asked(bank, schedule, day, name), left


def _ahead(schedule: Schedule, day: date, pinned: Mapping[Dated, str]) -> Iterable[str]:
    """What is set for other dates that are still to come."""
    return (
        name
        for (number, when), name in pinned.items()
        if when >= day and (number, when) != (schedule.id, day)
    )


def _asked(bank: Bank, schedule: Schedule, day: date, name: str) -> Question:
    """With the figures of that date, where the question has several sets of them."""
    seed = blake2b(f"{schedule.id}:{day}".encode(), digest_size=4).digest()
    return bank.variant(name, int.from_bytes(seed, "big"))
