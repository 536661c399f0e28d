"""`.env.example`, written from Settings: `python -m tests.example` renews it."""

from pathlib import Path

from pydantic import SecretStr

from bot.settings.settings import PREFIX, ROOT, Settings

FILE = ROOT / ".env.example"
HEAD = (
    "# Copy this file to .env and take the # from the lines you change. "
    "What stands here is what holds without them.\n"
    "# Names that begin with DISCORD_ or SLACK_ may be written without TORCHPROOF_ before them.\n"
)


def plain(value: object) -> str:
    """A default as one writes it in the file.

    Paths start from this folder, secrets are in clear (they are empty).
    """
    if isinstance(value, Path):
        return str(value.relative_to(ROOT))
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return "" if value is None else str(value)


def written() -> str:
    parts = [
        f"# {field.description}\n# {PREFIX}{name.upper()}="
        f"{plain(field.get_default(call_default_factory=True, validated_data={}))}\n"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join([HEAD, *parts])


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
