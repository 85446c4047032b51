"""The Flow page names the planted queue's stage in the sample and no stage in its twin."""

from pathlib import Path

import sample_data
from analysis.flow import flow
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from metrics.scope import Scope
from sample_data.plants import ALL, Plant


def test_open_work_grows_old_nowhere_in_the_twin_without_the_queue(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "twin")
    sample_data.build(workspace, plants=ALL - {Plant.QUEUE})
    found = flow(Store.open(workspace), Scope(week("2026-W46")))
    assert found.ages is not None
    assert len(found.ages.stages) >= 5
    assert all(stage.expected for stage in found.ages.stages)  # judged, each of them
    assert found.ages.worst is None
    assert "grows old" not in found.sentence
