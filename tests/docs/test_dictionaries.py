"""The dictionaries and the how-to pages tell what the code says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from metrics.catalog import METRICS

ROOT = Path(__file__).parents[2]
_spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
assert _spec is not None
assert _spec.loader is not None
docs_build = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(docs_build)


@pytest.mark.parametrize("name", sorted(docs_build.PAGES))
def test_a_dictionary_page_is_what_the_code_says(name: str) -> None:
    stored = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert stored == docs_build.PAGES[name](), "stale: run `python docs/build.py`"


def test_every_metric_stands_in_the_dictionary_once() -> None:
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    for name in METRICS:
        assert text.count(f"\n`{name}` ·") == 1


@pytest.mark.parametrize("page", ["docs/how-to-add.md", "README.md"])
def test_every_file_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|sql|md|toml|txt|yaml))`", text))
    missing = sorted(
        name
        for name in named
        if "<" not in name and not (ROOT / name).exists() and "example" not in name
    )
    assert missing == []
