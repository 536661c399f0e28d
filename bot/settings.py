"""Settings: the only reader of the environment and of `.env`."""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import UserError

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
PREFIX = "TORCHPROOF_"


class Settings(BaseSettings):
    """Every field can be set as TORCHPROOF_<NAME> in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=ROOT / ".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
    )

    data_dir: Annotated[Path, Field(description="Where the database and the secret of the cookies live.")] = (
        ROOT / "data"
    )
    database_url: Annotated[
        str,
        Field(
            description="Empty: SQLite in the data folder. PostgreSQL: postgresql+psycopg://user:password@host/database"
        ),
    ] = ""
    questions_dir: Annotated[Path, Field(description="The folder with the packs of questions.")] = ROOT / "questions"
    web_host: Annotated[
        str, Field(description="Where the web chat listens. Anything but this machine needs a password.")
    ] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535, description="The web chat’s port; 0 takes a free one.")] = 8420
    web_password: Annotated[
        SecretStr,
        Field(description="What people enter the web chat with; required where others can reach it."),
    ] = SecretStr("")
    web_channels: Annotated[str, Field(description="The web chat’s channels, separated by commas.")] = (
        "general, rnn, help"
    )
    zone: Annotated[str, Field(description="The time zone of a place whose admin has not set one.")] = "UTC"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="How much is logged.")] = (
        "info"
    )

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (OSError, ValueError):
            raise ValueError("write a time zone such as Europe/Berlin or UTC") from None
        return zone

    @field_validator("web_channels")
    @classmethod
    def _are_channels(cls, names: str) -> str:
        channels = _split(names)
        if not channels or not all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name) for name in channels):
            raise ValueError("write channel names of a-z, 0-9 and hyphens, separated by commas")
        return names

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
            raise ValueError("begin with sqlite+aiosqlite:/// or postgresql+psycopg://")
        return url

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.web_host not in LOOPBACK and not self.web_password.get_secret_value():
            raise ValueError(
                f"others can reach {self.web_host}, so set {PREFIX}WEB_PASSWORD, or {PREFIX}WEB_HOST=127.0.0.1"
            )
        return self

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'torchproof.db'}"

    @property
    def channels(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_split(self.web_channels)))

    def data_folder(self) -> Path:
        """The data folder, made where it is missing."""
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"The data folder {self.data_dir} cannot be made ({error.strerror}). "
                f"Choose another with {PREFIX}DATA_DIR."
            ) from error
        return self.data_dir


def read(**given: Any) -> Settings:
    """The settings; what is wrong with them is said name by name."""
    try:
        return Settings(**given)
    except ValidationError as error:
        lines = [f"  {_name(each['loc'])}: {_reason(each['msg'])}" for each in error.errors()]
        raise UserError("These settings need mending (environment or .env):\n" + "\n".join(lines)) from None


def _name(place: tuple[int | str, ...]) -> str:
    return PREFIX + str(place[0]).upper() if place else "together"


def _reason(message: str) -> str:
    return message.removeprefix("Value error, ")


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]
