"""Real extracts through the browser upload; their published answers come out of the files.

The files are nobody's of this project: they are read from REAL_EXTRACTS_DIR. The answers are those
of their README: counts, and case durations in days by linear interpolation.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.browsing import accept_file, browsing, visit
from tests.serving import ROOT, serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("REAL_EXTRACTS_DIR"), reason="REAL_EXTRACTS_DIR is not set"
    ),
]

FILES = {  # file → rows that are accepted
    "event_logs/receipt.csv": 8577,
    "event_logs/running-example.csv": 42,
    "jira/gallery_2021.csv": 127,
    "jira/migration_2025.csv": 22,
    "jira/werkplaats_nl_2023.csv": 26,
    "jira/agile_project_tickets.csv": 4123,
    "label_studio/team_01.json": 4419,
    "label_studio/team_10.json": 5456,
    "label_studio/csv_test.json": 2,
    "label_studio/csv_test2.json": 1,
    "label_studio/csv_test2_result.csv": 1,
    "label_studio/csv_test_history.json": 1,
    "label_studio/json_min_source.json": 1,
    "agreement/cac.raw4raters.csv": 41,
    "agreement/fleiss1971_psychiatric_30x6_raw.csv": 180,
    "agreement/krippendorff_canonical_15x3.csv": 27,
}
ANSWERS = {  # (metric, source) → value, and the digits it is published with
    ("items_completed", "receipt"): (1434, 0),
    ("stage_events", "receipt"): (8577, 0),
    ("stages_active", "receipt"): (27, 0),
    ("case_duration_p50", "receipt"): (0.033201, 6),
    ("case_duration_mean", "receipt"): (5.408147, 6),
    ("case_duration_p90", "receipt"): (14.09516, 5),
    ("items_completed", "running-example"): (6, 0),
    ("stage_events", "running-example"): (42, 0),
    ("stages_active", "running-example"): (8, 0),
    ("case_duration_p50", "running-example"): (9.44375, 5),
    ("case_duration_mean", "running-example"): (11.190856, 6),
    ("issues_opened", "gallery"): (127, 0),
    ("issues_opened", "migration"): (22, 0),
    ("issues_opened", "werkplaats_nl"): (26, 0),
    ("issues_opened", "agile_project_tickets"): (4123, 0),
}


def cli(home: Path, *arguments: object) -> str:
    command = [sys.executable, "cli.py", *map(str, arguments)]
    environment = {**os.environ, "PLUMBLINE_HOME": str(home)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def uploaded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the real extracts in it, sent by browser."""
    home = tmp_path_factory.mktemp("real")
    extracts = Path(os.environ["REAL_EXTRACTS_DIR"])
    with serving(home) as server, browsing(browser) as page:
        visit(page, f"{server}/upload")
        for name, rows in FILES.items():
            accept_file(page, extracts / name, rows)
    return home


def value(home: Path, metric: str, source: str) -> float:
    told = json.loads(cli(home, "value", metric, "--where", f"source={source}", "--json"))
    return float(told["values"][0]["value"])


def test_every_published_answer_comes_out_of_the_command_line(uploaded: Path) -> None:
    found = {key: round(value(uploaded, *key), ANSWERS[key][1]) for key in ANSWERS}
    assert found == {key: published for key, (published, _) in ANSWERS.items()}


def test_projects_and_bad_clocks_of_the_ticket_list_are_counted(uploaded: Path) -> None:
    told = json.loads(
        cli(
            uploaded,
            "value",
            "issues_opened",
            "--by",
            "project",
            "--where",
            "source=agile_project_tickets",
            "--json",
        )
    )
    assert {row["segment"]: row["value"] for row in told["values"]} == {"0": 2427, "1": 1696}
    told = json.loads(
        cli(
            uploaded,
            "value",
            "time_to_resolve_p50",
            "--where",
            "source=agile_project_tickets",
            "--json",
        )
    )
    # without the 1,662 rows that finish before they are created
    assert (told["values"][0]["value"], told["values"][0]["n"]) == (5, 2461)


def test_the_excel_and_word_files_of_the_period_say_the_same(
    uploaded: Path, tmp_path: Path
) -> None:
    """Alone in its workspace the log gives its answers in the report of its whole span."""
    log = Path(os.environ["REAL_EXTRACTS_DIR"]) / "event_logs" / "receipt.csv"
    home = tmp_path / "alone"
    cli(home, "ingest", log, "--yes")
    cli(
        home,
        "report",
        "period",
        "--since",
        "2010-10-01",
        "--until",
        "2012-01-31",
        "--out",
        tmp_path / "out",
        "--by",
        "D. Ruiz",
    )
    (xlsx,), (word,) = (list((tmp_path / "out").glob(f"*.{end}")) for end in ("xlsx", "docx"))
    with pytest.warns(UserWarning, match="Sparkline"):
        sheet = openpyxl.load_workbook(io.BytesIO(xlsx.read_bytes()))["Measures"]
    cells = {row[1]: row[3] for row in sheet.iter_rows(values_only=True)}
    texts = {
        row.cells[0].text: row.cells[2].text
        for table in docx.Document(str(word)).tables
        if len(table.columns) > 3
        for row in table.rows
    }
    for (metric, source), (published, digits) in ANSWERS.items():
        if source == "receipt":
            assert round(float(cells[metric]), digits) == published
    assert texts["Case duration, mean"] == "5.4\N{NO-BREAK SPACE}d"
    assert texts["Case duration, 90th percentile"] == "14.1\N{NO-BREAK SPACE}d"
    assert texts["Items completed"] == "1,434"
    assert (uploaded / "own").is_dir()
