"""The funnel in words and numbers, against counts over the raw rows of the desk."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime
from pathlib import Path

import pytest

from analysis import leniency, review_steps
from analysis.assess import assess
from data_access import warehouse
from data_access.store import Store
from data_access.workspace import Settings, Workspace
from metrics.periods import Period
from metrics.review import REVIEW_COVERAGE, SAMPLED_SHARE
from metrics.scope import scope
from tests.desk import ITEMS, desk
from tests.uploading import Row, upload

ALL = scope(Period(date(2026, 11, 2), date(2026, 11, 16)))
CLOCK = datetime(2026, 11, 16, 7)
ROWS = desk()


def build(folder: Path, **extracts: list[Row]) -> Store:
    workspace = Workspace(folder / "own")
    workspace.root.mkdir(parents=True)
    workspace.save_settings(Settings(fixed_clock=CLOCK.isoformat(), salt="test", hide_names=False))
    for name, rows in extracts.items():
        upload(workspace, name, rows)
    warehouse.publish(workspace)
    return Store.open(workspace, clock=CLOCK)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return build(tmp_path_factory.mktemp("desk"), **ROWS)


def by_item() -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in ROWS["reviews"]:
        found[row["item_id"]].append(row)
    return {item: sorted(rows, key=lambda row: row["reviewed_at"]) for item, rows in found.items()}


def accepted(rows: list[Row]) -> bool:
    """In the desk an item ends with its last review, which is of its highest stage."""
    return rows[-1]["outcome"] != "rejected"


def test_each_step_is_the_count_over_the_raw_rows(store: Store):
    found = {step.label: step.items for step in review_steps.steps(store, ALL).steps}
    reviews = by_item()
    batch = {row["item_id"]: row["batch"] for row in ROWS["annotations"]}
    sent = {f"B-{number}" for number in range(1, 5)}
    assert found == {
        "Annotated": ITEMS,
        "Reviewed": len(reviews),
        "Reviewed at stage 2": sum(
            any(row["review_stage"] == 2 for row in rows) for rows in reviews.values()
        ),
        "Fixed on the way": sum(
            any(row["outcome"] == "fixed" for row in rows) for rows in reviews.values()
        ),
        "Rejected on the way": sum(
            any(row["outcome"] == "rejected" for row in rows) for rows in reviews.values()
        ),
        "Accepted": sum(map(accepted, reviews.values())),
        "Accepted and delivered": sum(
            accepted(rows) and batch[item] in sent for item, rows in reviews.items()
        ),
    }


def test_no_step_of_the_main_way_is_larger_than_the_one_before(store: Store):
    main = [step.items for step in review_steps.steps(store, ALL).steps if not step.is_detour]
    assert main == sorted(main, reverse=True)


def test_the_sentence_names_the_largest_gap_and_the_notes_what_was_sent_unaccepted(store: Store):
    found = review_steps.steps(store, ALL)
    gap = ITEMS - len(by_item())
    assert found.lead == f"{gap} of {ITEMS} annotated items are not reviewed yet"
    batch = {row["item_id"]: row["batch"] for row in ROWS["annotations"]}
    good = {item for item, rows in by_item().items() if accepted(rows)}
    loose = sum(name in {"B-1", "B-2", "B-3", "B-4"} for item, name in batch.items()
                if item not in good)  # fmt: skip
    assert found.notes == (
        f"{loose} items were delivered with their batch without a recorded acceptance.",
    )


def test_the_batches_add_up_to_the_funnel(store: Store):
    batches = review_steps.batches(store, ALL)
    assert [batch.name for batch in batches] == [f"B-{number}" for number in range(1, 7)]
    steps = {s.metric.name: s.items for s in review_steps.steps(store, ALL).steps
             if "stage" not in s.label}  # fmt: skip
    for name, items in steps.items():
        assert sum(batch.items[name] for batch in batches) == items


def test_reasons_are_counted_ranked_and_summed_up(store: Store):
    counts = Counter(
        row["error_type"] for row in ROWS["reviews"] if row["outcome"] == "rejected"
    ).most_common()
    found = review_steps.reasons(store, ALL)
    assert [(one.name, one.rejections) for one in found.reasons] == counts
    whole = sum(number for _, number in counts)
    assert found.reasons[0].share == pytest.approx(counts[0][1] / whole)
    assert found.reasons[1].cumulative == pytest.approx((counts[0][1] + counts[1][1]) / whole)
    assert found.reasons[-1].cumulative == pytest.approx(1.0)
    assert found.lead.startswith("Wrong boundary leads; ")


def test_rejections_without_a_reason_are_counted_beside_the_others(tmp_path):
    rows = [
        {"review_id": str(n), "item_id": f"I{n}", "review_stage": 1, "outcome": "rejected",
         "reviewed_at": "2026-11-10", "error_type": reason}
        for n, reason in enumerate(["Label", "Label", "Label", "Label", "Border", None, None])
    ]  # fmt: skip
    found = review_steps.reasons(build(tmp_path, reviews=rows), ALL)
    assert found.unnamed == 2
    assert found.lead == "Label holds 80% of 5 rejections"


def test_with_reviews_alone_the_steps_nobody_records_are_named_not_zero(tmp_path):
    found = review_steps.steps(build(tmp_path, reviews=ROWS["reviews"]), ALL)
    items = {step.label: step.items for step in found.steps}
    assert items["Annotated"] is None and items["Accepted and delivered"] is None
    assert found.first == len(by_item())
    assert found.notes == (
        "Annotated: not recorded. No annotation export has these items.",
        "Accepted and delivered: not recorded. No delivery list names the batches of these items.",
    )


def test_projects_that_record_different_steps_are_not_taken_for_one_way(tmp_path):
    """Thirty items annotated in a project without reviews, fifty reviewed in one without export."""
    annotations = [
        {"annotation_id": f"A{n}", "item_id": f"X{n}", "annotator": "Ann", "project": "One",
         "field": "f", "label": "l", "created_at": "2026-11-03"}
        for n in range(30)
    ]  # fmt: skip
    reviews = [
        {"review_id": f"R{n}", "item_id": f"Y{n}", "project": "Two", "review_stage": 1,
         "reviewed_at": "2026-11-03", "outcome": "accepted" if n else "rejected"}
        for n in range(50)
    ]  # fmt: skip
    found = review_steps.steps(build(tmp_path, annotations=annotations, reviews=reviews), ALL)
    items = {step.label: step.items for step in found.steps}
    assert (items["Annotated"], items["Reviewed"], items["Accepted"]) == (30, 50, 49)
    assert found.lead == "1 of 50 reviewed items is not accepted yet"
    assert found.notes[1:] == (
        "50 items were reviewed that no annotation export has, so a later step can hold more than "
        "the first.",
        "30 items were annotated in projects without any recorded review.",
    )


def test_with_annotations_alone_the_sentence_claims_no_gap(tmp_path):
    found = review_steps.steps(build(tmp_path, annotations=ROWS["annotations"]), ALL)
    assert found.lead == "480 items annotated; no later step is recorded"


def test_with_nothing_uploaded_it_says_so_once(tmp_path):
    found = review_steps.steps(build(tmp_path), ALL)
    assert found.counted == () and found.notes == ()
    assert found.lead == (
        "No step of review is recorded: no annotation export or review sheet has been uploaded"
    )


def test_a_filter_that_items_are_not_recorded_by_is_said(store: Store):
    found = review_steps.steps(store, ALL.where(reviewer="Max"))
    assert found.counted == ()
    assert found.lead.endswith("review paths are not recorded by reviewer")


def test_coverage_is_held_against_the_plan_and_a_missing_plan_is_said(tmp_path, store: Store):
    share = len(by_item()) / ITEMS
    no_plan = review_steps.against_plan(*assess(store, [REVIEW_COVERAGE, SAMPLED_SHARE], ALL))
    assert f"Review coverage is {share:.1%} of 480 items" in no_plan
    assert "No plan is stated" in no_plan
    plan = [{"metric": "review_coverage", "value": 0.7, "valid_from": "2026-01-01"}]
    planned = build(tmp_path, **ROWS, targets=plan)
    told = review_steps.against_plan(*assess(planned, [REVIEW_COVERAGE, SAMPLED_SHARE], ALL))
    assert "the sampling plan asks for ≥\N{NO-BREAK SPACE}70.0%." in told
    drawn = {row["item_id"] for row in ROWS["reviews"] if row["sampled"]}
    assert f"Drawn by the plan: {len(drawn) / ITEMS:.1%} of 480 items." in told


def test_a_reviewer_planted_as_strict_is_named_from_the_store(store: Store):
    found = leniency.leniency(store, ALL)
    assert [one.reviewer for one in found.named] == ["Ned"]
    assert leniency.in_words(found).startswith("Ned accepts ")
    assert "Ned" not in leniency.in_words(found, with_names=False)
    assert leniency.leniency(store, ALL.where(reviewer="Ned")) == found
    before = datetime(2026, 11, 16)
    reviews = sum(
        row["reviewer"] == "Ned" and row["reviewed_at"] < before for row in ROWS["reviews"]
    )
    assert found.named[0].reviews + found.named[0].left_out == reviews
