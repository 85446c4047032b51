"""Jira as it is: every language, date order, repeated column and packed cell as planted."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data_access.extracts.tracker_words import CATEGORIES, SOURCES
from data_access.extracts.tracker_words import HEADERS as NAMES
from data_access.ingest import DryRun, accept
from data_access.ingest.months import LANGUAGES, MONTHS
from data_access.workspace import Workspace
from tests.ingest.making import dry_run
from tests.ingest.tracker_exports import (
    CLDR,
    CLDR_WIDE,
    HEADERS,
    OURS,
    PLANTED,
    SECRET,
    STYLES,
    Issue,
    export,
)

CLOCK = datetime(2026, 12, 31, 9)
EVERY = [(language, style) for language in HEADERS for style in STYLES]


def read(workspace: Workspace, tmp_path: Path, content: bytes, **answers: str) -> DryRun:
    found = dry_run(workspace, tmp_path, content, name="jira.csv", **answers)
    assert found.refusal is None, found.refusal.text
    return found


def rows(found: DryRun) -> dict[str, dict[str, object]]:
    assert found.folder is not None
    table = pq.read_table(found.folder / "rows.parquet").to_pylist()
    return {row["issue_key"]: row for row in table}


@pytest.mark.parametrize(("language", "style"), EVERY)
@pytest.mark.parametrize("is_resaved", [False, True], ids=["as exported", "BOM and CRLF"])
def test_an_export_is_read_as_planted(
    language: str, style: str, is_resaved: bool, workspace: Workspace, tmp_path: Path
) -> None:
    content = export(
        language=language, style=style, is_bom=is_resaved, is_crlf=is_resaved,
        blank_rows=20 if is_resaved else 0,
    )  # fmt: skip
    found = read(workspace, tmp_path, content)
    assert found.must_answer == ()
    assert (found.extract, found.rows, found.accepted, found.refused) == ("issues", 5, 5, 0)
    for row, issue in zip(rows(found).values(), PLANTED, strict=True):
        _is_as_planted(row, issue)


def _is_as_planted(row: dict[str, object], issue: Issue) -> None:
    is_done = issue.category == 2
    wanted = {
        "issue_key": issue.key,
        "status_category": OURS[issue.category],
        "created_at": issue.created,
        "updated_at": issue.updated,
        "due_on": issue.due,
        # where Resolved is empty, by when the category was last changed, or the issue updated
        "resolved_at": issue.resolved or ((issue.changed or issue.updated) if is_done else None),
        "labels": ", ".join(issue.labels) or None,
        "sprint": [sprint for sprint in issue.sprints if sprint][-1] if issue.sprints else None,
        "comments": len(issue.comments),
        "last_comment_at": issue.comments[-1] if issue.comments else None,
        "logged_hours": sum(issue.logged) / 3600 if issue.logged else None,
    }
    assert {name: row[name] for name in wanted} == wanted


def test_what_people_wrote_is_nowhere_in_the_workspace(
    workspace: Workspace, tmp_path: Path
) -> None:
    found = read(workspace, tmp_path, export(language="es"))
    accept(workspace, found, by="Ana", clock=CLOCK)
    original = gzip.decompress(next(workspace.uploads.rglob("original.csv.gz")).read_bytes())
    stored = [str(pq.read_table(path).to_pylist()) for path in workspace.root.rglob("*.parquet")]
    assert "Clave de incidencia" in original.decode()
    assert not [text for text in (original.decode(), *stored) if SECRET[:12] in text]


def test_379_columns_with_216_log_works_and_75_comments_are_counted(
    workspace: Workspace, tmp_path: Path
) -> None:
    busy = Issue(
        "OPS-9", 1, datetime(2026, 1, 30, 8), datetime(2026, 2, 28, 8), logged=(60,) * 216,
        comments=tuple(datetime(2026, 1, 31, 8) + timedelta(hours=n) for n in range(75)),
    )  # fmt: skip
    row = rows(read(workspace, tmp_path, export((*PLANTED, busy), is_crlf=True)))["OPS-9"]
    assert row["logged_hours"] == 3.6
    assert row["comments"] == 75
    assert row["last_comment_at"] == datetime(2026, 1, 31, 8) + timedelta(hours=74)


@pytest.mark.parametrize("style", ["day first", "month first"])
def test_dates_that_can_be_read_both_ways_are_asked_column_by_column(
    style: str, workspace: Workspace, tmp_path: Path
) -> None:
    unclear = Issue("OPS-1", 1, datetime(2026, 2, 3, 9), datetime(2026, 12, 22, 12))
    content = export([unclear], style=style)
    asked = dry_run(workspace, tmp_path, content, name="jira.csv")
    assert [q.key for q in asked.must_answer] == ["date_order:created_at"]
    assert not asked.can_accept
    found = read(workspace, tmp_path, content, date_order__created_at=style)
    assert rows(found)["OPS-1"]["created_at"] == datetime(2026, 2, 3, 9)


def test_a_file_with_both_orders_is_asked_even_when_an_order_is_remembered(
    workspace: Workspace, tmp_path: Path
) -> None:
    unclear = Issue("OPS-1", 0, datetime(2026, 2, 3, 9), datetime(2026, 11, 22, 12))
    before = export([unclear], style="day first")
    accept(
        workspace,
        read(workspace, tmp_path, before, date_order__created_at="day first"),
        by="Ana",
        clock=CLOCK,
    )
    issues = [  # the first two prove one order each; the third can be read both ways
        Issue("OPS-2", 0, datetime(2026, 1, 23, 9), datetime(2026, 11, 22, 12)),
        Issue("OPS-3", 0, datetime(2026, 2, 23, 9), datetime(2026, 11, 22, 12)),
        Issue("OPS-4", 0, datetime(2026, 4, 3, 9), datetime(2026, 11, 22, 12)),
    ]
    content = export(issues, style="mixed")
    asked = dry_run(workspace, tmp_path, content, name="jira.csv")
    (question,) = asked.must_answer
    assert question.key == "date_order:created_at"
    assert "mixed" in question.text
    assert not asked.can_accept
    said = read(workspace, tmp_path, content, date_order__created_at="month first")
    assert {key: row["created_at"] for key, row in rows(said).items()} == {
        "OPS-3": datetime(2026, 2, 23, 9),
        "OPS-4": datetime(2026, 4, 3, 9),
    }
    assert [row.line for row in said.first_refused] == [2]
    assert "there is no month 23" in said.first_refused[0].reason


@pytest.mark.parametrize("style", ["swapped", "swapped to day first"])
def test_days_and_months_that_a_spreadsheet_swapped_are_asked_about_and_swapped_back(
    style: str, workspace: Workspace, tmp_path: Path
) -> None:
    """What it could read in its own order it wrote anew, swapped; the rest it left as text."""
    content = export(style=style)
    answers: dict[str, str] = {}
    found = dry_run(workspace, tmp_path, content, name="jira.csv")
    while found.must_answer:
        assert {q.key.partition(":")[0] for q in found.must_answer} == {"date_swap"}
        assert not found.can_accept
        answers |= {q.key.replace(":", "__"): "swap back" for q in found.must_answer}
        found = dry_run(workspace, tmp_path, content, name="jira.csv", **answers)
    assert "date_swap__created_at" in answers
    for row, issue in zip(rows(found).values(), PLANTED, strict=True):
        _is_as_planted(row, issue)


def test_dates_that_look_swapped_can_be_left_as_written(
    workspace: Workspace, tmp_path: Path
) -> None:
    issues = [
        Issue("OPS-1", 0, datetime(2026, 2, 3, 9), datetime(2026, 11, 22, 12)),
        Issue("OPS-2", 0, datetime(2026, 2, 23, 9), datetime(2026, 11, 22, 12)),
    ]
    content = export(issues, style="swapped")
    found = read(workspace, tmp_path, content, date_swap__created_at="as written")
    assert rows(found)["OPS-1"]["created_at"] == datetime(2026, 3, 2, 9)


def test_iso_dates_beside_others_that_are_not_swapped_are_not_asked_about(
    workspace: Workspace, tmp_path: Path
) -> None:
    issues = [
        Issue("OPS-1", 0, datetime(2026, 2, 3, 9), datetime(2026, 11, 22, 12)),
        Issue("OPS-2", 0, datetime(2026, 2, 23, 9), datetime(2026, 11, 22, 12)),
    ]
    content = export(issues, style="swapped").replace(
        b"2026-03-02 09:00:00", b"2026-02-13 09:00:00"
    )
    assert rows(read(workspace, tmp_path, content))["OPS-1"]["created_at"].day == 13


WORDS = {"To Do": "Te doen", "In Progress": "Bezig", "Done": "Klaar"}


def test_words_of_a_category_that_nobody_knows_are_asked_once_and_remembered(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = export(language="nl", words=WORDS)
    asked = dry_run(workspace, tmp_path, content, name="jira.csv")
    assert [q.key for q in asked.must_answer] == [
        "choice:status_category:klaar",
        "choice:status_category:bezig",
        "choice:status_category:te doen",
    ]
    assert asked.must_answer[0].choices == (*OURS, "refuse these rows")
    answers = {f"choice__status_category__{word.lower()}": ours for ours, word in WORDS.items()}
    found = read(workspace, tmp_path, content, **answers)
    for row, issue in zip(rows(found).values(), PLANTED, strict=True):
        _is_as_planted(row, issue)
    accept(workspace, found, by="Ana", clock=CLOCK)
    later = Issue("OPS-7", 2, datetime(2026, 12, 18), datetime(2026, 12, 23))
    again = read(workspace, tmp_path, export((*PLANTED, later), language="nl", words=WORDS))
    assert again.must_answer == ()
    assert rows(again)["OPS-7"]["status_category"] == "Done"


def test_a_word_said_to_mean_nothing_refuses_its_rows(workspace: Workspace, tmp_path: Path) -> None:
    content = export(words={"In Progress": "Bezig"})
    said = {"choice__status_category__bezig": "refuse these rows"}
    found = read(workspace, tmp_path, content, **said)
    assert (found.accepted, found.refused) == (4, 1)
    assert found.first_refused[0].value == "Bezig"


def test_without_a_category_column_the_status_says_it_where_its_name_is_known(
    workspace: Workspace, tmp_path: Path
) -> None:
    content = (
        "Vorgangsschlüssel,Status,Erstellt,Aktualisiert,Erledigt\n"
        "K-1,Fertig,23.01.2026 10:00,24.01.2026 10:00,\n"
        "K-2,Wartet auf Kunde,23.01.2026 10:00,24.01.2026 10:00,\n"
    )
    found = rows(read(workspace, tmp_path, content.encode()))
    assert found["K-1"]["status_category"] == "Done"
    assert found["K-1"]["resolved_at"] == datetime(2026, 1, 24, 10)
    assert (found["K-2"]["status_category"], found["K-2"]["resolved_at"]) == (None, None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_month_names_are_those_of_the_cldr(language: str) -> None:
    from data_access.ingest.dates import without_accents

    wide = [CLDR_WIDE[key] for key in CLDR_WIDE if key.startswith(language)]
    for names in (CLDR[language], *wide):
        listed = [without_accents(name.rstrip(".")) for name in names.split()]
        assert [MONTHS[name] for name in listed] == [f"{n:02d}" for n in range(1, 13)]
        of_language = [of_month.split() for of_month in LANGUAGES[language].split("|")]
        assert all(name in of_month for name, of_month in zip(listed, of_language, strict=True))


def test_no_name_of_a_month_means_another_month_in_another_language() -> None:
    meant: dict[str, set[int]] = {}
    for months in LANGUAGES.values():
        for number, names in enumerate(months.split("|")):
            for name in names.split():
                meant.setdefault(name, set()).add(number)
    assert {name: numbers for name, numbers in meant.items() if len(numbers) > 1} == {}


def test_a_month_of_no_known_language_refuses_its_row(workspace: Workspace, tmp_path: Path) -> None:
    content = export().replace(b"01/Aug/26", b"01/Foo/26")
    found = read(workspace, tmp_path, content)
    assert [row.column for row in found.first_refused] == ["Created"]


QUOTED = ("es", "linear", "github", "azure")


@pytest.mark.parametrize("source", QUOTED)
def test_every_word_of_a_source_is_quoted_where_the_source_is_named(source: str) -> None:
    used = [
        word
        for table in (NAMES, CATEGORIES)
        for by_source in table.values()
        for name, words in by_source
        if name == source
        for word in words
    ]
    assert used
    assert [word for word in used if f"'{word}'" not in SOURCES[source]] == []


def test_a_spanish_category_that_no_source_has_is_asked_about(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Seen as the name of a status only; as a category the sources have Por hacer."""
    found = read(workspace, tmp_path, export(language="es", words={"To Do": "Tareas por hacer"}))
    assert [q.key for q in found.must_answer] == ["choice:status_category:tareas por hacer"]


def test_a_spanish_header_that_no_source_has_is_left_out_and_named(
    workspace: Workspace, tmp_path: Path
) -> None:
    header = "Categoría de estado cambiada"
    content = export(language="es").replace(b"Status Category Changed", header.encode())
    found = read(workspace, tmp_path, content)
    assert header in {left.theirs for left in found.left_out}
