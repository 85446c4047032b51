"""Requirements as the ML leads would have asked for them, with the criteria agreed on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from data_access.criteria import Criterion, Step
from data_access.requirements import Requirement

if TYPE_CHECKING:
    from data_access.records import Records

_OWNER = "S. Haddad"


@dataclass(frozen=True)
class Asked:
    """One requirement of the sample, and the day its first version was agreed on."""

    requirement: Requirement
    text: str
    steps: tuple[Step, ...]
    criteria: tuple[Criterion, ...]
    agreed_at: datetime | None


ASKED = (
    Asked(  # passes: on-time delivery and a defect rate below its line, both far from it
        Requirement(
            title="Chest CT annotations fit to train on", asked_by="ML imaging",
            project="Chest Imaging", priority="Must", owner=_OWNER,
        ),
        "The CT lung nodules of October are accepted at first review often enough to go into "
        "training without a second look.",
        (
            Step(text="Annotate by CT spec 2.2", responsible="Thoracic Imaging",
                 evidence="Work log: stage Annotation finished"),
            Step(text="First review of every item", responsible="First reviewers",
                 evidence="Review sheet, stage 1"),
            Step(text="Sign off the October batches", responsible="ML imaging",
                 evidence="This requirement accepted"),
        ),
        (
            Criterion(metric="first_pass_acceptance", filters="dataset=CT lung nodules",
                      window="2026-10-05..2026-11-01", comparison="at least", threshold=0.8,
                      min_n=100, due_on=date(2026, 11, 13), must_clear=True),
            Criterion(metric="rejection_rate", filters="dataset=CT lung nodules",
                      window="2026-10-05..2026-11-01", comparison="at most", threshold=0.1,
                      min_n=100, due_on=date(2026, 11, 13)),
        ),
        datetime(2026, 9, 28, 9),
    ),
    Asked(  # fails: the planted doubling of rejections (plant `rejections`)
        Requirement(
            title="Radiology reports read the same way by everybody", asked_by="ML language",
            project="Clinical Text", priority="Must", owner=_OWNER,
        ),
        "Of the radiology reports of the last four weeks reviewers reject at most one in ten.",
        (
            Step(text="Annotate by report spec 3.1", responsible="Clinical Language, Radiology",
                 evidence="Work log"),
            Step(text="Review, with a reason for each rejection", responsible="Reviewers",
                 evidence="Review sheet: outcome and error type"),
        ),
        (
            Criterion(metric="rejection_rate", filters="dataset=Radiology reports",
                      window="last 4 weeks", comparison="at most", threshold=0.1, min_n=200,
                      due_on=date(2026, 11, 20)),
        ),
        datetime(2026, 9, 14, 9),
    ),
    Asked(  # not enough: week 47 has not begun to be over, and a batch has fewer rows than asked
        Requirement(
            title="Discharge notes delivered when promised", asked_by="ML language",
            project="Clinical Text", priority="Should", owner="J. Winters",
        ),
        "The batches of discharge notes promised for week 47 arrive by their day.",
        (
            Step(text="Agree on the day of each batch", responsible="ML language",
                 evidence="Delivery list"),
            Step(text="Export to the ML bucket", responsible="Platform",
                 evidence="Delivery list: delivered at"),
        ),
        (
            Criterion(metric="on_time_delivery", filters="dataset=Discharge notes",
                      window="2026-W47", comparison="at least", threshold=1.0, min_n=1,
                      due_on=date(2026, 11, 22)),
            Criterion(metric="first_pass_acceptance", filters="dataset=Discharge notes",
                      window="2026-W46", comparison="at least", threshold=0.85, min_n=500,
                      due_on=date(2026, 11, 22)),
        ),
        datetime(2026, 11, 2, 9),
    ),
    Asked(  # set after the data: agreed on 13 November about October
        Requirement(
            title="Annotators agree on tumor margins", asked_by="ML pathology",
            project="Pathology", priority="Could", owner="K. Lindgren",
        ),
        "Where several people rated a slide in October, they gave the same answer.",
        (
            Step(text="Have three people annotate twelve slides a week", responsible="Oncology",
                 evidence="Overlap sample"),
        ),
        (
            Criterion(metric="percent_agreement", filters="dataset=Tumor margins",
                      window="2026-10", comparison="at least", threshold=0.5, min_n=20,
                      due_on=date(2026, 11, 30)),
        ),
        datetime(2026, 11, 13, 9),
    ),
    Asked(  # a new version: the first one asked for more than its measure can say
        Requirement(
            title="Issues of the pipeline solved within days", asked_by="Ops director",
            project="", priority="Should", owner="J. Winters",
        ),
        "Half of the issues resolved in the last eight weeks were resolved within the days given.",
        (
            Step(text="Triage every new issue", responsible="J. Winters", evidence="Jira"),
            Step(text="Resolve or hand over", responsible="Owner of the issue", evidence="Jira"),
        ),
        (
            Criterion(metric="time_to_resolve_p50", window="last 8 weeks", comparison="at most",
                      threshold=1.0, min_n=30, due_on=date(2026, 11, 30)),
        ),
        datetime(2026, 9, 21, 9),
    ),
)  # fmt: skip

REVISED_AT = datetime(2026, 10, 12, 9)
REASON = (
    "One day was set before anybody had looked at how long issues take. The Ops director and the "
    "platform team agreed on two weeks."
)
REVISED = Criterion(
    metric="time_to_resolve_p50", window="last 8 weeks", comparison="at most", threshold=14.0,
    min_n=30, due_on=date(2026, 11, 30),
)  # fmt: skip
FIRST_OUTCOME = (
    "Its one criterion fails on 12 Oct 2026.\nMedian time to resolve, at most 1.0 d: fail."
)


def write_requirements(records: Records, *, by: str) -> None:
    """Keep the five requirements; the last one gets a second version with a reason."""
    door = records.requirements
    for one in ASKED:
        at = one.agreed_at or datetime(2026, 11, 13, 9)
        kept = door.add(one.requirement, one.text, by=by, at=at)
        kept = door.write(kept, text=one.text, steps=one.steps, criteria=one.criteria, by=by, at=at)
        if one.agreed_at is not None:
            door.agree(kept, by=one.requirement.asked_by, at=at)
    last = door.all()[-1]
    text, steps = ASKED[-1].text, ASKED[-1].steps
    last = door.revise(last, REASON, outcome=FIRST_OUTCOME, by=by, at=REVISED_AT)
    last = door.write(last, text=text, steps=steps, criteria=(REVISED,), by=by, at=REVISED_AT)
    door.agree(last, by="Ops director", at=REVISED_AT)
