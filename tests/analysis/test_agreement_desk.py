"""A field read from the database says what the raw rows say, worked out one by one."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import cohen_kappa_score

from analysis.agreement.desk import Desk, desk, fields
from analysis.agreement.diagnosis import Problem
from analysis.agreement.evidence import evidence
from analysis.agreement.reading import ABSENT
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.annotation import GWET_AC1, KRIPPENDORFF_ALPHA, PERCENT_AGREEMENT
from metrics.errors import AppError
from metrics.periods import week
from metrics.scope import scope
from tests.analysis import agreement_oracles as oracle
from tests.store import by_hand
from tests.store.made import WINDOW, build, world
from tests.uploading import Row, upload

MADE = world()
RATINGS = by_hand.facts(MADE)["ratings"]
FIELDS = ("code", "finding", "rating", "tags")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("desk"), MADE)


def asked(store: Store, field: str, **more: str) -> Desk:
    return desk(store, scope(WINDOW, {k: [v] for k, v in more.items()}), field)


def raw(field: str, **more: str) -> pd.DataFrame:
    """The ratings of a field in the window as (item, annotator, answer, labels)."""
    return pd.DataFrame(
        [
            {
                "item": f"{r.source}/{r.item_id}",
                "annotator": r.annotator,
                "answer": r.answer,
                "labels": r.labels,
            }
            for r in RATINGS
            if r.field == field
            and WINDOW.contains(r.rated_on)
            and all(getattr(r, name) == value for name, value in more.items())
        ]
    )


def close(found: float | None, expected: float) -> bool:
    return found is not None and math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12)


def test_a_field_without_answers_is_refused_with_the_fields_that_have_some(store: Store) -> None:
    with pytest.raises(AppError, match="no answer to “nothing”") as refused:
        asked(store, "nothing")
    assert set(refused.value.choices) == set(FIELDS)


def test_the_fields_are_those_with_ratings_most_shared_items_first(store: Store) -> None:
    found = fields(store, scope(WINDOW))
    assert sorted(found) == sorted(FIELDS)
    shared = {f: (raw(f).groupby("item").size() >= 2).sum() for f in FIELDS}
    assert [shared[f] for f in found] == sorted(shared.values(), reverse=True)


@pytest.mark.parametrize("field", FIELDS)
def test_every_coefficient_is_that_of_the_raw_rows(store: Store, field: str) -> None:
    frame = raw(field)
    found = {one.name: one for one in asked(store, field).coefficients}
    assert close(found["alpha"].value, oracle.alpha(frame))
    assert close(found["percent"].value, oracle.percent(frame))
    assert close(found["conger"].value, oracle.conger(frame))
    for name in ("gwet", "fleiss", "brennan_prediger"):
        assert close(found[name].value, oracle.gwet_kind(name, frame)), name
    assert found["alpha"].n_units == (frame.groupby("item").size() >= 2).sum()


@pytest.mark.parametrize("field", FIELDS)
def test_the_page_and_the_measure_agree(store: Store, field: str) -> None:
    here = scope(WINDOW, {"field": [field]})
    found = {one.name: one.value for one in asked(store, field).coefficients}
    named = {"alpha": KRIPPENDORFF_ALPHA, "gwet": GWET_AC1, "percent": PERCENT_AGREEMENT}
    for name, metric in named.items():
        assert close(found[name], store.value(metric, here).value), name


def test_a_filter_leaves_only_its_ratings(store: Store) -> None:
    found = asked(store, "finding", project="P1").coefficients
    assert close(found[0].value, oracle.alpha(raw("finding", project="P1")))


def test_numbers_have_every_level_and_labels_only_one(store: Store) -> None:
    assert asked(store, "rating").levels == ("nominal", "ordinal", "interval", "ratio")
    assert asked(store, "finding").levels == ("nominal",)
    frame = raw("rating").assign(answer=lambda rows: rows["answer"].astype(float))
    for level in ("ordinal", "interval", "ratio"):
        found = desk(store, scope(WINDOW), "rating", level).coefficients[0]
        assert close(found.value, oracle.alpha(frame, level)), level


@pytest.mark.parametrize("field", ["tags", "finding"])
def test_each_label_is_given_or_not_by_everybody_who_answered(store: Store, field: str) -> None:
    frame = raw(field)
    found = {one.label: one for one in asked(store, field).labels}
    assert set(found) == {label for labels in frame["labels"] for label in labels}
    for label, one in found.items():
        given = frame.assign(answer=[label in labels for labels in frame["labels"]])
        assert close(one.percent.value, oracle.percent(given)), label
        if given["answer"].nunique() > 1 and not math.isnan(oracle.alpha(given)):
            assert close(one.alpha.value, oracle.alpha(given)), label


def test_the_units_of_a_label_add_up_to_those_of_its_field(store: Store) -> None:
    frame = raw("tags")
    for patterns in asked(store, "tags").ratings.by_label.values():
        assert patterns.units.sum() == frame["item"].nunique()


def test_pairs_of_people_are_those_who_share_items(store: Store) -> None:
    frame = raw("finding")
    wide = frame.pivot(index="item", columns="annotator", values="answer")
    found = {(p.first, p.second): p for p in asked(store, "finding").pairs}
    expected = {}
    for one, two in combinations(sorted(wide.columns), 2):
        both = wide[[one, two]].dropna()
        if len(both):
            expected[one, two] = (len(both), (both[one] == both[two]).sum())
    assert {pair: (p.n, p.agreed) for pair, p in found.items()} == expected
    for (one, two), pair in found.items():
        told = oracle.cohen(frame, one, two)
        if pair.kappa is not None and not math.isnan(told):
            assert close(pair.kappa, told), (one, two)


def test_the_quick_count_of_pairs_is_that_of_the_careful_one(store: Store) -> None:
    here = scope(WINDOW, {"field": ["finding"]})
    quick = store.statistic("rating_pairs", KRIPPENDORFF_ALPHA, here)
    pairs = asked(store, "finding").pairs
    assert [(r["annotator"], r["other"], r["shared"], r["agreed"]) for r in quick] == [
        (p.first, p.second, p.n, p.agreed) for p in pairs
    ]


def test_confusions_count_pairs_of_people_by_their_two_answers(store: Store) -> None:
    found = {(a, b): n for a, b, n in asked(store, "finding").ratings.answer_pairs()}
    expected: dict[tuple[str, str], int] = {}
    for _, rows in raw("finding").groupby("item"):
        for pair in combinations(sorted(rows["answer"]), 2):
            expected[pair] = expected.get(pair, 0) + 1
    assert found == expected


def test_people_and_patterns_tell_the_same(store: Store) -> None:
    ratings = asked(store, "finding").ratings
    people = ratings.people.patterns
    assert people.units.sum() == ratings.patterns.units.sum()
    assert (people.units @ people.counts == ratings.patterns.units @ ratings.patterns.counts).all()
    assert sum(ratings.of_each) == len(raw("finding"))


def test_a_set_is_looked_into_label_by_label(store: Store) -> None:
    ratings = asked(store, "tags").ratings
    stacked, frame = ratings.label_people, raw("tags")
    assert stacked.answers[0] == ABSENT
    assert stacked.units.sum() == frame["item"].nunique() * len(ratings.labels)
    times = {label: sum(label in labels for labels in frame["labels"]) for label in ratings.labels}
    given = {
        label: int(stacked.units @ (stacked.codes == at).sum(axis=1))
        for at, label in enumerate(stacked.answers[1:], 1)
    }
    assert given == times
    assert evidence(stacked).pairs.first == evidence(ratings.people).pairs.first


def test_the_consensus_is_known_with_its_certainty(store: Store) -> None:
    found = asked(store, "finding")
    assert found.consensus is not None and found.certainty is not None
    assert 0.5 < found.certainty <= 1
    assert all(share is None or 0 <= share <= 1 for share in found.likely_right)
    assert len(found.likely_right) == len(found.ratings.raters)


def test_nothing_is_claimed_where_no_item_is_shared(store: Store, tmp_path: Path) -> None:
    alone = asked(store, "finding", annotator="Worker 1")
    assert alone.main is not None and alone.main.shown is None
    assert alone.finding.problem is Problem.TOO_LITTLE
    assert alone.consensus is None and alone.pairs == ()


def test_a_number_written_in_two_ways_is_one_answer(tmp_path: Path) -> None:
    """Ann writes 1.0 where Bo writes 1: they agree, and the field stays one of numbers."""
    truth = [1, 2, 3, 2, 1, 10, 3, 2, 1, 2, 10, 3]
    rows: list[Row] = [
        {
            "annotation_id": f"{who}-{i}", "item_id": f"I-{i}", "annotator": who, "field": "score",
            "field_type": "rating", "label": text(score + (i == 3 and who == "Bo")),
            "number": float(score + (i == 3 and who == "Bo")),
            "created_at": "2026-11-10 08:00", "updated_at": "2026-11-10 08:00",
        }
        for i, score in enumerate(truth)
        for who, text in (("Ann", lambda n: f"{n}.0"), ("Bo", str))
    ]  # fmt: skip
    workspace = Workspace(tmp_path / "workspace")
    workspace.save_settings(Settings(fixed_clock="2026-11-16T12:00", salt="test", hide_names=False))
    upload(workspace, "annotations", rows)
    warehouse.publish(workspace)
    asked_ = scope(week("2026-W46"))
    found = desk(Store.open(workspace), asked_, "score", "ordinal")
    assert found.levels == ("nominal", "ordinal", "interval", "ratio")
    assert sorted(a.text for a in found.ratings.answers) == ["1", "10", "2", "3"]
    assert sum(a.ratings for a in found.ratings.answers) == 24
    said = [truth, [score + (i == 3) for i, score in enumerate(truth)]]
    for level in found.levels:
        expected = krippendorff.alpha(np.array(said, dtype=float), level_of_measurement=level)
        main = desk(Store.open(workspace), asked_, "score", level).main
        assert main is not None and close(main.value, expected)
    (pair,) = found.pairs
    assert (pair.n, pair.agreed) == (12, 11)
    assert pair.kappa is not None and close(pair.kappa, cohen_kappa_score(*said))
    assert {one.label: one.percent.n_units for one in found.labels} == dict.fromkeys(
        ("1", "10", "2", "3"), 12
    )
    by_label = {one.label: one.percent.value for one in found.labels}
    assert by_label["1"] == by_label["10"] == 1.0 and close(by_label["2"], 11 / 12)
    assert [(c.first, c.second, c.n) for c in found.confusions] == [("2", "3", 1)]
