"""The sample's requirements come out as TRUTHS.md says, and the failing one names the plant."""

from __future__ import annotations

import shutil

import pytest

import sample_data
from analysis.requirements import Answer, Timing, answers
from analysis.verdicts import Verdict
from data_access.records import Records
from data_access.store import Store
from data_access.workspace import Workspace
from sample_data.plants import ALL, Plant
from tests import only_full
from tests.sample_data import reading


def answered(workspace: Workspace) -> tuple[Answer, ...]:
    records = Records(workspace)
    try:
        door = records.requirements
        return answers(Store.open(workspace), door.all(), door.editions())
    finally:
        records.close()


@pytest.fixture(scope="module")
def found(sample_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory):
    copied = tmp_path_factory.mktemp("requirements") / "sample"
    return answered(Workspace(shutil.copytree(sample_workspace.root, copied)))


def test_each_has_the_outcome_that_is_planted(found):
    assert [answer.verdict for answer in found] == [
        Verdict.PASS, Verdict.FAIL, Verdict.NOT_ENOUGH, Verdict.PASS, Verdict.PASS,
    ]  # fmt: skip
    assert [answer.edition.number for answer in found] == [1, 1, 1, 1, 2]
    assert [answer.checks[0].timing for answer in found] == [
        Timing.BEFORE, Timing.BEFORE, Timing.BEFORE, Timing.AFTER, Timing.DURING,
    ]  # fmt: skip


def test_the_values_are_those_that_pandas_counts(found, tmp_path):
    sample_data.write(tmp_path)
    reviews = reading.reviews(tmp_path)
    for answer, dataset, since, until in (
        (found[0], "CT lung nodules", "2026-10-05", "2026-11-02"),
        (found[1], "Radiology reports", "2026-10-19", "2026-11-16"),
    ):
        check = answer.checks[-1]
        when = reviews["Reviewed at"]
        rows = reviews[(reviews["Dataset"] == dataset) & (when >= since) & (when < until)]
        rejected = rows["Outcome"] == "rejected"
        assert check.n == len(rows)
        assert check.value.value == pytest.approx(rejected.mean(), abs=1e-12)


@only_full
@pytest.mark.slow
def test_in_the_twin_without_the_plant_the_failing_one_passes(tmp_path):
    workspace = Workspace(tmp_path / "twin")
    sample_data.build(workspace, plants=ALL - {Plant.REJECTIONS})
    assert answered(workspace)[1].verdict is Verdict.PASS
