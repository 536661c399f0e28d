"""The Discord simulator enforces what holds for a message.

That is its form, its author, its nonce, its place.
"""

import pytest

from tests.fakes.denied import Denied
from tests.fakes.discord.bare import Bare, Gateway, button, row
from tests.fakes.discord.guild import Discord, Guild, Member
from tests.fakes.discord.world import Json

V2 = 1 << 15
OPTION = {"label": "a", "value": "a"}


def words(text: str = "Which shape?") -> Json:
    return {"type": 10, "content": text}


def menu(*options: Json, **more: Json) -> Json:
    return {"type": 3, "custom_id": "m", "options": list(options), **more}


def box(*parts: Json) -> Json:
    return {"type": 17, "components": list(parts)}


WRONG: dict[str, Json] = {
    "content": {"content": "x" * 2001},
    "nonce": {"content": "x", "nonce": "n" * 26},
    "flags": {"content": "x", "flags": 1 << 6},
    "embeds": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
    "embeds.0.title": {"embeds": [{"title": "x" * 257}]},
    "embeds.0.fields.0.value": {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
    "components.0.type": {"content": "x", "components": [words()]},
    "components": {"content": "x", "components": [row(button(str(n))) for n in range(6)]},
    "components.0.components": {
        "content": "x",
        "components": [row(*(button(str(n)) for n in range(6)))],
    },
    "components.0.components.0.custom_id": {"content": "x", "components": [row(button("c" * 101))]},
    "components.0.components.0.label": {"content": "x", "components": [row(button("c", "l" * 81))]},
    "components.0.components.0": {"content": "x", "components": [row(button("c", ""))]},
    "components.0.components.1.custom_id": {
        "content": "x",
        "components": [row(button("c"), button("c"))],
    },
    "components.0.components.0.url": {
        "content": "x",
        "components": [row({"type": 2, "style": 5, "label": "l"})],
    },
    "components.0.components.0.options": {"content": "x", "components": [row(menu())]},
    "components.0.components.0.options.1.value": {
        "content": "x",
        "components": [row(menu(OPTION, OPTION))],
    },
    "components.0.components.0.options.0.label": {
        "content": "x",
        "components": [row(menu({"label": "", "value": "v"}))],
    },
    "components.0.components.0.max_values": {
        "content": "x",
        "components": [row(menu(OPTION, max_values=2))],  # type: ignore[arg-type]
    },
    "components.0.content": {"flags": V2, "components": [words("")]},
    "components.0.components.0.type": {"flags": V2, "components": [box(box(words()))]},
    "components.0.items.0.media.url": {
        "flags": V2,
        "components": [{"type": 12, "items": [{"media": {"url": "attachment://gone.png"}}]}],
    },
    "allowed_mentions.users": {
        "content": "x",
        "allowed_mentions": {"parse": ["users"], "users": ["1"]},
    },
}
BESIDES: dict[str, Json] = {
    "content": {"flags": V2, "content": "x", "components": [words()]},
    "components": {"flags": V2, "components": [words("x" * 2000), words("x" * 2001)]},
}
TOO_MANY = {"flags": V2, "components": [box(*[words()] * 39), words()]}


def paths(errors: Json, path: str = "") -> set[str]:
    """Where a refusal says that something is wrong."""
    if "_errors" in errors:
        return {path}
    return {
        found
        for key, inner in errors.items()
        for found in paths(inner, f"{path}.{key}".lstrip("."))
    }


@pytest.mark.parametrize(
    ("where", "said"), [*WRONG.items(), *BESIDES.items(), ("components", TOO_MANY)]
)
async def test_a_form_beyond_a_limit_is_refused_with_its_path(
    discord: Discord, bot: Bare, ada: Member, where: str, said: Json
) -> None:
    answer = await bot.ask("POST", f"/channels/{ada.channel}/messages", said)
    assert (answer.status, answer.code) == (400, 50035)
    assert where in paths(answer.body["errors"])
    assert await discord.violations()
    assert await ada.sees() == []


async def test_nothing_to_see_is_refused(discord: Discord, bot: Bare, ada: Member) -> None:
    assert (await bot.says(ada)).code == 50006
    said = await bot.says(ada, "first")
    assert (
        await bot.ask(
            "PATCH", f"/channels/{ada.channel}/messages/{said.body['id']}", {"content": ""}
        )
    ).code == 50006
    assert await discord.violations()


async def test_what_cannot_be_read_is_refused(discord: Discord, bot: Bare, ada: Member) -> None:
    for body in (
        {"components": "none"},
        {"components": [{"type": 1, "components": [7]}]},
        {"embeds": {"a": 1}},
        [1],
    ):
        assert (await bot.ask("POST", f"/channels/{ada.channel}/messages", body)).status == 400
    assert (await bot.ask("GET", "/channels/1/nowhere")).status == 404
    assert await discord.violations()


async def test_the_same_nonce_is_the_same_message_for_minutes(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member
) -> None:
    first = await bot.says(ada, "once", nonce="q7:r3", enforce_nonce=True)
    again = await bot.says(ada, "once", nonce="q7:r3", enforce_nonce=True)
    assert again.body["id"] == first.body["id"]
    assert (await gateway.hear("MESSAGE_CREATE"))["nonce"] == "q7:r3"
    assert (await bot.says(ada, "once", nonce="q7:r3")).body["id"] != first.body["id"]
    await discord.advance(600)
    assert (await bot.says(ada, "once", nonce="q7:r3", enforce_nonce=True)).body[
        "id"
    ] != first.body["id"]
    assert len(await ada.sees()) == 3


async def test_a_message_in_the_newer_form_never_goes_back(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    said = await bot.ask(
        "POST", f"/channels/{ada.channel}/messages", {"flags": V2, "components": [words()]}
    )
    path = f"/channels/{ada.channel}/messages/{said.body['id']}"
    assert (await bot.ask("PATCH", path, {"flags": 0})).code == 50035
    assert (await bot.ask("PATCH", path, {"content": "old"})).code == 50035
    assert (await bot.ask("PATCH", path, {"components": [words("New")]})).status == 200
    assert [seen.text for seen in await ada.sees()] == ["New"]
    assert await discord.violations()


async def test_only_its_author_edits_a_message(bot: Bare, ada: Member, bob: Member) -> None:
    path = f"/channels/{ada.channel}/messages/{await bob.writes('mine')}"
    assert (await bot.ask("PATCH", path, {"content": "yours"})).code == 50005
    assert (
        await bot.ask("PATCH", f"/channels/{ada.channel}/messages/1", {"content": "x"})
    ).code == 10008
    assert (await bot.ask("DELETE", path)).status == 204
    assert await ada.sees() == []


async def test_an_old_message_is_seldom_edited(discord: Discord, bot: Bare, ada: Member) -> None:
    """Three times in twenty seconds once it is an hour old."""
    said = await bot.says(ada, "old")
    await discord.advance(3601)
    path = f"/channels/{ada.channel}/messages/{said.body['id']}"
    for number in range(3):
        assert (await bot.ask("PATCH", path, {"content": str(number)})).status == 200
    answer = await bot.ask("PATCH", path, {"content": "3"})
    assert (answer.status, answer.code) == (429, 30046)
    assert answer.headers["Via"]
    await discord.advance(20)
    assert (await bot.ask("PATCH", path, {"content": "4"})).status == 200


async def test_files_stand_where_the_message_puts_them(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    gallery = {
        "type": 12,
        "items": [
            {"media": {"url": "attachment://figure.png"}, "description": "A curve that falls"}
        ],
    }
    said = {
        "flags": V2,
        "components": [box(words(), gallery)],
        "attachments": [{"id": "0", "filename": "figure.png"}],
    }
    path = f"/channels/{ada.channel}/messages"
    answer = await bot.ask("POST", path, said, files={"figure.png": b"\x89PNG"})
    assert answer.status == 200
    seen = await ada.finds("A curve that falls")
    assert await discord.file(seen.files[0]["url"]) == b"\x89PNG"
    kept = {"components": [box(words("Over"), gallery)]}
    assert (await bot.ask("PATCH", f"{path}/{seen.id}", kept)).status == 200
    assert (await bot.ask("PATCH", f"{path}/{seen.id}", {**kept, "attachments": []})).code == 50035
    assert (
        await bot.ask("POST", path, {"content": "x"}, files={"big": b"0" * (10 * 2**20 + 1)})
    ).code == 40005
    assert (
        await bot.ask("POST", path, {"content": "x", "attachments": [{"id": "3"}]})
    ).code == 50035
    assert await discord.violations()


async def test_history_tells_the_newest_first_and_nothing_private(bot: Bare, ada: Member) -> None:
    for text in "abc":
        await bot.says(ada, text)
    path = f"/channels/{ada.channel}/messages"
    assert [one["content"] for one in (await bot.ask("GET", f"{path}?limit=2")).body] == ["c", "b"]
    oldest = (await ada.finds("a")).id
    assert [
        one["content"] for one in (await bot.ask("GET", f"{path}?after={oldest}&limit=1")).body
    ] == ["b"]
    newest = (await ada.finds("c")).id
    assert [one["content"] for one in (await bot.ask("GET", f"{path}?before={newest}")).body] == [
        "b",
        "a",
    ]


async def test_names_ping_only_where_mentions_are_allowed(bot: Bare, ada: Member) -> None:
    text = f"<@{ada.id}> and @everyone"
    await bot.says(ada, text)
    await bot.says(ada, text, allowed_mentions={"parse": []})
    await bot.says(ada, text, allowed_mentions={"parse": [], "users": [ada.id]})
    assert [seen.pings for seen in await ada.sees()] == [("Ada", "everyone"), (), ("Ada",)]


async def test_a_permission_that_is_lost_is_enforced(
    bot: Bare, gateway: Gateway, guild: Guild, ada: Member
) -> None:
    said = await bot.says(ada, "before")
    await guild.overwrite("general", bot.bot, deny=("SEND_MESSAGES",))
    overwrites = (await gateway.hear("CHANNEL_UPDATE"))["permission_overwrites"]
    assert overwrites == [{"id": bot.bot, "type": 1, "allow": "0", "deny": str(1 << 11)}]
    assert (await bot.says(ada, "silenced")).code == 50013
    assert (await bot.ask("GET", f"/channels/{ada.channel}/messages")).status == 200
    await guild.overwrite("general", bot.bot, deny=("VIEW_CHANNEL",))
    for method, path, body in (
        ("POST", "/messages", {"content": "blind"}),
        ("PATCH", f"/messages/{said.body['id']}", {"content": "blind"}),
        ("GET", "", None),
    ):
        assert (await bot.ask(method, f"/channels/{ada.channel}{path}", body)).code == 50001
    await guild.overwrite("general", bot.bot)
    assert (await bot.says(ada, "back")).status == 200
    await guild.overwrite("general", ada.id, deny=("VIEW_CHANNEL",))
    assert await ada.sees() == []
    with pytest.raises(Denied, match="cannot write"):
        await ada.writes("hello?")


async def test_a_private_channel_is_closed_to_whom_it_is_closed(
    discord: Discord, bot: Bare, ada: Member
) -> None:
    there = (await bot.ask("POST", "/users/@me/channels", {"recipient_id": ada.id})).body
    private = await ada.in_dm()
    assert there["id"] == private.channel
    assert (await bot.says(private, "hello")).status == 200
    await ada.take_dms(takes=False)
    assert (await bot.says(private, "hello?")).code == 50007
    stranger = await discord.person("Stranger")
    assert (await bot.says(stranger, "hello")).code == 50007
    assert (await bot.ask("POST", "/users/@me/channels", {"recipient_id": "1"})).code == 10013


# Reactions


async def test_reactions_are_counted_told_and_taken(
    discord: Discord, bot: Bare, gateway: Gateway, ada: Member, bob: Member
) -> None:
    await discord.limits(on=False)
    said = await bot.says(ada, "Which shape?")
    path = f"/channels/{ada.channel}/messages/{said.body['id']}/reactions"
    assert (await bot.ask("PUT", f"{path}/%F0%9F%87%A6/@me")).status == 204
    await bob.react("🇦", on="Which shape?")
    await bob.react("🇦", on="Which shape?")
    first, second = (
        await gateway.hear("MESSAGE_REACTION_ADD"),
        await gateway.hear("MESSAGE_REACTION_ADD"),
    )
    assert [one["user_id"] for one in (first, second)] == [bot.bot, bob.id]
    assert (second["type"], second["burst"], second["emoji"]) == (
        0,
        False,
        {"id": None, "name": "🇦"},
    )
    assert [one["id"] for one in (await bot.ask("GET", f"{path}/%F0%9F%87%A6")).body] == [
        bot.bot,
        bob.id,
    ]
    assert (await bot.ask("DELETE", f"{path}/%F0%9F%87%A6/{bob.id}")).status == 204
    assert (await gateway.hear("MESSAGE_REACTION_REMOVE"))["user_id"] == bob.id
    await ada.react("👍🏽", on="Which shape?")
    await ada.unreact("👍🏽", on="Which shape?")
    assert (await ada.finds("Which shape?")).reactions == {"🇦": ("torchproof",)}


async def test_an_emoji_is_known_or_refused(
    discord: Discord, bot: Bare, guild: Guild, ada: Member
) -> None:
    custom = await guild.emoji("torch")
    said = await bot.says(ada, "Which shape?")
    path = f"/channels/{ada.channel}/messages/{said.body['id']}/reactions"
    await discord.limits(on=False)
    for emoji in ("1%EF%B8%8F%E2%83%A3", custom, "%E2%9D%A4%EF%B8%8F"):
        assert (await bot.ask("PUT", f"{path}/{emoji}/@me")).status == 204
    await ada.react("❤", on="Which shape?")
    assert set((await ada.finds("Which shape?")).reactions) == {"1️⃣", custom, "❤️"}
    for emoji in ("A", "torch:1", "ok"):
        assert (await bot.ask("PUT", f"{path}/{emoji}/@me")).code == 10014
        with pytest.raises(Denied, match="no emoji"):
            await ada.react(emoji, on="Which shape?")


async def test_a_message_bears_twenty_emoji(bot: Bare, ada: Member) -> None:
    said = await bot.says(ada, "Which shape?")
    for number in range(20):
        await ada.react(chr(0x1F600 + number), on="Which shape?")
    with pytest.raises(Denied, match="20 reactions"):
        await ada.react("🇦", on="Which shape?")
    path = f"/channels/{ada.channel}/messages/{said.body['id']}/reactions"
    assert (await bot.ask("PUT", f"{path}/%F0%9F%87%A6/@me")).code == 30010


async def test_a_reaction_of_somebody_else_is_taken_only_with_permission(
    discord: Discord, bot: Bare, guild: Guild, ada: Member
) -> None:
    await discord.limits(on=False)
    said = await bot.says(ada, "Which shape?")
    await ada.react("🇦", on="Which shape?")
    await guild.overwrite("general", bot.bot, deny=("MANAGE_MESSAGES", "ADD_REACTIONS"))
    path = f"/channels/{ada.channel}/messages/{said.body['id']}/reactions"
    assert (await bot.ask("DELETE", f"{path}/%F0%9F%87%A6/{ada.id}")).code == 50013
    assert (await bot.ask("PUT", f"{path}/%F0%9F%87%A7/@me")).code == 50013
    assert (await bot.ask("PUT", f"{path}/%F0%9F%87%A6/@me")).status == 204
