"""What the page for authors shows is so."""

import re
from pathlib import Path

from bot.authors.checking.check import check
from bot.quiz.files.schema import OptionSheet, PackSheet, QuestionSheet
from bot.settings.settings import ROOT
from tests.quiz.folders import PLAIN, pack

PAGE = ROOT / "docs" / "authors.md"
HEAD = """
title = "A shape"
kind = "predict-output"
level = "beginner"
time = "1:30"
explanation = "One state for each step."
concept = "A state a step."
proof = '''
steps = {{batch}} * {{length}}
print(steps)
assert steps == {{batch}} * {{length}}
'''
"""


async def test_the_template_on_the_page_is_proven_in_fifty_variants(tmp_path: Path) -> None:
    lines: list[str] = []
    (template,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    report = await check(
        pack(tmp_path, shape=HEAD + template, a=PLAIN),
        cache=None,
        progress=lines.append,
        write_back=True,
    )
    assert report.failures == ()
    assert report.counts.variants == 50


def test_every_key_of_a_file_stands_on_the_page() -> None:
    keys = set(re.findall(r"`\[*([a-z_]+)\]*`", PAGE.read_text(encoding="utf-8")))
    assert {*QuestionSheet.model_fields, *OptionSheet.model_fields, *PackSheet.model_fields} <= keys
