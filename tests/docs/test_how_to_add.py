"""What docs/how-to-add.md promises: a metric written in one place is everywhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from data_access.workspace import Workspace

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "workspace", "test-output", "__pycache__", ".*_cache", ".hypothesis", "tests"
)
LOOK = """
import io, json, sys
import openpyxl
from streamlit.testing.v1 import AppTest
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import active
from metrics.catalog import metric
from metrics.periods import parse_period
from metrics.scope import Scope
from reports import excel
from reports.weekly import build

week = parse_period("2026-W46")
store = Store.open(active())
added = metric("issues_escalated")
value = store.value(added, Scope(week)).value
book = excel.write(build(store, Records(active()), week))
sheet = openpyxl.load_workbook(io.BytesIO(book))["Measures"]
cells = {row[1]: row[3] for row in sheet.iter_rows(values_only=True)}
app = AppTest.from_file(sys.argv[1] + "/app.py", default_timeout=90)
app.query_params["period"] = week.name
app.run()
app.switch_page("pages/operations/trends.py").run()
app.selectbox(key="metric").set_value(added.name).run()
assert not app.exception, app.exception
shown = [each.value for each in app.metric if each.label == added.label]
app.switch_page("pages/data/definitions.py").run()
assert not app.exception, app.exception
defined = added.label in " ".join(str(each.proto) for each in app.main)
print(json.dumps({"value": value, "excel": cells.get(added.name), "trends": shown,
                  "definitions": defined}))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which the metric of the how-to page was added, as it says."""
    copy = tmp_path_factory.mktemp("house") / "project"
    shutil.copytree(ROOT, copy, ignore=NOT_COPIED)
    page = (ROOT / "docs" / "how-to-add.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    lines = "\n".join(line.removeprefix("   ") for line in block.splitlines())
    with (copy / "metrics" / "issues.py").open("a", encoding="utf-8") as family:
        family.write(f"\n{lines}\n")
    return copy


def test_a_metric_added_to_the_catalogue_alone_is_on_trends_in_definitions_and_in_excel(
    house: Path, sample_workspace: Workspace, tmp_path: Path
) -> None:
    shutil.copytree(sample_workspace.root, tmp_path / "sample")
    environment = {**os.environ, "PLUMBLINE_HOME": str(tmp_path), "PYTHONPATH": str(house)}
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(house)],
        cwd=house,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert isinstance(told["value"], float)
    assert told["excel"] == told["value"]
    assert told["trends"] == [f"{told['value']:,.0f}"]
    assert told["definitions"] is True
