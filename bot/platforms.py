"""The chat platforms that the settings ask for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache

from bot.chat.platform_interface import Platform
from bot.chat.web.chat import Chat
from bot.chat.web.cookie_secret import cookie_secret
from bot.chat.web.http.address import Address
from bot.chat.web.platform import WebPlatform
from bot.phrases.say import say
from bot.quiz.files.watched_bank import WatchedBank
from bot.quizmaster.places import Places
from bot.settings.settings import Settings
from bot.store.key_value import KeyValue
from bot.store.sql.database import Database
from bot.store.sql.tables.adapters import slack_values
from bot.store.web_chat import WebChat

Now = Callable[[], datetime]


def web_platform(
    settings: Settings, database: Database, questions: WatchedBank, now: Now
) -> WebPlatform:
    chat = Chat(
        storage=WebChat(database),
        channels=settings.channels,
        sources=lambda: _choices(questions),
        address=Address(settings.web_host, settings.web_address),
        now=now,
        say=say,
    )
    return WebPlatform(
        chat,
        port=settings.web_port,
        password=settings.web_password.get_secret_value(),
        secret=cookie_secret(settings.data_dir / "secret"),
    )


def other_platforms(
    settings: Settings, database: Database, questions: WatchedBank, now: Now
) -> dict[str, Platform]:
    platforms = {}
    if settings.discord_token.get_secret_value():
        platforms["discord"] = _discord(settings, database, questions, now)
    if settings.on_slack:
        platforms["slack"] = _slack(settings, database, questions, now)
    return platforms


def _discord(settings: Settings, database: Database, questions: WatchedBank, now: Now) -> Platform:
    from bot.chat.discord.incoming.gateway import parse_shards
    from bot.chat.discord.platform import DiscordPlatform

    return DiscordPlatform(
        token=settings.discord_token.get_secret_value(),
        api=settings.discord_api_url,
        gateway=settings.discord_gateway_url,
        shards=parse_shards(settings.discord_shards),
        members=settings.discord_members == "on",
        storage=KeyValue(database),
        sources=lambda: _choices(questions),
        now=now,
        say=say,
    )


def _slack(settings: Settings, database: Database, questions: WatchedBank, now: Now) -> Platform:
    from bot.chat.slack.oauth import OAuthApp
    from bot.chat.slack.platform import SlackPlatform

    client, secret = settings.slack_client_id, settings.slack_client_secret.get_secret_value()
    return SlackPlatform(
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        app=OAuthApp(client, secret, settings.slack_keys, database.engine) if client else None,
        host=settings.slack_host,
        port=settings.slack_port,
        api_url=settings.slack_api_url,
        storage=KeyValue(database, slack_values),
        sources=lambda: _choices(questions),
        is_named_admin=Places(database).is_admin,
        say=say,
        now=now,
    )


def _choices(questions: WatchedBank) -> Mapping[str, Sequence[str]]:
    # For arguments of commands, by the name of their source.
    return {"packs": [pack.name for pack in questions.bank.packs], "zones": _zones()}


@cache
def _zones() -> Sequence[str]:
    # Read when somebody asks for them: they are a thousand files.
    from zoneinfo import available_timezones

    return sorted(available_timezones())
