"""Agreement.

Whether people give the same answers, where they do not, and whether a label, a person or a few
items stand out.
"""

from __future__ import annotations

from metrics.annotation import GWET_AC1, KRIPPENDORFF_ALPHA, PERCENT_AGREEMENT, TOOL_AGREEMENT
from ui import agreement, agreement_items, kpis, page

MEASURES = (KRIPPENDORFF_ALPHA, GWET_AC1, PERCENT_AGREEMENT, TOOL_AGREEMENT)

if (view := page.start("Items that several people rated", page.window)) and (
    found := agreement.chosen(view)
):
    agreement.answer(found)
    agreement.pictures(view, found)
    with page.pairs():
        agreement.labels(found)
        agreement.people(view, found)
    agreement.over_time(view, found)
    agreement.disagreeing(view, found)
    agreement_items.consensus(view, found)
    page.heading("All fields together")
    kpis.wall(view, MEASURES, columns=4)
    agreement.explained(view)
