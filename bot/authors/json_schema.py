"""Writes the JSON Schemas of question files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.quiz.files.cross_field_rules import KEYS
from bot.quiz.files.schema import PackSheet, QuestionSheet
from bot.settings.settings import ROOT


def schemas() -> Mapping[str, str]:
    question = {**QuestionSheet.model_json_schema(), "oneOf": [{"required": [key]} for key in KEYS]}
    return {
        "schema.json": _as_text(question),
        "pack.schema.json": _as_text(PackSheet.model_json_schema()),
    }


def write_schemas(root: Path) -> None:
    for name, text in schemas().items():
        (root / name).write_text(text, encoding="utf-8")


def _as_text(schema: Any) -> str:
    return json.dumps(_without_null(schema), indent=2, ensure_ascii=False) + "\n"


def _without_null(part: Any) -> Any:
    # TOML has no null: an optional key is left out.
    if isinstance(part, list):
        return [_without_null(item) for item in part if item != {"type": "null"}]
    if not isinstance(part, dict):
        return part
    kept = {
        key: _without_null(value)
        for key, value in part.items()
        if not (key == "default" and value is None)
    }
    if len(kept.get("anyOf", ())) == 1:
        return {**kept.pop("anyOf")[0], **kept}
    return kept


if __name__ == "__main__":
    write_schemas(ROOT / "questions")
