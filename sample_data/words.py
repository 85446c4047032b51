"""What people wrote in the sample: commentary, decisions, risks, opportunities and actions.

Each belongs to a week and is signed. What speaks of a planted truth names its plant, and the twin
without that plant leaves it out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sample_data.plants import Plant

WEEK = "2026-W46"

COMMENTARY: tuple[dict[str, Any], ...] = (
    {
        "period": "2026-W46",
        "by": "S. Haddad",
        "plant": Plant.QUEUE,
        "text": "Two of the six second reviewers have spent half their week on the pathology pilot "
        "since 19 October. Cover starts on 23 November, so expect no relief in week 47.",
    },
    {
        "period": "2026-W46",
        "by": "S. Haddad",
        "plant": Plant.REJECTIONS,
        "metric": "rejection_rate",
        "text": "Most new rejections in Radiology reports quote section 4.2 of Guideline v3. "
        "Worked examples for that section are in review.",
    },
    {
        "period": "2026-W46",
        "by": "K. Lindgren",
        "plant": Plant.AMBIGUOUS,
        "metric": "krippendorff_alpha",
        "text": "In discharge notes, “Phone call” and “Clinic visit” are a guess where a note says "
        "only that the patient will be contacted. A rule for that case is being written.",
    },
    {
        "period": "2026-W45",
        "by": "S. Haddad",
        "plant": Plant.QUEUE,
        "text": "Second review is slower than usual and we are looking for cover. All other stages "
        "run as planned.",
    },
)

ENTRIES: tuple[dict[str, Any], ...] = (
    {
        "kind": "decision",
        "week": "2026-W46",
        "plant": Plant.QUEUE,
        "text": "Bring two second reviewers back from the pathology pilot until 4 December",
        "if_not": "Second review keeps falling behind; the radiology batch due on 19 November is "
        "at risk",
        "owner": "Ops director",
        "due_on": date(2026, 11, 18),
    },
    {
        "kind": "decision",
        "week": "2026-W46",
        "plant": Plant.REJECTIONS,
        "text": "Keep Guideline v3 for Radiology reports, or go back to v2 until section 4.2 is "
        "rewritten",
        "if_not": "Annotators keep redoing about one report in seven",
        "owner": "AI governance board",
        "due_on": date(2026, 11, 20),
    },
    {
        "kind": "risk",
        "week": "2026-W45",
        "plant": Plant.QUEUE,
        "text": "Second review backlog delays the batches due before Thanksgiving",
        "likelihood": 4,
        "impact": 4,
        "trend": "Rising",
        "response": "Cover from the pathology pilot; weekly look at the queue",
        "owner": "J. Winters",
        "due_on": date(2026, 11, 20),
    },
    {
        "kind": "risk",
        "week": "2026-W44",
        "plant": Plant.REJECTIONS,
        "text": "Guideline v3 is read in two ways, so labels of Radiology reports drift apart",
        "likelihood": 3,
        "impact": 4,
        "trend": "Rising",
        "response": "Worked examples for section 4.2; calibration round with all annotators",
        "owner": "S. Haddad",
        "due_on": date(2026, 11, 25),
    },
    {
        "kind": "risk",
        "week": "2026-W46",
        "plant": Plant.OVERLOAD,
        "text": "A third of second reviews depends on one person",
        "likelihood": 3,
        "impact": 3,
        "trend": "New",
        "response": "Assign second reviews by turn; train a seventh reviewer",
        "owner": "J. Winters",
        "due_on": date(2026, 12, 1),
    },
    {
        "kind": "risk",
        "week": "2026-W43",
        "plant": Plant.GUIDELINE,
        "text": "Topics of Discharge notes are labeled less alike since Topic list v2",
        "likelihood": 4,
        "impact": 3,
        "trend": "Same",
        "response": "Compare ten notes in a calibration round; decide whether v2 stays",
        "owner": "K. Lindgren",
        "due_on": date(2026, 12, 4),
    },
    {
        "kind": "risk",
        "week": "2026-W40",
        "text": "Only one person can export to the ML bucket",
        "likelihood": 2,
        "impact": 4,
        "trend": "Same",
        "response": "Train a second exporter and record it in the hand-over page",
        "owner": "Platform",
        "due_on": date(2026, 12, 4),
    },
    {
        "kind": "opportunity",
        "week": "2026-W43",
        "text": "Skip second review for Discharge notes that were accepted at first review by a "
        "senior reviewer",
        "gain": "10 to 16 h per item",
        "evidence": "Pilot of 300 notes in August: second review changed 4 of them",
        "effort": "Low",
        "owner": "S. Haddad",
        "due_on": date(2026, 12, 11),
    },
    {
        "kind": "opportunity",
        "week": "2026-W44",
        "text": "Pre-label CT lung nodules with the current model",
        "gain": "20 to 35 annotator-hours a week",
        "evidence": "Pilot of 120 scans: a third less time per scan (95% CI 22 to 43%)",
        "effort": "Medium",
        "owner": "ML imaging",
        "due_on": date(2027, 1, 15),
    },
    {
        "kind": "action",
        "week": "2026-W44",
        "plant": Plant.REJECTIONS,
        "text": "Write worked examples for section 4.2 of Guideline v3",
        "owner": "S. Haddad",
        "due_on": date(2026, 11, 13),
        "state": "In progress",
    },
    {
        "kind": "action",
        "week": "2026-W45",
        "plant": Plant.QUEUE,
        "text": "Agree with the pathology lead on cover for second review",
        "owner": "J. Winters",
        "due_on": date(2026, 11, 18),
        "state": "In progress",
    },
    {
        "kind": "action",
        "week": "2026-W44",
        "plant": Plant.BAD_LOT,
        "text": "Check all items of Tumor margins batch 11 again before anybody trains on it",
        "owner": "K. Lindgren",
        "due_on": date(2026, 11, 20),
        "state": "In progress",
    },
    {
        "kind": "action",
        "week": "2026-W46",
        "plant": Plant.CARELESS,
        "text": "Go through twenty chest X-rays with the annotator who disagrees with all others",
        "owner": "K. Lindgren",
        "due_on": date(2026, 11, 24),
        "state": "Open",
    },
    {
        "kind": "action",
        "week": "2026-W46",
        "plant": Plant.LATE,
        "text": "Tell ML pathology when the late biopsy batch comes",
        "owner": "",
        "due_on": date(2026, 11, 17),
        "state": "Open",
    },
    {
        "kind": "action",
        "week": "2026-W46",
        "text": "Calibration round with the radiology annotators",
        "owner": "K. Lindgren",
        "due_on": date(2026, 11, 25),
        "state": "Open",
    },
    {
        "kind": "action",
        "week": "2026-W45",
        "text": "Rotate the access token of the storage sync",
        "owner": "Platform",
        "due_on": date(2026, 11, 12),
        "state": "Done",
        "closed_in": "2026-W46",
    },
)
