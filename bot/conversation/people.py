"""Members asking about themselves."""

from bot.conversation.request import Request
from bot.phrases.profile import profile_card
from bot.phrases.rounds.points import score_card, scores_card


async def show_profile(request: Request) -> None:
    quizmaster, player = request.quizmaster, request.player
    if zone := request.arg("zone"):
        await quizmaster.people.set_zone(player, zone, request.at)
        await quizmaster.reminders.reschedule_for_zone(player, request.at)
    if name := request.arg("name"):
        await quizmaster.people.set_name_hidden(player, hidden=name == "hidden")
    profile = await quizmaster.people.profile(player, request.now())
    await request.reply.whisper(profile_card(profile))


async def explain_score(request: Request) -> None:
    people, player = request.quizmaster.people, request.player
    if request.words[1:]:
        card = score_card(await people.explain_score(player, request.number(1)))
    else:
        card = scores_card((await people.profile(player, request.now())).recent)
    await request.reply.whisper(card)
