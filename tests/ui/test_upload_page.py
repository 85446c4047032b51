"""The upload page without a browser: dry run, answers, accept, refuse, undo."""

from __future__ import annotations

import gc
import gzip
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from data_access.ingest import withdraw
from data_access.ingest.leftovers import staging_name
from data_access.ingest.staging import new_folder
from data_access.manifests import uploads, write
from data_access.store import Store
from data_access.workspace import Workspace, own, sample
from metrics.issues import ISSUES_OPENED
from metrics.periods import week
from metrics.scope import Scope
from tests.ingest.exports import annotation, choice, review, task
from tests.ingest.test_status_times import ISSUES as RESOLVED
from tests.ingest.tracker_exports import export
from tests.ui.apps import ONE_OF_EACH, app, home_of, made, texts
from ui.draft import Draft

UPLOAD = "pages/data/upload.py"
ISSUES = (
    b"issue_key,summary,status,status_category,created_at,due_on,assignee\n"
    b"OPS-1,Slow,Open,To Do,2026-11-10T10:00:00Z,2026-11-12,A. Novak\n"
    b"OPS-2,Broken,Open,To Do,2026-11-11T10:00:00Z,,A. Novak\n"
    b"OPS-3,Odd,Open,To Do,next Friday,,A. Novak\n"
)


def workbook(content: bytes) -> bytes:
    """The rows of a CSV file as the one sheet of a workbook."""
    book = openpyxl.Workbook()
    for line in content.decode().splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def home(tmp_path: Path) -> Iterator[Path]:
    with home_of(tmp_path / "home") as found:
        yield found


def settled(page: AppTest) -> AppTest:
    """Wait until no work runs beside the page."""
    for _ in range(100):
        if not page.get("progress"):
            break
        time.sleep(0.1)
        page.run()
    assert not page.exception
    return page


def send(page: AppTest, name: str, content: bytes) -> AppTest:
    page.get("file_uploader")[0].upload(name, content).run()
    return settled(page)


def sign(page: AppTest) -> AppTest:
    return page.text_input(key="who_upload").set_value("Ana Novak").run()


def accept(page: AppTest) -> AppTest:
    sign(page)
    page.button(key="accept").click().run()
    return settled(page)


def test_a_file_is_checked_before_anything_is_stored() -> None:
    page = send(app(UPLOAD), "ops-board.csv", ISSUES)
    told = texts(page)
    assert "Issue export" in told
    assert "Ready to accept, with 1 row left out" in told
    counts = {tile.label: tile.value for tile in page.metric}
    assert counts == {"New": "2", "Changed": "0", "Same": "0", "Vanished": "0", "Refused": "1"}
    (refused, *_) = [frame.value for frame in page.dataframe if "Line" in frame.value]
    assert list(refused["Line"]) == [4]
    assert list(refused["Value"]) == ["next Friday"]
    assert uploads(own()) == []


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "xlsx"])
def test_every_kind_of_file_goes_through_the_page(kind: str) -> None:
    made_of = {"csv": bytes, "csv.gz": gzip.compress, "xlsx": workbook}
    accept(send(app(UPLOAD), f"ops-board.{kind}", made_of[kind](ISSUES)))
    (stored,) = uploads(own())
    assert (stored.rows, stored.refused) == (2, 1)


def test_nobody_accepts_without_a_name() -> None:
    page = send(app(UPLOAD), "ops-board.csv", ISSUES)
    assert page.button(key="accept").disabled
    assert not sign(page).button(key="accept").disabled


def test_accepting_stores_the_rows_and_says_what_changed_on_this_week() -> None:
    made(own_workspace())  # empty; its clock stands in the week of the file
    page = accept(send(app(UPLOAD), "ops-board.csv", ISSUES))
    (stored,) = uploads(own())
    assert (stored.rows, stored.refused, stored.by) == (2, 1, "Ana Novak")
    (told,) = [box.value for box in page.success]
    assert "Accepted ops\\-board\\.csv" in told
    assert "This week now shows" in told
    assert Store.open(own()).extent() is not None
    links = [link.proto.label for link in page.get("page_link")]
    assert {"Open This week", "Open Issue desk"} <= {*links}


def test_a_second_file_names_the_numbers_that_moved() -> None:
    (row,) = ONE_OF_EACH["issues"]
    made(own_workspace(), issues=[{**row, "due_on": "2026-11-11"}])
    before = Store.open(own()).value(ISSUES_OPENED, Scope(week("2026-W46"))).value
    page = accept(send(app(UPLOAD), "more.csv", ISSUES.replace(b"OPS-", b"NEW-")))
    (told,) = [box.value for box in page.success]
    assert "On This week, week\xa046: issues past due are 2 (were 1)" in told.replace("\\", "")
    after = Store.open(own()).value(ISSUES_OPENED, Scope(week("2026-W46"))).value
    assert (before, after) == (1, 3)


def own_workspace() -> Workspace:
    return own()


def test_the_same_file_twice_changes_nothing_and_says_so() -> None:
    accept(send(app(UPLOAD), "ops-board.csv", ISSUES))
    page = send(app(UPLOAD), "ops-board.csv", ISSUES)
    assert "Nothing to do" in texts(page)
    assert "accept" not in {button.key for button in page.button}
    assert len(uploads(own())) == 1


def test_a_refused_file_shows_the_first_thing_to_fix_and_a_template() -> None:
    page = send(app(UPLOAD), "page.csv", b"<!doctype html><html><body>Log in</body></html>")
    assert "This file is refused" in texts(page)
    assert "First thing to fix" in texts(page)
    assert "accept" not in {button.key for button in page.button}


def test_a_file_without_a_required_column_offers_a_template_with_its_own_columns() -> None:
    page = send(
        app(UPLOAD),
        "log.csv",
        b"item_id,team,entered_at,project\nI-1,T,2026-11-10T08:00:00Z,P\n",
    )
    assert "This file is refused" in texts(page)
    labels = [button.proto.label for button in page.get("download_button")]
    assert "Template with your columns" in labels


def test_a_file_of_unknown_columns_asks_for_its_type() -> None:
    page = send(app(UPLOAD), "what.csv", b"alpha,beta\n1,2\n3,4\n")
    assert "Which type of extract" in texts(page)


def test_dates_that_can_be_read_two_ways_are_asked_about_and_the_answer_is_used() -> None:
    rows = b"".join(b"OPS-%d,S,Open,To Do,%02d/10/2026 10:00\n" % (n, n) for n in range(1, 8))
    page = send(
        app(UPLOAD), "jira.csv", b"issue_key,summary,status,status_category,created_at\n" + rows
    )
    assert "Not ready" in texts(page)
    (question,) = [box for box in page.selectbox if str(box.key).startswith("question_date_order")]
    question.set_value(question.options[0])
    page.button(key="check_again").click().run()
    settled(page)
    assert "Ready to accept" in texts(page)


def test_cancel_forgets_the_file() -> None:
    page = send(app(UPLOAD), "ops-board.csv", ISSUES)
    page.button(key="cancel").click().run()
    assert not page.exception
    assert page.get("file_uploader")
    assert uploads(own()) == []


def test_a_hostile_file_name_is_shown_and_never_used_on_the_disk() -> None:
    page = send(app(UPLOAD), "../../![x](https://evil.example/x.png).csv", ISSUES)
    assert "![x](https" not in texts(page)
    accept(page)
    inside = {path.parent.name for path in own().uploads.rglob("rows.parquet")}
    assert len(inside) == 1
    assert "evil" not in str(inside)


def test_the_history_names_who_sent_what_and_the_sample_cannot_be_undone(home: Path) -> None:
    made(Workspace(home / "sample"), **{"issues": ONE_OF_EACH["issues"]})
    settings = sample().settings
    sample().save_settings(replace(settings, is_sample=True))
    page = app(UPLOAD)
    (history,) = [frame.value for frame in page.dataframe if "Accepted" in frame.value]
    assert list(history["File"]) == ["issues.csv"]
    assert "Way back" not in history
    made(own(), **{"issues": ONE_OF_EACH["issues"]})
    (history,) = [frame.value for frame in app(UPLOAD).dataframe if "Accepted" in frame.value]
    assert list(history["Way back"]) == ["Undo"]


def history(page: AppTest) -> pd.DataFrame:
    (found,) = [frame.value for frame in page.dataframe if "Accepted" in frame.value]
    return found


def test_the_history_says_what_each_upload_changed_and_gives_its_refused_rows(home: Path) -> None:
    page = accept(send(app(UPLOAD), "ops-board.csv", ISSUES))
    (stored,) = uploads(own())
    shown = history(page).iloc[0]
    counts = [shown[name] for name in ("New", "Changed", "Same", "Vanished", "Refused")]
    assert counts == [2, 0, 0, 0, 1]
    assert shown["SHA-256"] == stored.sha256
    assert shown["Refused rows"] == "Refused rows"

    page.session_state["_history_asked"] = ("history_refused_click", stored.upload_id)
    page.run()
    assert not page.exception
    (download,) = [b.proto for b in page.get("download_button") if "history" in b.proto.id]
    assert download.label == "CSV"
    assert "next Friday" in stored.refused_path.read_text(encoding="utf-8-sig")


def test_an_export_of_some_megabytes_brings_its_reviews_through_the_page() -> None:
    tasks = [
        task(n, *(annotation(n * 10 + k, choice("ab"[k]), reviews=[review(n * 10 + k,
             accepted=True)]) for k in range(2)))
        for n in range(1, 4_001)
    ]  # fmt: skip
    content = json.dumps(tasks).encode()
    assert 2 << 20 < len(content) < 10 << 20
    page = send(app(UPLOAD), "team.json", content)
    told = texts(page).replace("\\", "")
    assert "Label Studio JSON" in told
    assert "Also in this file: 8,000 reviews (8,000 new)." in told.replace("**", "")
    page = accept(page)
    assert "With it went 8,000 reviews (8,000 new)." in page.success[0].value.replace("\\", "")
    (main,) = [upload for upload in uploads(own()) if not upload.part_of]
    shown = history(page)
    assert list(shown["Type"]) == ["Annotation export"]
    assert list(shown["Also"]) == ["8,000 reviews"]
    assert list(shown["Rows"]) == [8_000]
    assert Store.open(own()).upload_ids() == (main.upload_id, f"{main.upload_id}-reviews")

    page.session_state["_history_asked"] = ("history_click", main.upload_id)
    page.run()
    assert "8,000 rows and 8,000 reviews" in texts(page).replace("\\", "")
    withdraw(own(), main.upload_id, by="Ana Novak", clock=own().clock())
    assert Store.open(own()).upload_ids() == ()
    (state,) = history(app(UPLOAD))["State"]
    assert state.startswith("○ Undone")


def test_columns_that_may_be_answers_are_asked_about_on_the_page() -> None:
    head = "annotation_id,annotator,created_at,id,lead_time,origin,tone,updated_at\n"
    time_ = "2026-11-10T10:00:00Z"
    lines = [
        f"{n},ana,{time_},{n},4,{('web', 'mail')[n % 3 == 0]},{('warm', 'cold')[n % 2]},{time_}\n"
        for n in range(30)
    ]
    page = send(app(UPLOAD), "tones.csv", (head + "".join(lines)).encode())
    assert "Not ready" in texts(page)
    page.selectbox(key="question_fields").set_value("tone")
    page.button(key="check_again").click().run()
    assert "Ready to accept" in texts(settled(page))
    page = accept(page)
    later = send(app(UPLOAD), "tones.csv", (head + "".join(lines[:20])).encode())
    assert "Ready to accept" in texts(later)


def test_the_history_says_when_there_are_more_uploads_than_it_shows() -> None:
    made(own(), issues=ONE_OF_EACH["issues"])
    (first,) = uploads(own())
    for number in range(2, 102):
        write(own(), replace(first, upload_id=f"{number:06d}-00000000", withdrawn_at=None))
    assert "The newest 100 of 101 uploads" in texts(app(UPLOAD))


def test_a_sent_file_lies_in_the_workspace_and_goes_with_its_tab(home: Path) -> None:
    staged = own().root / "staging"
    page = send(app(UPLOAD), "ops-board.csv", ISSUES)
    assert [path.read_bytes() for path in staged.glob("*/file")] == [ISSUES]
    del page
    gc.collect()
    # AppTest keeps its session in tables of its own, so the draft itself stands for the tab:
    folder = new_folder(own())
    (folder / "file").write_bytes(ISSUES)
    draft = Draft(own(), "ops-board.csv", folder / "file")
    draft.check()
    checked = draft.dry_run.folder
    assert folder.exists() and checked.exists()
    del draft
    gc.collect()
    assert not folder.exists() and not checked.exists()


def test_what_a_killed_server_left_of_a_sent_file_is_gone_when_the_page_opens_again() -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    name = staging_name().replace(str(os.getpid()), str(dead.pid))
    left = own().root / "staging" / name
    left.mkdir(parents=True)
    app(UPLOAD)
    assert not left.exists()


def test_two_tabs_that_accept_the_same_file_make_one_upload_and_the_second_is_told() -> None:
    one, two = (send(app(UPLOAD), "ops-board.csv", ISSUES) for _ in range(2))
    accept(one)
    (told,) = [box.value for box in accept(two).success]
    assert "nothing changed" in told
    assert len(uploads(own())) == 1


def test_a_file_name_in_a_progress_bar_is_no_markdown() -> None:
    def script() -> None:
        from ui.work import Job, show

        show(Job("Undo ![x](https://evil.example/x.png)", step="*half*"))

    page = AppTest.from_function(script).run()
    (bar,) = page.get("progress")
    assert "![x](https" not in bar.proto.text
    assert "\\*half\\*" in bar.proto.text


def test_a_status_that_was_named_wrongly_is_renamed_with_the_next_file() -> None:
    page = send(app(UPLOAD), "jira.csv", export(RESOLVED))
    page.text_input(key="question_status:10000").set_value("Tu do")
    page.text_input(key="question_status:10002").set_value("In review")
    page.button(key="check_again").click().run()
    accept(settled(page))
    newer = replace(RESOLVED[2], updated=datetime(2026, 11, 15, 9))
    page = send(app(UPLOAD), "jira.csv", export((*RESOLVED[:2], newer)))
    names = {id_: page.text_input(key=f"status_name_{id_}") for id_ in (10000, 10001, 10002)}
    assert [box.value for box in names.values()] == ["Tu do", "Done", "In review"]
    names[10000].set_value("To do")
    page.button(key="check_status_names").click().run()
    page = settled(page)
    assert page.text_input(key="status_name_10000").value == "To do"
    accept(page)
    assert [statuses(upload.rows_path) for upload in uploads(own()) if upload.part_of] == [
        {"Tu do", "In review", "Done"}, {"To do", "In review", "Done"},
    ]  # fmt: skip
    again = replace(RESOLVED[2], updated=datetime(2026, 11, 16, 9))
    page = send(app(UPLOAD), "jira.csv", export((*RESOLVED[:2], again)))
    assert page.text_input(key="status_name_10000").value == "To do"  # remembered


def statuses(path: Path) -> set[str]:
    return set(pq.read_table(path, columns=["status"])["status"].to_pylist())
