"""Promised batches: when they are due, when they come, how much of them is accepted."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

from sample_data import world
from sample_data.plants import FIRST_DAY, LAST_DAY, LATE_DATASET, LEAD_IN, Plant
from sample_data.work import batch_name, promised_on
from sample_data.working_time import DAY, is_holiday, seconds

_LATE_SHARE = 0.04  # ordinary lateness, a day or two
_ACCEPTED_SHARE = 0.972
_KNOWN_AFTER = 3 * DAY  # the receiver needs three days to accept
_AHEAD = timedelta(days=24)
_AGREED_BEFORE = timedelta(days=28)
LATE_REASON = "Export of the slides failed twice"
_REASONS = ("Second review full", "Specification changed late", "Questions to the receiver")

# A batch that cannot be ready in time: three weeks of its dataset's work, promised in two.
RUSH_BATCH, RUSH_ITEMS = "CXR-R01", 260
RUSH_AGREED, RUSH_PROMISED = date(2026, 11, 12), date(2026, 11, 27)
_RUSH_DATASET = "Chest X-ray findings"


def late_batch() -> tuple[str, date]:
    """The batch of `LATE_DATASET` promised in the last week, and its promised day."""
    dataset = next(dataset for dataset in world.DATASETS if dataset.name == LATE_DATASET)
    for number in range(1, 40):
        day = promised_on(dataset, number)
        if LAST_DAY - timedelta(days=6) <= day <= LAST_DAY:
            return batch_name(dataset, number), day
    raise AssertionError(f"{LATE_DATASET} promises nothing in the last week.")


def deliveries_of(items: pd.DataFrame, seed: int, plants: frozenset[Plant]) -> pd.DataFrame:
    """One row per batch promised since the lead-in, ordered by promise, past the clock too.

    Columns: batch, project, dataset, team (the receiver), specification, promised_on (date),
    delivered, known (seconds; known: when acceptance is recorded), items_promised,
    items_delivered, items_accepted, agreed_on (date), late_reason (text, told once it is late).
    """
    rng = np.random.default_rng([seed, 3])
    sizes = items["batch"].value_counts()
    rows = [
        _delivery(rng, dataset, number, sizes)
        for dataset in world.DATASETS
        for number in range(1, 30)
        if LEAD_IN <= promised_on(dataset, number) <= LAST_DAY + _AHEAD
    ]
    rows.append(_rush())
    found = pd.DataFrame(rows).sort_values(["promised_on", "batch"], ignore_index=True)
    if Plant.LATE in plants:
        is_late = found["batch"] == late_batch()[0]
        found.loc[is_late, ["delivered", "known"]] += 30 * DAY  # not before the clock
    return found


def _rush() -> dict[str, object]:
    """The batch that was agreed on late and holds too much; none of its items is there yet."""
    dataset = next(one for one in world.DATASETS if one.name == _RUSH_DATASET)
    later = seconds(LAST_DAY) + 60 * DAY
    return {
        "batch": RUSH_BATCH,
        "project": dataset.project,
        "dataset": dataset.name,
        "team": dataset.receiver,
        "specification": dataset.specification,
        "promised_on": RUSH_PROMISED,
        "delivered": later,
        "known": later + _KNOWN_AFTER,
        "items_promised": RUSH_ITEMS,
        "items_delivered": RUSH_ITEMS,
        "items_accepted": RUSH_ITEMS,
        "agreed_on": RUSH_AGREED,
        "late_reason": "",
    }


def _delivery(
    rng: np.random.Generator, dataset: world.Dataset, number: int, sizes: pd.Series[int]
) -> dict[str, object]:
    batch = batch_name(dataset, number)
    planned = dataset.weeks_a_batch * world.ITEMS_A_WEEK * dataset.share
    drawn = int(rng.poisson(planned))
    expected = drawn if promised_on(dataset, number) < FIRST_DAY + _AHEAD else round(planned, -1)
    promised = int(sizes.get(batch, expected))
    day = promised_on(dataset, number)
    while is_holiday(day) or day.weekday() >= 5:
        day += timedelta(days=1)
    early, late_by = int(rng.integers(0, 3)), int(rng.integers(1, 3))
    is_late, hour = rng.random() < _LATE_SHARE, 9 + 8 * rng.random()
    is_late = is_late and batch != late_batch()[0]  # late by plant or not at all
    when = day + timedelta(days=late_by if is_late else -early)
    while when.weekday() >= 5 and not is_late:
        when -= timedelta(days=1)
    delivered = seconds(when) + int(hour * 3600)
    handed_over = promised - int(rng.binomial(promised, 0.006))
    return {
        "batch": batch,
        "project": dataset.project,
        "dataset": dataset.name,
        "team": dataset.receiver,
        "specification": dataset.specification,
        "promised_on": day,
        "delivered": delivered,
        "known": delivered + _KNOWN_AFTER,
        "items_promised": promised,
        "items_delivered": handed_over,
        "items_accepted": int(rng.binomial(handed_over, _ACCEPTED_SHARE)),
        "agreed_on": day - _AGREED_BEFORE,
        "late_reason": LATE_REASON if batch == late_batch()[0] else _REASONS[number % 3],
    }
