"""Sampled lots as the quality lead would have kept them: drawn, checked and decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from analysis.sampling.draw import draw
from analysis.sampling.history import outcome_of
from analysis.sampling.iso2859 import plan
from analysis.sampling.lot_items import SOURCES, items
from analysis.sampling.model import Plan, plan_text
from data_access.lots import Drawn, Lot
from data_access.store import Store
from metrics.periods import Period
from metrics.quality import REVIEWS_DONE
from metrics.scope import Scope, scope
from sample_data import world
from sample_data.plants import BAD_LOT_DATASET
from sample_data.work import batch_ends, batch_name

if TYPE_CHECKING:
    from data_access.records import Records

_LEVEL, _AQL = "II", 10.0  # percent of the items whose first review finds anything to correct
_WEEKS_LATER = 2  # after the batch's last arrival
_BATCHES = (8, 9, 10, 11)


def write_lots(records: Records, store: Store, *, by: str) -> None:
    """Keep the last four lots of Tumor margins, each decided by a plan of ISO 2859-1.

    A lot is the batch's items that are complete on the day; a drawn item fails when its first
    review did not accept it.
    """
    dataset = next(one for one in world.DATASETS if one.name == BAD_LOT_DATASET)
    for number in _BATCHES:
        day = batch_ends(dataset, number) + timedelta(weeks=_WEEKS_LATER)
        weeks = timedelta(weeks=dataset.weeks_a_batch + _WEEKS_LATER)
        asked = scope(
            Period(day - weeks, day),
            {"dataset": [dataset.name], "batch": [batch_name(dataset, number)]},
        )
        _keep(records, store, asked, dataset.project, seed=100 + number, by=by)


def _keep(
    records: Records, store: Store, asked: Scope, project: str, *, seed: int, by: str
) -> None:
    at = datetime.combine(asked.period.until, time(8, 30))
    name = dict(asked.filters)["batch"][0]
    completed = next(source for source in SOURCES if source.name == "completed")
    found = items(store, asked, completed)
    chosen: Plan = plan(len(found), _LEVEL, _AQL)
    drawn = draw(found, chosen.n, seed=seed)
    lot = records.lots.draw(
        Lot(
            name=name,
            project=project,
            scope=f"{asked.period.label} · {asked.words}",
            size=len(found),
            plan=plan_text(chosen),
            seed=seed,
            drawn_at=at,
        ),
        [(item.item_id, item.annotator) for item in drawn.items],
        by=by,
        at=at,
    )
    checked = at + timedelta(hours=5)
    results = [*_results(store, asked, records.lots.items(lot))]
    records.lots.record(lot, results, by=by, at=checked)
    told = outcome_of(lot, results)
    records.lots.decide(
        lot, told.decision, checked=told.checked, defective=told.defective, by=by, at=checked
    )


def _results(store: Store, asked: Scope, drawn: tuple[Drawn, ...]) -> Iterator[Drawn]:
    """What the first review of each drawn item says of it."""
    dataset = {"dataset": dict(asked.filters)["dataset"]}
    rows = store.rows(REVIEWS_DONE, scope(asked.period, dataset)).to_pandas()
    first = rows[rows["is_first_review"]].set_index("item_id")
    for item in drawn:
        review = first.loc[item.item_id]
        if review["outcome"] == "accepted":
            yield replace(item, result="pass")
        else:
            yield replace(item, result="fail", error_type=str(review["error_type"]))
