"""What reviewers said: one row per finished visit to a review stage."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sample_data import world
from sample_data.plants import REJECTIONS_DATASET, REJECTIONS_SINCE, Plant
from sample_data.work import chosen
from sample_data.working_time import seconds

_STAGES = {world.FIRST_REVIEW.name: 1, world.SECOND_REVIEW.name: 2}
_AFTER_GUIDELINE = (0.26, 0.18, 0.14, 0.10, 0.32)  # of the error types: unclear guidelines lead


def reviews_of(items: pd.DataFrame, visits: pd.DataFrame, plants: frozenset[Plant]) -> pd.DataFrame:
    """All reviews in the order they were made, past the clock too.

    Columns: review_id, item (row of `items`), annotation_id, review_stage, annotator, reviewer,
    reviewed (seconds), outcome, error_type ("" for accepted work), severity, is_sampled.
    """
    annotations = (visits["stage"] == world.ANNOTATION.name).groupby(visits["item"]).cumsum()
    done = visits.assign(annotation=annotations)[visits["stage"].isin(_STAGES)]
    done = done.sort_values(["finished", "item"], kind="stable", ignore_index=True)
    ids = items["item_id"].to_numpy()[done["item"]]
    found = pd.DataFrame(
        {
            "review_id": [f"R-{number:05d}" for number in range(1, len(done) + 1)],
            "item": done["item"],
            "annotation_id": pd.Series(ids) + "-A" + done["annotation"].astype(str),
            "review_stage": done["stage"].map(_STAGES),
            "annotator": done["annotator"],
            "reviewer": done["assignee"],
            "reviewed": done["finished"],
            "outcome": done["outcome"],
            "is_sampled": done["sampled"] < world.SAMPLED_SHARE,
        }
    )
    has_error = (done["outcome"] != "accepted").to_numpy()
    found["error_type"] = np.where(has_error, _error_types(items, done, plants), "")
    severities = np.array([name for name, _ in world.SEVERITIES])
    shares = np.array([share for _, share in world.SEVERITIES])
    severity = severities[chosen(done["severity"].to_numpy(), shares)]
    found["severity"] = np.where(has_error, severity, "")
    return found


def _error_types(
    items: pd.DataFrame, done: pd.DataFrame, plants: frozenset[Plant]
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    names = np.array([name for name, _ in world.ERROR_TYPES])
    shares = np.tile([share for _, share in world.ERROR_TYPES], (len(done), 1))
    if Plant.REJECTIONS in plants:
        dataset = items["dataset"].to_numpy()[done["item"]]
        is_later = done["finished"].to_numpy() >= seconds(REJECTIONS_SINCE)
        shares[(dataset == REJECTIONS_DATASET) & is_later] = _AFTER_GUIDELINE
    return np.asarray(names[chosen(done["error"].to_numpy(), shares)])
