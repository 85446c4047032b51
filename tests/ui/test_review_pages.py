"""The pages Reviews and Annotators on the small desk: what is drawn, what is behind it, whose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from data_access import warehouse
from data_access.workspace import Workspace
from metrics.review import ITEMS_REVIEWED
from tests.desk import desk
from tests.ui.apps import app, charts, home_of, made, texts
from ui.text import md_escape

REVIEWS, ANNOTATORS = "pages/quality/reviews.py", "pages/quality/annotators.py"
WHOLE = "2026-11-02..2026-11-15"
ROWS = desk()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("desk_home")
    made(Workspace(folder / "own"), **ROWS)
    with home_of(folder) as found:
        yield found


def drawn(page: str, name: str) -> list[dict[str, object]]:
    (found,) = [sets for alt, sets in charts(app(page, dates=WHOLE)).items() if name in alt]
    return found["rows"]


def test_the_funnel_draws_the_items_of_each_step(home: Path) -> None:
    rows = {row["segment"]: row["value"] for row in drawn(REVIEWS, "Items by step")}
    reviewed = {row["item_id"] for row in ROWS["reviews"]}
    assert list(rows) == [
        "Annotated", "Reviewed", "Reviewed at stage 2", "Fixed on the way", "Rejected on the way",
        "Accepted", "Accepted and delivered",
    ]  # fmt: skip
    assert (rows["Annotated"], rows["Reviewed"]) == (480, len(reviewed))


def test_the_reasons_are_drawn_with_the_share_of_those_above(home: Path) -> None:
    rows = drawn(REVIEWS, "Rejections by error type")
    before = datetime(2026, 11, 16)
    bad = [r for r in ROWS["reviews"] if r["outcome"] == "rejected" and r["reviewed_at"] < before]
    top = sum(row["error_type"] == "Wrong boundary" for row in bad)
    assert (rows[0]["segment"], rows[0]["value"]) == ("Wrong boundary", top)
    assert str(rows[-1]["text"]).endswith("together 100%")


def test_a_reason_filters_the_page_and_the_steps_say_that_they_have_none(home: Path) -> None:
    started = app(REVIEWS, dates=WHOLE, where="Error type: Wrong boundary")
    assert not started.exception
    assert "are not recorded by error type" in texts(started)


def test_the_batch_table_has_a_row_per_batch_and_its_numbers(home: Path) -> None:
    table = next(t.value for t in app(REVIEWS, dates=WHOLE).dataframe if "Batch" in t.value)
    assert list(table["Batch"]) == [f"B-{number}" for number in range(1, 7)]
    assert table["Annotated"].sum() == 480
    assert (table["Accepted, delivered"] + table["Delivered, not accepted"])[:4].tolist() == [
        80
    ] * 4


def test_a_click_asks_for_the_rows_of_a_batch(home: Path) -> None:
    from metrics.periods import parse_period
    from metrics.scope import scope

    started = app(REVIEWS, dates=WHOLE)
    asked = scope(parse_period(WHOLE), {"batch": ["B-2"]})
    started.session_state["_reviews_asked"] = (ITEMS_REVIEWED, asked)
    started.run()
    assert not started.exception
    reviewed = {r["item_id"] for r in ROWS["reviews"] if 80 <= int(r["item_id"][3:]) < 160}
    assert f"**{len(reviewed)} rows, newest first**" in texts(started)


def test_reviewers_stand_by_name_with_their_intervals(home: Path) -> None:
    rows = drawn(REVIEWS, "by reviewer")
    names = [str(row["segment"]) for row in rows]
    assert names == sorted(names) and len(names) == 4
    assert all(row["low"] < row["value"] < row["high"] for row in rows)
    assert sum(row["high"] < 0 for row in rows) == 1  # Ned


@pytest.mark.parametrize("page", [REVIEWS, ANNOTATORS])
def test_people_are_pseudonyms_unless_the_workspace_shows_names(page: str, tmp_path: Path) -> None:
    workspace = made(Workspace(tmp_path / "own"), **ROWS)
    people = ("Ann", "Bo", "Cy", "Di", "Eve", "Max", "Ned", "Ola", "Pia")

    def seen() -> set[str]:
        started = app(page, dates=WHOLE)
        shown = {str(r.get("segment")) for sets in charts(started).values() for r in sets["rows"]}
        for table in started.dataframe:
            shown |= {str(cell) for cell in table.value.iloc[:, 0]}
        return shown & set(people)

    with home_of(tmp_path):
        assert seen() == set()
        warehouse.save_settings(workspace, replace(workspace.settings, hide_names=False))
        assert seen() == set(people[5:] if page == REVIEWS else people[:5])


def test_the_annotators_page_says_whose_names_are_shown_and_where_to_change_it(home: Path) -> None:
    assert "people as pseudonyms, changed in Settings" in texts(app(ANNOTATORS, dates=WHOLE))


def test_every_annotator_has_a_row_with_n_beside_each_share(home: Path) -> None:
    table = next(t.value for t in app(ANNOTATORS, dates=WHOLE).dataframe if "Annotator" in t.value)
    made_by_people = [row for row in ROWS["annotations"] if row["annotator"]]
    done = [row for row in made_by_people if not row["is_skipped"]]
    assert len(table) == 5
    assert table["Annotations"].sum() == len(done)
    assert table["of"].sum() == len(made_by_people)
    gold = {row["item_id"] for row in ROWS["annotations"] if row["is_gold"]}
    assert table["of gold"].sum() == sum(row["item_id"] in gold for row in done)
    assert list(table["Annotator"]) == sorted(table["Annotator"])


def test_the_honest_time_card_prints_its_rules_and_what_they_touch(home: Path) -> None:
    told = texts(app(ANNOTATORS, dates=WHOLE))
    assert md_escape("Capped: an annotation counts one hour at most.") in told
    assert md_escape("which hold") in told and md_escape("of all lead time.") in told


def test_without_gold_answers_the_page_says_what_to_do(tmp_path: Path) -> None:
    rows = [row | {"is_gold": False} for row in ROWS["annotations"] if row["annotator"]]
    made(Workspace(tmp_path / "own"), annotations=rows)
    with home_of(tmp_path):
        told = texts(app(ANNOTATORS, dates=WHOLE))
    assert "can be held against a gold answer" in told.replace("\\", "")
    assert "tool has no gold answers in this window" in told.replace("\\", "")
