"""The only reader of the environment and of `.env`."""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.settings.settings import PREFIX, ROOT, Settings, SettingsError

# Names that begin so need no prefix; one with the prefix takes precedence.
PLATFORMS = ("DISCORD_", "SLACK_")
FOR_A_WORKER = ("worker_slots", "worker_gpu_slots", "worker_limits", "worker_unsafe")
# Our words for pydantic's errors.
REMEDIES = {
    "int_parsing": "write a whole number",
    "greater_than_equal": "write a number from {ge} on",
    "less_than_equal": "write a number up to {le}",
    "literal_error": "write {expected}",
}


def read(env_file: Path = ROOT / ".env", environment: Mapping[str, str] = os.environ) -> Settings:
    # The environment takes precedence over the file.
    try:
        return Settings.model_validate({**_ours(dotenv_values(env_file)), **_ours(environment)})
    except ValidationError as error:
        lines = ["These settings need mending (environment or .env):"]
        for details in error.errors():
            place = details["loc"]
            name = PREFIX + str(place[0]).upper() if place else "together"
            lines.append(f"  {name}: {_remedy(details)}")
        raise SettingsError("\n".join(lines)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{env_file} cannot be read: {error}. Mend it, or take it away."
        ) from error


def for_a_worker(settings: Settings, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Without our secrets: strangers' code runs below a worker."""
    others = {
        name: value
        for name, value in environment.items()
        if not name.upper().startswith((PREFIX, *PLATFORMS))
    }
    needed = settings.model_dump(mode="json", include=set(FOR_A_WORKER), exclude_none=True)
    return {**others, **{PREFIX + name.upper(): str(value) for name, value in needed.items()}}


def visible_gpus(environment: Mapping[str, str] = os.environ) -> str | None:
    # Those that the operator left to this process; None for all.
    return environment.get("CUDA_VISIBLE_DEVICES")


def _ours(variables: Mapping[str, str | None]) -> dict[str, str]:
    # An empty one counts as not set.
    bare = {}
    prefixed = {}
    for name, value in variables.items():
        if value and name.upper().startswith(PREFIX):
            prefixed[name[len(PREFIX) :].lower()] = value
        elif value and name.upper().startswith(PLATFORMS) and name.lower() in Settings.model_fields:
            bare[name.lower()] = value
    return bare | prefixed


def _remedy(error: Mapping[str, Any]) -> str:
    if error["type"] in REMEDIES:
        return REMEDIES[error["type"]].format(**error.get("ctx", {}))
    if error["type"] != "extra_forbidden":
        return str(error["msg"]).removeprefix("Value error, ")
    for name in get_close_matches(str(error["loc"][0]), Settings.model_fields, n=1):
        return f"there is no such setting; did you mean {PREFIX}{name.upper()}?"
    return "there is no such setting"
