"""Packs: offered, walked through, summed up."""

from bot.conversation.request import Request
from bot.conversation.rounds.messages import show_own
from bot.phrases.packs import pack_card, pack_summary_card, packs_card


async def pack(request: Request) -> None:
    packs, player = request.quizmaster.packs, request.player
    if name := request.arg("pack") or request.word(1):
        card = pack_card(await packs.offer(name, player))
    else:
        card = packs_card(await packs.offers(player))
    await request.answer(card)


async def start(request: Request) -> None:
    asked = await request.quizmaster.packs.start(
        request.player, request.place, request.word(1), request.number(2), request.at
    )
    await show_own(request, asked)


async def go_to_challenge(request: Request) -> None:
    packs, player, at = request.quizmaster.packs, request.player, request.at
    take_id, position = request.number(1), request.number(2)
    if position < await packs.length(take_id):
        await show_own(request, await packs.go_to(take_id, position, player, at))
    else:
        await request.answer(pack_summary_card(await packs.summary(take_id, player, at)))
