"""One definition, one number: SQL = Excel = Word = page, for every metric of the catalogue.

SQL is run by a bare DuckDB connection on the snapshot; Excel is read by openpyxl, Word by
python-docx, the page (Trends) by Streamlit's own test runner.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import docx
import duckdb
import openpyxl
import pytest
from streamlit.testing.v1 import AppTest

from data_access.records import Records
from data_access.store import Store
from data_access.warehouse import current
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.periods import Period, elapsed_part, parse_period
from metrics.scope import Scope
from reports import excel, word
from reports.weekly import build
from tests.analysis.small import CLOCK, store_of, two_stages

ROOT = Path(__file__).parents[1]
WEEK = parse_period("2026-W46")
NAMES = sorted(METRICS)


@pytest.fixture(scope="module")
def store(sample_workspace: Workspace) -> Store:
    return Store.open(sample_workspace)


@pytest.fixture(scope="module")
def by_sql(
    store: Store, sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[float | None, int]]:
    """Metric → (value, n) of the SQL that the app shows, run by nobody but DuckDB."""
    twin = tmp_path_factory.mktemp("sql") / "twin.duckdb"
    twin.write_bytes((sample_workspace.warehouse / current(sample_workspace)).read_bytes())
    found = {}
    with duckdb.connect(str(twin), read_only=True) as con:
        for name, metric in METRICS.items():
            described = con.execute(store.sql(metric, Scope(WEEK)))
            columns = [column[0] for column in described.description]
            rows = described.fetchall()
            row = dict(zip(columns, rows[0], strict=True)) if rows else {}
            found[name] = (row.get(name), row.get(f"{name}_n", 0))
    return found


@pytest.fixture(scope="module")
def files(store: Store, sample_workspace: Workspace) -> tuple[bytes, bytes]:
    report = build(store, Records(sample_workspace), WEEK)
    return word.write(report), excel.write(report)


@pytest.fixture(scope="module")
def in_excel(files: tuple[bytes, bytes]) -> dict[str, dict[str, object]]:
    return read_excel(files[1])


def read_excel(written: bytes) -> dict[str, dict[str, object]]:
    """Metric → its row of the sheet Measures."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline")
        sheet = openpyxl.load_workbook(io.BytesIO(written))["Measures"]
    rows = list(sheet.iter_rows(values_only=True))
    (start,) = [i for i, row in enumerate(rows) if row[0] == "Measure"]
    head = [str(cell) for cell in rows[start]]
    return {str(row[1]): dict(zip(head, row, strict=True)) for row in rows[start + 1 :] if row[1]}


@pytest.fixture(scope="module")
def in_word(files: tuple[bytes, bytes]) -> dict[str, list[str]]:
    return read_word(files[0])


def read_word(written: bytes) -> dict[str, list[str]]:
    """Label → texts of the Value cell in the measures appendix."""
    found: dict[str, list[str]] = {}
    for table in docx.Document(io.BytesIO(written)).tables:
        head = [cell.text for cell in table.rows[0].cells]
        if head[:3] != ["Measure", "Definition", "Value"] and head[:3] != ["Measure", "Value", "n"]:
            continue
        for row in table.rows[1:]:
            cells = [cell.text for cell in row.cells]
            found.setdefault(cells[0], []).append(cells[head.index("Value")])
    return found


@pytest.fixture(scope="module")
def app(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppTest]:
    with trends(sample_workspace, tmp_path_factory.mktemp("home"), WEEK) as started:
        yield started


@contextmanager
def trends(workspace: Workspace, home: Path, period: Period) -> Iterator[AppTest]:
    """The page Trends of a workspace, opened by a fixed link to a period."""
    (home / "sample").symlink_to(workspace.root, target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUMBLINE_HOME", str(home))
        started = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        started.query_params["dates"] = period.name
        started.run()
        started.switch_page("pages/operations/trends.py").run()
        assert not started.exception
        assert [title.value for title in started.title] == ["Trends"], started.markdown
        yield started


def test_every_metric_stands_in_the_workbook(in_excel: dict[str, dict[str, object]]) -> None:
    assert sorted(in_excel) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_excel_cell_is_what_the_sql_says_to_the_last_bit(
    name: str,
    store: Store,
    by_sql: dict[str, tuple[float | None, int]],
    in_excel: dict[str, dict[str, object]],
) -> None:
    value, n = by_sql[name]
    cell = in_excel[name]
    assert cell["n"] == n
    if store.value(METRICS[name], Scope(WEEK)).withheld:
        assert cell["Value"] is None
        assert cell["Note"]
    else:
        assert isinstance(cell["Value"], int | float)
        assert value is not None
        assert float(cell["Value"]).hex() == float(value).hex()


@pytest.mark.parametrize("name", NAMES)
def test_word_says_the_excel_cell_in_the_metrics_format(
    name: str, in_word: dict[str, list[str]], in_excel: dict[str, dict[str, object]]
) -> None:
    metric = METRICS[name]
    value = in_excel[name]["Value"]
    shown = metric.show(float(str(value))) if value is not None else None
    (text,) = in_word[metric.label]
    if shown is None:
        assert not any(letter.isdigit() for letter in text)
    else:
        assert text == shown


@pytest.mark.parametrize("name", NAMES)
def test_the_page_says_the_excel_cell_in_the_metrics_format(
    name: str, app: AppTest, in_excel: dict[str, dict[str, object]]
) -> None:
    app.selectbox(key="metric").set_value(name).run()
    assert not app.exception
    value = in_excel[name]["Value"]
    (shown,) = [each for each in app.metric if each.label == METRICS[name].label]
    if value is None:
        assert not any(letter.isdigit() for letter in shown.value)
    else:
        assert shown.value == METRICS[name].show(float(str(value)))
        assert math.isfinite(float(str(value)))


SCARCE = {"a day of few rows": "2026-11-15", "a week after the data": "2026-W47"}


@pytest.fixture(params=[*SCARCE, "two sources missing"])
def scarce(
    request: pytest.FixtureRequest, tmp_path: Path, sample_workspace: Workspace
) -> tuple[Workspace, Period]:
    """A workspace and a period of it in which some values are withheld and some are not."""
    if request.param in SCARCE:
        return sample_workspace, parse_period(SCARCE[request.param])
    rows = [row for ago in range(14) for row in two_stages(ago, [9, 8, 10] * 3)]
    issues = [{"issue_key": "K1", "created_at": CLOCK - timedelta(days=5)}]
    workspace = store_of(tmp_path, {"work_log": rows, "issues": issues}).workspace
    settings = replace(workspace.settings, is_sample=True, fixed_clock=CLOCK.isoformat())
    workspace.save_settings(settings)
    return workspace, WEEK


def test_page_word_and_excel_withhold_the_same_and_say_why(
    scarce: tuple[Workspace, Period], tmp_path: Path
) -> None:
    workspace, period = scarce
    store = Store.open(workspace)
    values = store.values(METRICS.values(), Scope(elapsed_part(period, store.today)))
    report = build(store, Records(workspace), period)
    in_excel, in_word = read_excel(excel.write(report)), read_word(word.write(report))
    withheld = [name for name in NAMES if values[name].withheld]
    assert len(withheld) >= 5
    assert len(NAMES) - len(withheld) >= 5
    for name in NAMES:
        metric, value = METRICS[name], values[name]
        cell = in_excel[name]
        assert cell["Value"] == value.value, name
        assert (value.value is None) == bool(value.withheld)
        assert value.withheld in str(cell["Note"] or "")
        assert in_word[metric.label] == [metric.show(value.value)], name
    with trends(workspace, tmp_path, period) as page:
        for name in [*withheld, *[name for name in NAMES if name not in withheld][:5]]:
            page.selectbox(key="metric").set_value(name).run()
            assert not page.exception
            (shown,) = [each for each in page.metric if each.label == METRICS[name].label]
            assert shown.value == values[name].text, name


def test_labels_are_unique_so_that_a_row_of_the_appendix_is_one_metric() -> None:
    labels = [metric.label for metric in METRICS.values()]
    assert len(labels) == len(set(labels))
