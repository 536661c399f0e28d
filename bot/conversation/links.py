"""Members who link their accounts on several platforms."""

from bot.conversation.request import Request
from bot.phrases.links import link_code_card, linked_card, unlinked_card


async def link(request: Request) -> None:
    code = request.arg("code").strip()
    if code.casefold() == "undo":
        await undo(request)
    elif code:
        await _enter(request, code)
    else:
        await _give_code(request)


async def _give_code(request: Request) -> None:
    links, player, at = request.quizmaster.links, request.player, request.at
    # A command that is delivered again was answered before, with its code.
    if code := await links.give_code(request.act, player, request.place, at):
        linked = await links.undoable(player, at) is not None
        await request.reply.whisper(link_code_card(code, linked=linked))


async def _enter(request: Request, code: str) -> None:
    try:
        joined = await request.quizmaster.links.enter_code(
            request.act, request.player, request.place, code, request.at
        )
    finally:
        request.quizmaster.people.clear_cache()
    await request.reply.whisper(linked_card(joined))


async def undo(request: Request) -> None:
    try:
        await request.quizmaster.links.undo(request.act, request.player, request.at)
    finally:
        request.quizmaster.people.clear_cache()
    await request.reply.whisper(unlinked_card())
