"""Improvements are kept with versions and audit, and refused in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from data_access.improvements import Improvement, filters_text
from data_access.records import Records
from metrics.errors import AppError
from metrics.periods import week

AT = datetime(2026, 11, 16, 7)
NEW = Improvement(name="By turn", start_on=date(2026, 9, 7), metric="queue_time")


@pytest.fixture
def records() -> Records:
    return Records("sqlite://")


def test_a_change_of_state_is_audited_and_counts_its_version(records: Records) -> None:
    kept = records.improvements.add(NEW, by="Ana", at=AT)
    now = records.improvements.change(replace(kept, state="Judged"), by="Lea", at=AT)
    assert (kept.code, kept.version, now.version, now.written_by) == ("I-01", 1, 2, "Ana")
    trail = records.audit(about="I-01")
    assert [(line.by, line.what) for line in trail] == [("Lea", "change"), ("Ana", "add")]


def test_an_older_version_does_not_overwrite_a_newer_one(records: Records) -> None:
    kept = records.improvements.add(NEW, by="Ana", at=AT)
    records.improvements.change(replace(kept, owner="Lea"), by="Lea", at=AT)
    with pytest.raises(AppError, match="Somebody else changed I-01"):
        records.improvements.change(replace(kept, owner="Ana"), by="Ana", at=AT)
    assert records.improvements.all()[0].owner == "Lea"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("state", "Finished"),
        ("metric", "speed"),
        ("expected", "higher"),
        ("expected_size", -1.0),
        ("filters", '{"planet": ["Mars"]}'),
    ],
)
def test_what_is_not_valid_is_refused_and_nothing_is_kept(
    records: Records, field: str, value: object
) -> None:
    with pytest.raises(AppError):
        records.improvements.add(replace(NEW, **{field: value}), by="Ana", at=AT)  # type: ignore[arg-type]
    assert records.improvements.all() == ()


def test_the_comparison_group_is_another_one(records: Records) -> None:
    same = filters_text({"team": ["Radiology"]})
    with pytest.raises(AppError, match="comparison group"):
        records.improvements.add(replace(NEW, filters=same, comparison=same), by="Ana", at=AT)


def test_slices_with_any_sign_come_back_as_they_were() -> None:
    nasty = {"team": ["A; B=C, D", '"quoted"'], "dataset": []}
    scope = replace(NEW, filters=filters_text(nasty)).during(week("2026-W46"))
    assert scope.filters == (("team", ('"quoted"', "A; B=C, D")),)
