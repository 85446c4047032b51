"""The app without a browser: Streamlit's own test runner on workspaces of the test."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from data_access import warehouse
from data_access.workspace import Settings, Workspace
from sample_data.plants import CLOCK
from tests.uploading import Row, upload

ROOT = Path(__file__).parents[2]
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*/*.py"))
DEFAULT = "pages/now/this_week.py"
TITLES = {
    "pages/data/definitions.py": "Definitions",
    "pages/data/guides.py": "Guides",
    "pages/data/upload.py": "Upload",
    "pages/delivery/requirements.py": "Requirements",
    "pages/now/issue_desk.py": "Issue desk",
    "pages/now/this_week.py": "This week",
    "pages/now/weekly_report.py": "Weekly report",
    "pages/operations/bottlenecks.py": "Bottlenecks",
    "pages/delivery/improvements.py": "Improvements",
    "pages/delivery/deliveries.py": "Deliveries",
    "pages/delivery/delivery_forecast.py": "Delivery forecast",
    "pages/operations/flow.py": "Flow",
    "pages/operations/capacity.py": "Capacity",
    "pages/operations/issues.py": "Issues",
    "pages/operations/stages.py": "Stages",
    "pages/operations/trends.py": "Trends",
    "pages/quality/annotators.py": "Annotators",
    "pages/quality/agreement.py": "Agreement",
    "pages/quality/control_charts.py": "Control charts",
    "pages/quality/quality_outcomes.py": "Quality outcomes",
    "pages/quality/reviews.py": "Reviews",
    "pages/quality/sampling_desk.py": "Sampling desk",
}


@contextmanager
def home_of(folder: Path, **workspaces: Workspace) -> Iterator[Path]:
    """PLUMBLINE_HOME with the workspaces under the names given ("own", "sample")."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, workspace in workspaces.items():
        (folder / name).symlink_to(workspace.root, target_is_directory=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLUMBLINE_HOME", str(folder))
        yield folder


def app(page: str = DEFAULT, **params: str | list[str]) -> AppTest:
    """The app run once on a page, as if that address had been opened."""
    started = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in params.items():
        started.query_params[name] = value
    started.run()
    if page != DEFAULT:
        started.switch_page(page).run()
    return started


def made(workspace: Workspace, **extracts: list[Row]) -> Workspace:
    """A published workspace with the rows given, its clock standing where the sample's does."""
    workspace.root.mkdir(parents=True, exist_ok=True)
    workspace.save_settings(Settings(fixed_clock=CLOCK.isoformat(), salt="test"))
    for name, rows in extracts.items():
        upload(workspace, name, rows)
    warehouse.publish(workspace)
    return workspace


ONE_OF_EACH: dict[str, list[Row]] = {
    "work_log": [
        {
            "item_id": "I-1",
            "project": "P",
            "team": "T",
            "dataset": "D",
            "stage": "Review",
            "entered_at": "2026-11-10 08:00",
            "started_at": "2026-11-10 09:00",
            "finished_at": "2026-11-10 10:00",
        }
    ],
    "reviews": [
        {
            "review_id": "R-1",
            "item_id": "I-1",
            "review_stage": 1,
            "reviewer": "A. Novak",
            "reviewed_at": "2026-11-10 10:00",
            "outcome": "accepted",
            "team": "T",
        }
    ],
    "issues": [
        {
            "issue_key": "OPS-1",
            "team": "T",
            "summary": "Slow",
            "status": "Open",
            "status_category": "To Do",
            "created_at": "2026-11-10 10:00",
        }
    ],
    "annotations": [
        {
            "annotation_id": "A-1",
            "item_id": "I-1",
            "annotator": "B. Moss",
            "field": "finding",
            "field_type": "choice",
            "label": "Nodule",
            "label_count": 1,
            "created_at": "2026-11-10 09:00",
            "updated_at": "2026-11-10 09:00",
            "lead_time_seconds": 60,
            "team": "T",
        }
    ],
    "deliveries": [
        {
            "batch": "B-1",
            "team": "T",
            "promised_on": "2026-11-10",
            "delivered_at": "2026-11-09 10:00",
            "items_promised": 1,
            "items_delivered": 1,
            "items_accepted": 1,
        }
    ],
}


def charts(started: AppTest) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Drawn charts: accessible name → dataset → rows as the browser gets them."""
    found = {}
    for element in started.get("vega_lite_chart"):
        proto = element.proto
        json.loads(proto.spec)
        found[proto.alt] = {
            dataset.name: pa.ipc.open_stream(io.BytesIO(dataset.data.data)).read_all().to_pylist()
            for dataset in proto.datasets
        }
    return found


def texts(started: AppTest) -> str:
    """All Markdown, headings and messages of the page as one text."""
    kinds = (started.markdown, started.title, started.header, started.error, started.warning,
             started.success, started.info)  # fmt: skip
    return "\n".join(str(element.value) for kind in kinds for element in kind)
