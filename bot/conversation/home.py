"""A member's own page, and help."""

from bot.conversation.request import Request
from bot.model.home import HomePage
from bot.phrases.help import help_card
from bot.phrases.home import home_card


async def show(request: Request) -> None:
    quizmaster, player, place = request.quizmaster, request.player, request.place
    now = request.now()
    page = HomePage(
        await quizmaster.people.profile(player, now),
        await quizmaster.boards.read("community", "week", place, player, now),
        tuple(await quizmaster.packs.offers(player)),
        tuple(await quizmaster.places.open_rounds(place)),
        await quizmaster.schedules.next_in_community(place, now),
        await quizmaster.reminders.find(player),
    )
    await request.reply.show(home_card(page))


async def show_help(request: Request) -> None:
    admin = await request.quizmaster.places.is_admin(request.event.person, request.place)
    await request.reply.whisper(help_card(admin=admin))
