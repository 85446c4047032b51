"""Twins of the sample without a plant: the planted cause is never named, hardly anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.flags import flags
from analysis.scan import SCAN_DIMENSIONS, SCAN_METRICS, scan
from data_access.store import Store
from data_access.workspace import Workspace
from metrics.periods import week
from metrics.scope import Scope
from sample_data import ALL, Plant, build
from sample_data.plants import Truths
from tests import count, tenth

W46 = Scope(week("2026-W46"))
SEEDS = range(501, 521)
WEEKLY = [m for m in SCAN_METRICS if m.name not in ("days_late", "stage_events")]


def twin(folder: Path, seed: int, plants: frozenset[Plant]) -> tuple[Store, Truths]:
    workspace = Workspace(folder / f"twin-{seed}-{len(plants)}")
    truths = build(workspace, seed=seed, plants=plants)
    return Store.open(workspace), truths


def causes(store: Store, folder: Path) -> dict[Plant, str]:
    """What each plant would be named by, planted or not."""
    from sample_data.files import write

    truths = write(folder / "truths", seed=1)
    return {truth.plant: store.shown_name(truth.segment) for truth in truths.planted}


@pytest.mark.slow
def test_in_twins_without_plants_no_cause_is_named_and_few_pairs_are_flagged(tmp_path):
    tested = flagged = 0
    for seed in SEEDS[: count(len(SEEDS))]:
        store, _ = twin(tmp_path, seed, frozenset())
        found = flags(store, WEEKLY, W46, SCAN_DIMENSIONS)
        tested, flagged = tested + found.tested, flagged + len(found.flagged)
        named = {value for each in scan(store, SCAN_METRICS, W46) for _, value in each.segment}
        assert not named & set(causes(store, tmp_path).values()), seed
    assert tested > 200
    assert flagged <= 0.05 * tested


@pytest.mark.slow
@pytest.mark.parametrize("plant", tenth(list(Plant)))
def test_with_one_plant_left_out_the_others_are_named_and_it_is_not(plant, tmp_path):
    store, truths = twin(tmp_path, 601, ALL - {plant})
    named = {value for each in scan(store, SCAN_METRICS, W46) for _, value in each.segment}
    assert causes(store, tmp_path)[plant] not in named
    assert {store.shown_name(truth.segment) for truth in truths.planted} <= named
