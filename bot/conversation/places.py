"""Admins setting how questions are asked."""

from bot.conversation.request import Request
from bot.phrases.places import settings_card


async def settings(request: Request) -> None:
    quizmaster, place, args = request.quizmaster, request.place, request.args
    changes = map(args.get, ("zone", "speed", "answers", "admins"))
    changed = await quizmaster.places.change(place, *changes)
    if args.get("zone"):
        await quizmaster.schedules.reschedule_for_zone(place, request.at)
        await quizmaster.digests.reschedule_for_zone(place, request.at)
    await request.reply.whisper(settings_card(changed, quizmaster.zone, changed=bool(args)))


async def set_one(request: Request) -> None:
    # `set:speed:off`, from a button of the settings card.
    chosen = {request.word(1): request.word(2)}
    changed = await request.quizmaster.places.change(
        request.place, None, chosen.get("speed"), chosen.get("answers")
    )
    await request.reply.replace(settings_card(changed, request.quizmaster.zone, changed=True))
