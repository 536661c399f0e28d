"""The schemas for editors are those of the loader's own types."""

import json
from pathlib import Path

from bot.authors.json_schema import schemas, write_schemas
from bot.quiz.files.schema import PackSheet, QuestionSheet, Sheet
from bot.settings.settings import ROOT


def test_the_schemas_in_the_repository_are_the_loaders_own() -> None:
    kept = {name: (ROOT / "questions" / name).read_text(encoding="utf-8") for name in schemas()}
    assert kept == schemas(), "run python -m bot.authors.json_schema"


def test_schemas_are_written_as_they_are_compared(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == schemas()


def test_every_field_is_in_its_schema_and_nothing_may_be_null() -> None:
    forms: tuple[type[Sheet], ...] = (QuestionSheet, PackSheet)
    for form, text in zip(forms, schemas().values(), strict=True):
        schema = json.loads(text)
        assert set(schema["properties"]) == set(form.model_fields)
        assert schema["additionalProperties"] is False
        assert "null" not in text
