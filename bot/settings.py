"""Settings: the only reader of the environment and of `.env`."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PREFIX = "TORCHPROOF_"
PLATFORMS = ("DISCORD_", "SLACK_")
"""What begins so may be written without the prefix, as their own tools write it; with the prefix it goes before."""
SQLITE = "sqlite+aiosqlite:///"
IN_A_URL = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})
"""What a path must not hold where it stands in a URL."""
SHORTEST_KEY = 32
REMEDIES = {
    "int_parsing": "write a whole number",
    "greater_than_equal": "write a number from {ge} on",
    "less_than_equal": "write a number up to {le}",
    "literal_error": "write {expected}",
}
"""What pydantic says in its own words, in ours."""
FOR_A_WORKER = ("worker_slots", "worker_gpu_slots", "worker_limits", "worker_unsafe")


class SettingsError(Exception):
    """Settings that cannot be used; the text says which, and what to write instead."""


class Settings(BaseModel):
    """Every field can be set as TORCHPROOF_<NAME> in the environment or in `.env`."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Annotated[
        Path, Field(description="Where the database and the secret of the cookies live.")
    ] = ROOT / "data"
    database_url: Annotated[
        str,
        Field(
            repr=False,  # it may hold a password
            description="Empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://user:password@host/database",
        ),
    ] = ""
    questions_dir: Annotated[Path, Field(description="The folder with the packs of questions.")] = (
        ROOT / "questions"
    )
    more_questions_dir: Annotated[
        Path | None,
        Field(
            description="A second folder of packs, of your own; it is read again whenever it changes."
        ),
    ] = None
    web_host: Annotated[
        str,
        Field(
            description="Where the web chat listens. Anything but this machine needs a password."
        ),
    ] = "127.0.0.1"
    web_port: Annotated[
        int, Field(ge=0, le=65535, description="The web chat’s port; 0 takes a free one.")
    ] = 8420
    web_password: Annotated[
        SecretStr,
        Field(
            description="What people enter the web chat with; required where others can reach it."
        ),
    ] = SecretStr("")
    web_address: Annotated[
        str,
        Field(
            description="What people type to reach the web chat through a proxy, such as https://quiz.example.org. "
            "Empty: where it listens."
        ),
    ] = ""
    web_channels: Annotated[
        str, Field(description="The web chat’s channels, separated by commas.")
    ] = "general, rnn, help"
    discord_token: Annotated[
        SecretStr,
        Field(
            description="The bot’s token from Discord’s developer portal; with it the bot is on Discord too."
        ),
    ] = SecretStr("")
    discord_shards: Annotated[
        str,
        Field(
            description="Connections to Discord, for a bot in many servers: 4, or 0-1/4 for the first two of four."
        ),
    ] = "1"
    discord_members: Annotated[
        Literal["on", "off"],
        Field(
            description="On: who leaves a server leaves its boards. It needs the members intent, so it is off."
        ),
    ] = "off"
    discord_api_url: Annotated[
        str, Field(description="Where Discord’s REST is; only tests have another.")
    ] = "https://discord.com/api/v10"
    discord_gateway_url: Annotated[
        str, Field(description="Where Discord’s gateway is; only tests have another.")
    ] = "wss://gateway.discord.gg/"
    slack_bot_token: Annotated[
        SecretStr,
        Field(
            description="The bot’s token in one Slack workspace (xoxb-…); with it the bot is on Slack too."
        ),
    ] = SecretStr("")
    slack_app_token: Annotated[
        SecretStr,
        Field(
            description="For Socket Mode, where Slack cannot reach this machine: the app-level token (xapp-…)."
        ),
    ] = SecretStr("")
    slack_signing_secret: Annotated[
        SecretStr,
        Field(
            description="Where Slack calls this machine over HTTPS: what its calls are signed with."
        ),
    ] = SecretStr("")
    slack_client_id: Annotated[
        str,
        Field(description="For many workspaces, which install the app themselves: its client id."),
    ] = ""
    slack_client_secret: Annotated[SecretStr, Field(description="And its client secret.")] = (
        SecretStr("")
    )
    slack_key: Annotated[
        SecretStr,
        Field(
            description="What the workspaces’ tokens are sealed with in the database: at least 32 characters. "
            "Several with commas between: the first seals, all open."
        ),
    ] = SecretStr("")
    slack_host: Annotated[
        str, Field(description="Where calls of Slack and installations arrive.")
    ] = "127.0.0.1"
    slack_port: Annotated[
        int, Field(ge=0, le=65535, description="Its port; 0 takes a free one.")
    ] = 8422
    slack_config_token: Annotated[
        SecretStr,
        Field(
            description="For the doctor alone, when it shall compare the app with its manifest: "
            "an app configuration token (xoxe.xoxp-…), which Slack makes for twelve hours."
        ),
    ] = SecretStr("")
    slack_api_url: Annotated[
        str, Field(description="Where Slack’s Web API is; GovSlack and tests have another.")
    ] = "https://slack.com/api/"
    zone: Annotated[
        str, Field(description="The time zone of a place whose admin has not set one.")
    ] = "UTC"
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Field(description="How much is logged.")
    ] = "info"

    run: Annotated[
        Literal["on", "off"], Field(description="Whether members can run code, in a sandbox.")
    ] = "on"
    run_at_once: Annotated[
        int, Field(ge=1, le=8, description="How many runs of one member go on at once.")
    ] = 1
    run_quota: Annotated[int, Field(ge=1, description="How many runs a member has in an hour.")] = (
        30
    )
    run_days: Annotated[
        int, Field(ge=1, description="For how many days a run’s code and output are kept.")
    ] = 30
    workers: Annotated[
        str,
        Field(
            description="Workers that run the code, separated by commas: sockets and http(s) addresses. "
            "Empty: one beside the bot, which it starts itself."
        ),
    ] = ""
    worker_token: Annotated[
        SecretStr,
        Field(description="What a worker on a port wants to be shown, and what the bot shows it."),
    ] = SecretStr("")
    worker_host: Annotated[str, Field(description="Where `python -m bot worker` listens.")] = (
        "127.0.0.1"
    )
    worker_port: Annotated[
        int, Field(ge=0, le=65535, description="Its port; 0 takes a free one.")
    ] = 8421
    worker_slots: Annotated[
        int, Field(ge=1, le=256, description="How many runs a worker takes at once.")
    ] = 4
    worker_gpu_slots: Annotated[
        int,
        Field(
            ge=1, le=16, description="How many processes wait for each GPU; one at a time uses it."
        ),
    ] = 1
    worker_limits: Annotated[
        Path | None, Field(description="A file of limits instead of bot/sandbox/limits.toml.")
    ] = None
    worker_unsafe: Annotated[
        Literal["on", "off"],
        Field(
            description="on: run code without any sandbox. Whoever can type can then do all that this account can."
        ),
    ] = "off"

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, OSError, ValueError):
            raise ValueError("write a time zone such as Europe/Berlin or UTC") from None
        return zone

    @field_validator("web_channels")
    @classmethod
    def _are_channels(cls, names: str) -> str:
        channels = _split(names)
        if not channels or not all(
            re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name) for name in channels
        ):
            raise ValueError("write channel names of a-z, 0-9 and hyphens, separated by commas")
        return names

    @field_validator("web_address")
    @classmethod
    def _is_front(cls, url: str) -> str:
        parts = urlsplit(url) if _is_address(url) else None
        front = f"{parts.scheme}://{parts.netloc}".lower() if parts else ""
        if url and (
            not re.fullmatch(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?", front)
            or url.lower().rstrip("/") != front
        ):
            raise ValueError(
                "write it as https://quiz.example.org, with nothing behind the name but perhaps a port"
            )
        return front.removesuffix(":443" if front.startswith("https") else ":80")

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: str) -> str:
        if url.startswith("sqlite+aiosqlite:"):
            return _in_a_file(url)
        if url and not url.startswith("postgresql+psycopg://"):
            raise ValueError("begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
        if not _is_address(url):
            raise ValueError("write it as postgresql+psycopg://user:password@host:5432/database")
        return url

    @field_validator("discord_shards")
    @classmethod
    def _are_shards(cls, shards: str) -> str:
        found = re.fullmatch(r"(?:([0-9]{1,4})(?:-([0-9]{1,4}))?/)?([1-9][0-9]{0,3})", shards)
        if (
            not found
            or int(found[1] or 0) > int(found[2] or found[1] or 0)
            or int(found[2] or found[1] or 0) >= int(found[3])
        ):
            raise ValueError(
                "write how many shards there are, such as 4, or which of them run here, such as 0-1/4"
            )
        return shards

    @field_validator("discord_api_url", "discord_gateway_url", "slack_api_url")
    @classmethod
    def _is_url(cls, url: str, field: ValidationInfo) -> str:
        schemes = ("ws", "wss") if field.field_name == "discord_gateway_url" else ("http", "https")
        if not url.startswith(tuple(f"{scheme}://" for scheme in schemes)) or not _is_address(url):
            raise ValueError(f"begin with {schemes[1]}://, and name a server")
        return url

    @field_validator("workers")
    @classmethod
    def _are_workers(cls, names: str) -> str:
        if not all(name.startswith(("http://", "https://", "/", "./")) for name in _split(names)):
            raise ValueError(
                "write paths of sockets (beginning with / or ./) and http(s) addresses, with commas between"
            )
        return names

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.web_password.get_secret_value():
            return self
        if self.web_host not in LOOPBACK:
            raise ValueError(
                f"others can reach {self.web_host}, so set {PREFIX}WEB_PASSWORD, or {PREFIX}WEB_HOST=127.0.0.1"
            )
        if self.web_address and urlsplit(self.web_address).hostname not in LOOPBACK:
            raise ValueError(f"others can reach {self.web_address}, so set {PREFIX}WEB_PASSWORD")
        return self

    @model_validator(mode="after")
    def _is_complete_for_slack(self) -> Self:
        installs = bool(self.slack_client_id or self.slack_client_secret.get_secret_value())
        if not self.slack_bot_token.get_secret_value() and not installs:
            return self
        if (
            not self.slack_app_token.get_secret_value()
            and not self.slack_signing_secret.get_secret_value()
        ):
            raise ValueError(
                f"for Slack, set {PREFIX}SLACK_APP_TOKEN too, or {PREFIX}SLACK_SIGNING_SECRET"
            )
        if installs and not (
            self.slack_client_id and self.slack_client_secret.get_secret_value() and self.slack_keys
        ):
            raise ValueError(
                f"installations need {PREFIX}SLACK_CLIENT_ID, {PREFIX}SLACK_CLIENT_SECRET and {PREFIX}SLACK_KEY"
            )
        if any(len(key) < SHORTEST_KEY for key in self.slack_keys):
            raise ValueError(
                f"{PREFIX}SLACK_KEY is too short: write at least {SHORTEST_KEY} random characters"
            )
        return self

    @property
    def on_slack(self) -> bool:
        return bool(self.slack_bot_token.get_secret_value() or self.slack_client_id)

    @property
    def slack_keys(self) -> tuple[str, ...]:
        return tuple(_split(self.slack_key.get_secret_value()))

    @property
    def database(self) -> str:
        return self.database_url or SQLITE + str(self.data_dir / "torchproof.db").translate(
            IN_A_URL
        )

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_split(self.web_channels)))

    @property
    def worker_addresses(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_split(self.workers)))

    def data_folder(self) -> Path:
        """The data folder, made where it is missing: what members write is in it, so nobody else looks in."""
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The data folder {self.data_dir} cannot be made ({error.strerror}). "
                f"Choose another with {PREFIX}DATA_DIR."
            ) from error
        return self.data_dir


def read(env_file: Path = ROOT / ".env", environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings; what is wrong with them is said name by name. The environment goes before the file."""
    try:
        return Settings.model_validate({**_named(dotenv_values(env_file)), **_named(environment)})
    except ValidationError as error:
        lines = [f"  {_name(each['loc'])}: {_remedy(each)}" for each in error.errors()]
        raise SettingsError(
            "These settings need mending (environment or .env):\n" + "\n".join(lines)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{env_file} cannot be read: {error}. Mend it, or take it away."
        ) from error


def for_a_worker(settings: Settings, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment of a worker of our own: what it needs to know and none of our secrets, for strangers' code runs below it."""
    told = settings.model_dump(mode="json", include=set(FOR_A_WORKER), exclude_none=True)
    theirs = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith((PREFIX, *PLATFORMS))
    }
    return {**theirs, **{PREFIX + name.upper(): str(value) for name, value in told.items()}}


def visible_gpus(environment: Mapping[str, str] = os.environ) -> str | None:
    """What the operator left of the GPUs for this process; None: all of them."""
    return environment.get("CUDA_VISIBLE_DEVICES")


def _named(variables: Mapping[str, str | None]) -> dict[str, str]:
    """What is ours among the variables; one left empty counts as not set."""
    given = {name.upper(): value for name, value in variables.items() if value}
    bare = {name.lower(): value for name, value in given.items() if name.startswith(PLATFORMS)}
    ours = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in given.items()
        if name.startswith(PREFIX)
    }
    return {name: value for name, value in bare.items() if name in Settings.model_fields} | ours


def _name(place: tuple[int | str, ...]) -> str:
    return PREFIX + str(place[0]).upper() if place else "together"


def _remedy(error: Mapping[str, Any]) -> str:
    if error["type"] in REMEDIES:
        return REMEDIES[error["type"]].format(**error.get("ctx", {}))
    if error["type"] != "extra_forbidden":
        return str(error["msg"]).removeprefix("Value error, ")
    from difflib import get_close_matches  # noqa: PLC0415 (only a mistake needs it)

    like = get_close_matches(str(error["loc"][0]), Settings.model_fields, n=1)
    return (
        f"there is no such setting; did you mean {PREFIX}{like[0].upper()}?"
        if like
        else "there is no such setting"
    )


def _in_a_file(url: str) -> str:
    """SQLite's URL, if it names a file that every connection finds again."""
    file = url.removeprefix(SQLITE)
    if file == url or not file or file.startswith(("file:", ":memory:")):
        raise ValueError(
            f"SQLite needs a file, for what is in memory is lost: {SQLITE}/home/me/quiz.db, or leave it empty"
        )
    if "?" in file or "#" in file:
        raise ValueError(
            "write a ? in a path of SQLite as %3F, a # as %23 and a % as %25; it takes no options"
        )
    return url


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
