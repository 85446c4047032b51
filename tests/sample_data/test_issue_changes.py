"""The changes of issues that the app tells of the sample's eight exports are those planted."""

from __future__ import annotations

from pathlib import Path

import pytest

import sample_data
from data_access.question import Query
from data_access.store import Store
from data_access.workspace import Workspace
from tests.sample_data import reading


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    folder = tmp_path_factory.mktemp("sample")
    return folder, dict(sample_data.write(folder).counts)


def test_the_kinds_of_change_are_as_many_as_planted(sample_workspace: Workspace, counts) -> None:
    folder, planted = counts
    told = Query("select kind, count(*) from issue_transitions group by kind")
    found = dict(Store.open(sample_workspace)._pinned.fetch(told))
    assert found["reopened"] == planted["reopened issues"]
    assert found["vanished"] == planted["vanished issues"]
    assert found["re_dated"] == planted["redated issues"]
    keys = [set(reading.issues(folder, week=week).index) for week in range(39, 47)]
    assert found["entered"] == len(set.union(*keys) - keys[0])
    assert {"returned", "reassigned", "re_scoped"} & found.keys() == set()
