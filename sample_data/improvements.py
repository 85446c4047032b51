"""Improvements as the leads of the sample wrote them down, each before its first day.

Two speak of planted truths (the twin without the plant leaves them out), one touches nothing that
is planted: nothing came with it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from data_access.improvements import Improvement, filters_text
from sample_data.plants import GUIDELINE_SINCE, REJECTIONS_DATASET, REJECTIONS_SINCE, Plant

if TYPE_CHECKING:
    from data_access.records import Records

_NULL_SINCE = GUIDELINE_SINCE - timedelta(weeks=3)


_BY_TURN = Improvement(
    name="First reviews are assigned by turn",
    description="Instead of everybody taking what they like from the queue.",
    owner="J. Winters",
    start_on=_NULL_SINCE,
    metric="queue_time",
    filters=filters_text({"stage": ["First review"]}),
    expected="lower",
    expected_size=1.0,
    state="Running",
)
_GUIDELINE_V3 = Improvement(
    name="Guideline v3",
    description="Section 4.2 tells findings from impressions, so that fewer reports are rejected.",
    owner="S. Haddad",
    start_on=REJECTIONS_SINCE,
    metric="rejection_rate",
    filters=filters_text({"dataset": [REJECTIONS_DATASET]}),
    comparison=filters_text({"dataset": ["Chest X-ray findings", "Discharge notes"]}),
    expected="lower",
    expected_size=0.02,
    state="Running",
)
_TOPIC_LIST = Improvement(
    name="Topic list v2",
    description="Twelve topics instead of nine.",
    owner="K. Lindgren",
    start_on=GUIDELINE_SINCE,
    metric="percent_agreement",
    filters=filters_text({"dataset": ["Discharge notes"]}),
    expected="higher",
    state="Running",
)
_SAID: tuple[tuple[Plant | None, Improvement], ...] = (
    (None, _BY_TURN),
    (Plant.REJECTIONS, _GUIDELINE_V3),
    (Plant.GUIDELINE, _TOPIC_LIST),
)


def write_improvements(records: Records, plants: frozenset[Plant]) -> None:
    """Keep the improvements that speak of these plants or of none."""
    for plant, said in _SAID:
        if plant in {None, *plants}:
            at = datetime.combine(said.start_on - timedelta(days=5), time(9))
            records.improvements.add(said, by=said.owner, at=at)
