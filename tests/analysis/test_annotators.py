"""Annotators' numbers and honest time, against the raw rows of the desk."""

from __future__ import annotations

import statistics
from collections import defaultdict
from datetime import date
from itertools import combinations

import numpy as np
import pytest

from analysis import annotators, funnel
from data_access.store import Store
from metrics.periods import Period
from metrics.scope import scope
from tests.analysis.test_review_steps import ALL, build
from tests.desk import desk
from tests.uploading import Row

ROWS = desk()["annotations"]
MADE = [row for row in ROWS if row["annotator"]]
DONE = [row for row in MADE if not row["is_skipped"]]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("desk"), annotations=ROWS)


def gold() -> dict[str, str]:
    return {row["item_id"]: row["label"] for row in ROWS if row["is_gold"]}


def test_everybody_stands_by_name_with_the_numbers_of_the_raw_rows(store: Store):
    found = annotators.annotators(store, ALL)
    assert [one.name for one in found] == ["Ann", "Bo", "Cy", "Di", "Eve"]
    right = gold()
    for one in found:
        mine = [row for row in DONE if row["annotator"] == one.name]
        every = [row for row in MADE if row["annotator"] == one.name]
        checked = [row for row in mine if row["item_id"] in right]
        hits = sum(row["label"] == right[row["item_id"]] for row in checked)
        values = one.values
        assert values["annotations_done"].value == len(mine)
        assert values["skip_rate"].value == pytest.approx(1 - len(mine) / len(every))
        assert (values["gold_accuracy"].n, values["gold_accuracy"].numerator) == (
            len(checked), hits,
        )  # fmt: skip
        times = [row["lead_time_seconds"] for row in mine]
        assert values["lead_time_p50"].value == pytest.approx(statistics.median(times))


def test_agreement_pools_a_persons_pairs(store: Store):
    said: dict[str, dict[str, str]] = defaultdict(dict)
    for row in DONE:
        said[row["item_id"]][row["annotator"]] = row["label"]
    shared: dict[str, list[bool]] = defaultdict(list)
    for answers in said.values():
        for one, other in combinations(answers, 2):
            shared[one].append(answers[one] == answers[other])
            shared[other].append(answers[one] == answers[other])
    found = annotators.agreement(store, ALL)
    assert set(found) == set(shared)
    for name, marks in shared.items():
        assert found[name].compared == len(marks) and found[name].people == 4
        assert found[name].share == pytest.approx(sum(marks) / len(marks))


def test_agreement_on_few_shared_items_is_withheld(tmp_path):
    rows = [row for row in ROWS if row["item_id"] < "CT-0003"]
    found = annotators.agreement(build(tmp_path, annotations=rows), ALL)
    assert found and all(one.share is None and 0 < one.compared < 10 for one in found.values())


def test_only_the_careless_person_lies_outside_the_funnel(store: Store):
    found = funnel.gold_funnel(store, ALL)
    assert [spot.name for spot in found.named] == ["Cy"]
    assert "Cy" not in funnel.in_words(found, with_names=False)
    assert funnel.in_words(found, with_names=False).startswith("One of five annotators lies below")


def test_a_filter_by_a_person_keeps_the_others_to_compare_with(store: Store):
    here = ALL.where(annotator="Cy")
    (cy,) = annotators.annotators(store, here)
    assert cy.agreement == annotators.agreement(store, ALL)["Cy"]
    assert funnel.gold_funnel(store, here) == funnel.gold_funnel(store, ALL)


def test_lead_time_is_told_by_each_rule_with_what_it_touches(store: Store):
    found = annotators.honest_time(store, ALL)
    seconds = np.array([row["lead_time_seconds"] for row in DONE])
    raw, capped, trimmed = found.times
    assert raw.median.value == pytest.approx(np.quantile(seconds, 0.5))
    assert raw.p95.value == pytest.approx(np.quantile(seconds, 0.95))
    assert capped.p95.value == pytest.approx(np.quantile(np.minimum(seconds, 3600), 0.95))
    assert trimmed.median.value is not None and trimmed.median.value < raw.median.value
    long = seconds > 3600
    share = seconds[long].sum() / seconds.sum()
    assert found.affected[0] == (
        f"Over one hour: {long.sum()} of {len(seconds):,} annotations ({long.mean():.1%}), which "
        f"hold {share:.1%} of all lead time."
    )


def test_without_lead_times_that_is_said_and_no_number_is_shown(tmp_path):
    rows = [row | {"lead_time_seconds": None} for row in ROWS]
    found = annotators.honest_time(build(tmp_path, annotations=rows), ALL)
    assert found.lead == "No lead time is recorded in this window"
    assert found.affected == ()


def test_what_a_source_cannot_say_is_said(tmp_path, store: Store):
    assert annotators.unsaid(store, ALL) == ()
    bare: list[Row] = [
        {k: v for k, v in row.items() if k not in ("is_skipped", "lead_time_seconds", "is_gold")}
        for row in DONE
    ]
    told = annotators.unsaid(build(tmp_path, annotations=bare), ALL)
    assert told == ("tool has no skips, lead times or gold answers in this window.",)


def test_nobody_in_the_window_is_nobody(store: Store):
    nothing = scope(Period(date(2026, 1, 5), date(2026, 1, 12)))
    assert annotators.annotators(store, nothing) == ()
    assert annotators.unsaid(store, nothing) == ()
