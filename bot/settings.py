"""Settings: the only reader of the environment and of `.env`."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """Every field can be set as TORCHPROOF_<NAME> in the environment or in `.env`."""

    model_config = SettingsConfigDict(
        env_prefix="TORCHPROOF_", env_file=".env", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    data_dir: Annotated[Path, Field(description="Where the database and the secret of the cookies live.")] = (
        ROOT / "data"
    )
    database_url: Annotated[
        str,
        Field(
            description="Empty: SQLite in the data folder. Else an SQLAlchemy URL, such as postgresql+psycopg://user:password@host/name."
        ),
    ] = ""
    questions_dir: Annotated[Path, Field(description="The folder with the packs of questions.")] = ROOT / "questions"
    web_host: Annotated[
        str, Field(description="Where the web chat listens. Anything but this machine needs a password.")
    ] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535, description="The web chat's port; 0 takes a free one.")] = 8420
    web_password: Annotated[
        SecretStr,
        Field(description="Shared password that people enter with; required when others can reach the web chat."),
    ] = SecretStr("")
    web_channels: Annotated[str, Field(description="The web chat's channels, separated by commas.")] = (
        "general, rnn, help"
    )
    zone: Annotated[str, Field(description="The time zone of a place whose admin has not set one.")] = "UTC"
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="How much is logged.")] = (
        "info"
    )
