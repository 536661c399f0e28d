"""Every setting with its default."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from bot.settings.validators import (
    SQLITE,
    Channels,
    DatabaseUrl,
    HttpUrl,
    Shards,
    WebAddress,
    WebsocketUrl,
    Workers,
    Zone,
    split,
)

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "TORCHPROOF_"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
IN_A_URL = str.maketrans({"%": "%25", "?": "%3F", "#": "%23"})
SHORTEST_KEY = 32
UNSET = SecretStr("")
OnOff = Literal["on", "off"]
Port = Annotated[int, Field(ge=0, le=65535)]


class SettingsError(Exception):
    # Which settings cannot be used, and what to write instead.
    pass


def _setting(default: object, description: str, **rules: Any) -> Any:
    return Field(default, description=description, **rules)


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = _setting(
        ROOT / "data", "Where the database and the secret of the cookies live."
    )
    database_url: DatabaseUrl = _setting(
        "",
        "Empty: SQLite in the data folder. "
        "PostgreSQL: postgresql+psycopg://user:password@host/database",
        repr=False,  # it may hold a password
    )
    questions_dir: Path = _setting(ROOT / "questions", "The folder with the packs of questions.")
    more_questions_dir: Path | None = _setting(
        None, "A second folder of packs, of your own; it is read again whenever it changes."
    )
    web_host: str = _setting(
        "127.0.0.1", "Where the web chat listens. Anything but this machine needs a password."
    )
    web_port: Port = _setting(8420, "The web chat’s port; 0 takes a free one.")
    web_password: SecretStr = _setting(
        UNSET, "What people enter the web chat with; required where others can reach it."
    )
    web_address: WebAddress = _setting(
        "",
        "What people type to reach the web chat through a proxy, "
        "such as https://quiz.example.org. Empty: where it listens.",
    )
    web_channels: Channels = _setting(
        "general, rnn, help", "The web chat’s channels, separated by commas."
    )
    discord_token: SecretStr = _setting(
        UNSET,
        "The bot’s token from Discord’s developer portal; with it the bot is on Discord too.",
    )
    discord_shards: Shards = _setting(
        "1",
        "Connections to Discord, for a bot in many servers: 4, or 0-1/4 for the first two of four.",
    )
    discord_members: OnOff = _setting(
        "off",
        "On: who leaves a server leaves its boards. It needs the members intent, so it is off.",
    )
    discord_api_url: HttpUrl = _setting(
        "https://discord.com/api/v10", "Where Discord’s REST is; only tests have another."
    )
    discord_gateway_url: WebsocketUrl = _setting(
        "wss://gateway.discord.gg/", "Where Discord’s gateway is; only tests have another."
    )
    slack_bot_token: SecretStr = _setting(
        UNSET,
        "The bot’s token in one Slack workspace (xoxb-…); with it the bot is on Slack too.",
    )
    slack_app_token: SecretStr = _setting(
        UNSET,
        "For Socket Mode, where Slack cannot reach this machine: the app-level token (xapp-…).",
    )
    slack_signing_secret: SecretStr = _setting(
        UNSET, "Where Slack calls this machine over HTTPS: what its calls are signed with."
    )
    slack_client_id: str = _setting(
        "", "For many workspaces, which install the app themselves: its client id."
    )
    slack_client_secret: SecretStr = _setting(UNSET, "And its client secret.")
    slack_key: SecretStr = _setting(
        UNSET,
        "What the workspaces’ tokens are sealed with in the database: at least 32 characters. "
        "Several with commas between: the first seals, all open.",
    )
    slack_host: str = _setting("127.0.0.1", "Where calls of Slack and installations arrive.")
    slack_port: Port = _setting(8422, "Its port; 0 takes a free one.")
    slack_config_token: SecretStr = _setting(
        UNSET,
        "For the doctor alone, when it shall compare the app with its manifest: "
        "an app configuration token (xoxe.xoxp-…), which Slack makes for twelve hours.",
    )
    slack_api_url: HttpUrl = _setting(
        "https://slack.com/api/", "Where Slack’s Web API is; GovSlack and tests have another."
    )
    zone: Zone = _setting("UTC", "The time zone of a place whose admin has not set one.")
    log_level: Literal["debug", "info", "warning", "error"] = _setting(
        "info", "How much is logged."
    )

    run: OnOff = _setting("on", "Whether members can run code, in a sandbox.")
    run_at_once: int = _setting(1, "How many runs of one member go on at once.", ge=1, le=8)
    run_quota: int = _setting(30, "How many runs a member has in an hour.", ge=1)
    run_days: int = _setting(30, "For how many days a run’s code and output are kept.", ge=1)
    workers: Workers = _setting(
        "",
        "Workers that run the code, separated by commas: sockets and http(s) addresses. "
        "Empty: one beside the bot, which it starts itself.",
    )
    worker_token: SecretStr = _setting(
        UNSET, "What a worker on a port wants to be shown, and what the bot shows it."
    )
    worker_host: str = _setting("127.0.0.1", "Where `python -m bot worker` listens.")
    worker_port: Port = _setting(8421, "Its port; 0 takes a free one.")
    worker_slots: int = _setting(4, "How many runs a worker takes at once.", ge=1, le=256)
    worker_gpu_slots: int = _setting(
        1, "How many processes wait for each GPU; one at a time uses it.", ge=1, le=16
    )
    worker_limits: Path | None = _setting(
        None, "A file of limits instead of bot/sandbox/limits.toml."
    )
    worker_unsafe: OnOff = _setting(
        "off",
        "on: run code without any sandbox. Whoever can type can then do all that this account can.",
    )

    @model_validator(mode="after")
    def _has_password(self) -> Self:
        if self.web_password:
            return self
        if self.web_host not in LOOPBACK:
            raise ValueError(
                f"others can reach {self.web_host}, so set {PREFIX}WEB_PASSWORD, "
                f"or {PREFIX}WEB_HOST=127.0.0.1"
            )
        if self.web_address and urlsplit(self.web_address).hostname not in LOOPBACK:
            raise ValueError(f"others can reach {self.web_address}, so set {PREFIX}WEB_PASSWORD")
        return self

    @model_validator(mode="after")
    def _is_complete_for_slack(self) -> Self:
        has_client = bool(self.slack_client_id or self.slack_client_secret)
        if not self.slack_bot_token and not has_client:
            return self
        if not self.slack_app_token and not self.slack_signing_secret:
            raise ValueError(
                f"for Slack, set {PREFIX}SLACK_APP_TOKEN too, or {PREFIX}SLACK_SIGNING_SECRET"
            )
        if has_client and not (
            self.slack_client_id and self.slack_client_secret and self.slack_keys
        ):
            raise ValueError(
                f"installations need {PREFIX}SLACK_CLIENT_ID, {PREFIX}SLACK_CLIENT_SECRET "
                f"and {PREFIX}SLACK_KEY"
            )
        if any(len(key) < SHORTEST_KEY for key in self.slack_keys):
            raise ValueError(
                f"{PREFIX}SLACK_KEY is too short: write at least {SHORTEST_KEY} random characters"
            )
        return self

    @property
    def on_slack(self) -> bool:
        return bool(self.slack_bot_token or self.slack_client_id)

    @property
    def slack_keys(self) -> tuple[str, ...]:
        return split(self.slack_key.get_secret_value())

    @property
    def database(self) -> str:
        file = str(self.data_dir / "torchproof.db").translate(IN_A_URL)
        return self.database_url or SQLITE + file

    @property
    def channels(self) -> tuple[str, ...]:
        return split(self.web_channels)

    @property
    def worker_addresses(self) -> tuple[str, ...]:
        return split(self.workers)

    def data_folder(self) -> Path:
        # For its owner alone: it holds what members write.
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(
                f"The data folder {self.data_dir} cannot be made ({error.strerror}). "
                f"Choose another with {PREFIX}DATA_DIR."
            ) from error
        return self.data_dir
