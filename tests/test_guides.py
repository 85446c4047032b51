"""Guides: the shipped ones are whole, and the teams' own are written, approved, dated and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from data_access.guides import SHIPPED, Guide, for_thing, in_force, listed, parse, shipped
from data_access.records import Records
from metrics.catalog import METRICS
from metrics.errors import AppError
from tests.ui.apps import TITLES

MONDAY = datetime(2026, 11, 16, 8)
TODAY = date(2026, 11, 16)
# Pages that explain themselves, or whose parts a guide of another page explains.
WITHOUT_GUIDE = {"Definitions", "Guides", "Reviews"}
ASKED = {
    "monday-upload", "routine-checks", "triage-and-escalation", "weekly-report", "agreement-review",
    "acceptance-sampling", "reading-control-charts", "cumulative-flow", "delivery-forecast",
    "requirements",
}  # fmt: skip


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    opened = Records(f"sqlite:///{tmp_path / 'records.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture
def door(records):
    return records.guides


def test_the_guides_that_were_asked_for_are_shipped():
    assert {guide.key for guide in shipped()} >= ASKED
    assert len(shipped()) == len(list(SHIPPED.glob("*.md")))


@pytest.mark.parametrize("guide", shipped(), ids=lambda guide: guide.key)
def test_a_shipped_guide_has_a_whole_head_and_names_what_exists(guide):
    assert guide.title and guide.owner and guide.approved_by and guide.is_shipped
    assert guide.approved_on < guide.review_by
    assert re.fullmatch(r"\d+\.\d+", guide.edition)
    assert set(listed(guide.pages)) <= set(TITLES.values())
    assert set(listed(guide.metrics)) <= set(METRICS)
    assert listed(guide.pages) or listed(guide.charts), "it belongs to nothing"
    assert "<" not in re.sub(r"\s<\s", " ", guide.text), "raw HTML does nothing"
    assert not re.search(r"^# ", guide.text, re.MULTILINE), "the title is in the head"


def test_every_page_has_a_guide_or_says_that_it_has_none():
    have = {page for guide in shipped() for page in listed(guide.pages)}
    assert set(TITLES.values()) - have == WITHOUT_GUIDE


def test_every_kind_of_chart_has_a_guide():
    """The kinds that the code of charts/ names when it makes one."""
    charts = Path(__file__).parents[1] / "charts"
    text = "\n".join(path.read_text(encoding="utf-8") for path in charts.glob("*.py"))
    kinds = set(re.findall(r'\bChart\(\s*"([\w ]+)"', text))
    kinds |= set(re.findall(r'filled\(plot, theme, "(\w+)"', text))
    kinds |= set(re.findall(r'_bars\("(\w+)"', text))
    assert {"trend", "bars", "matrix", "sparkline", "stage map"} <= kinds
    assert [kind for kind in sorted(kinds) if not for_thing(shipped(), "charts", kind)] == []


@pytest.mark.parametrize(
    "content",
    ["no head", "---\ntitle: x\n---\ntext", "text\n---\ntitle: x\n---\n"],
)
def test_a_file_without_a_whole_head_is_refused_by_name(content):
    with pytest.raises(AppError, match=r"broken\.md"):
        parse("broken", content)


def drafted(door, title="Night shift", text="1. Look\n2. Write it down") -> Guide:
    return door.add(Guide(title=title, text=text, pages="Upload"), by="Lea", at=MONDAY)


def approved(door, **more) -> Guide:
    return door.approve(
        drafted(door, **more), on=TODAY, review_by=date(2027, 5, 1), by="Ana", at=MONDAY
    )


def test_a_draft_is_approved_with_a_name_and_a_day(door):
    draft = drafted(door)
    assert (draft.key, draft.is_approved, draft.written_by) == ("team-1", False, "Lea")
    one = approved(door)
    assert (one.key, one.approved_by, one.approved_on, one.review_by) == (
        "team-2", "Ana", TODAY, date(2027, 5, 1),
    )  # fmt: skip
    assert door.current() == (draft, one)


def test_an_approved_version_stays_as_it_is_and_in_force_until_the_next_is_approved(door):
    one = approved(door)
    with pytest.raises(AppError, match="is approved and stays as it is"):
        door.write(replace(one, text="Other"), by="Lea", at=MONDAY)
    new = door.revise(one, by="Lea", at=MONDAY)
    new = door.write(replace(new, text="3. Sleep"), by="Lea", at=MONDAY)
    versions = door.versions()[one.number]
    assert [each.version for each in versions] == [1, 2]
    assert in_force(versions).text == one.text
    with pytest.raises(AppError, match="newer version"):
        door.revise(one, by="Lea", at=MONDAY)
    door.approve(new, on=TODAY, review_by=date(2027, 1, 1), by="Ana", at=MONDAY)
    assert in_force(door.versions()[one.number]).text == "3. Sleep"
    assert door.versions()[one.number][0] == one


def test_a_change_made_on_an_older_state_is_refused(door):
    stale = drafted(door)
    door.write(replace(stale, text="Lea's"), by="Lea", at=MONDAY)
    with pytest.raises(AppError, match="Somebody else changed"):
        door.write(replace(stale, text="Ana's"), by="Ana", at=MONDAY)
    with pytest.raises(AppError, match="Somebody else changed"):
        door.approve(stale, on=TODAY, review_by=date(2027, 1, 1), by="Ana", at=MONDAY)
    assert door.current()[0].text == "Lea's"


def test_writing_cannot_slip_an_approval_in(door):
    draft = drafted(door)
    sly = replace(draft, text="Now", approved_by="Boss", approved_on=TODAY)
    new = door.write(sly, by="Lea", at=MONDAY)
    assert (new.approved_by, new.approved_on, new.text) == ("", None, "Now")


def test_every_change_is_in_the_trail(records, door):
    one = approved(door)
    door.revise(one, by="Lea", at=MONDAY)
    trail = records.audit(about="guide 1")
    assert [(line.what, line.by) for line in trail] == [
        ("revise", "Lea"), ("approve", "Ana"), ("add", "Lea"),
    ]  # fmt: skip
    assert json.loads(trail[1].before)["approved_by"] == ""
    assert json.loads(trail[1].after)["approved_by"] == "Ana"


@pytest.mark.parametrize(
    ("title", "text", "by"), [(" ", "x", "Lea"), ("x", " ", "Lea"), ("x", "x", " ")]
)
def test_a_guide_needs_a_title_a_text_and_a_name(door, title, text, by):
    with pytest.raises(AppError):
        door.add(Guide(title=title, text=text), by=by, at=MONDAY)
    assert door.current() == ()


def test_a_review_lies_ahead_and_is_overdue_on_the_day_after(door):
    with pytest.raises(AppError, match="must lie after"):
        door.approve(drafted(door), on=TODAY, review_by=TODAY, by="Ana", at=MONDAY)
    one = approved(door)
    assert not one.is_overdue(date(2027, 5, 1))
    assert one.is_overdue(date(2027, 5, 2))
    assert not drafted(door).is_overdue(date(2030, 1, 1))


def test_search_looks_for_every_word_in_title_and_text_whatever_the_case():
    guide = Guide(title="Monday upload", text="Read the **dry run** first.")
    assert guide.has("") and guide.has("MONDAY dry") and guide.has("up")
    assert not guide.has("monday tuesday")


def test_the_teams_own_guides_come_before_shipped_ones_and_drafts_do_not_come(door):
    approved(door)
    drafted(door, title="A draft")
    found = for_thing((*shipped(), *door.current()), "pages", "Upload")
    assert [guide.key for guide in found] == ["team-1", "monday-upload"]
