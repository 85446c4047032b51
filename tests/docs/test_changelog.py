"""What CHANGELOG and README count and list is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import cli
from data_access.extracts import EXTRACTS
from data_access.guides import shipped
from tests.ui.apps import TITLES

ROOT = Path(__file__).parents[2]
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen")  # fmt: skip


def told() -> list[str]:
    """The items of the changelog, each on one line."""
    items = re.split(r"\n+(?=- |#|$)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))
    return [" ".join(item[2:].split()) for item in items if item.startswith("- ")]


def one(start: str) -> str:
    """The only item that begins so."""
    (found,) = [item for item in told() if item.startswith(start)]
    return found


def in_italics(text: str) -> set[str]:
    return set(re.findall(r"\*([^*]+)\*", text))


def test_the_changelog_counts_and_lists_the_extracts() -> None:
    (found,) = [item for item in told() if "extracts, each with a template" in item]
    assert found.split()[0].lower() == NUMBERS[len(EXTRACTS)]
    listed = re.split(r",\s*| and ", found.partition(": ")[2].rstrip("."))
    names = {name.replace("_", " ").removesuffix("s") for name in EXTRACTS}
    known = {"assignment": "assignment plan", "sla policie": "SLA policie"}
    assert {each.removesuffix("s") for each in listed} == {known.get(n, n) for n in names}


def test_the_changelog_counts_the_guides_of_ways_of_working() -> None:
    ways = [guide for guide in shipped() if not guide.key.startswith("chart-")]
    assert one("Guides: ").startswith(f"Guides: {NUMBERS[len(ways)]} ways of working")


@pytest.mark.parametrize("name", ["CHANGELOG.md", "README.md"])
def test_every_page_of_the_menu_is_listed(name: str) -> None:
    listed = one("Pages: ")
    if name == "README.md":
        listed = (ROOT / name).read_text(encoding="utf-8").partition("- **Pages.**")[2]
        listed = listed.partition("\n- **")[0]
    assert in_italics(listed) == set(TITLES.values())


def test_the_changelog_lists_every_command() -> None:
    names = {each.name or each.callback.__name__ for each in cli.app.registered_commands}
    names |= {group.name for group in cli.app.registered_groups}
    listed = set(re.findall(r"`(\w+)`", one("Commands for all of it")))
    assert listed == names


def test_the_changelog_counts_the_planted_truths_of_the_sample() -> None:
    truths = (ROOT / "sample_data/TRUTHS.md").read_text(encoding="utf-8")
    planted = re.findall(r"^\| `\w+` \|", truths.partition("## What is not planted")[0], re.M)
    assert f"{NUMBERS[len(planted)]} planted truths" in one("Sample data: ")
