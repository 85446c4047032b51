"""Agreement.

Whether people give the same answers, where they do not, and whether a label, a person or a few
items stand out.
"""

from __future__ import annotations

from metrics.annotation import GWET_AC1, KRIPPENDORFF_ALPHA, PERCENT_AGREEMENT, TOOL_AGREEMENT
from ui import agreement, agreement_items, kpis, page

MEASURES = (KRIPPENDORFF_ALPHA, GWET_AC1, PERCENT_AGREEMENT, TOOL_AGREEMENT)

if (view := page.start("Items that several people rated", page.window, of=KRIPPENDORFF_ALPHA)) and (
    chosen := agreement.chosen(view)
):
    here, found = chosen
    agreement.answer(found)
    agreement.pictures(here, found)
    with page.pairs():
        agreement.labels(found)
        agreement.people(here, found)
    agreement.over_time(view, found)
    agreement.disagreeing(here, found)
    agreement_items.consensus(here, found)
    page.heading("All fields together")
    kpis.wall(view, MEASURES, columns=4)
    agreement.explained(view)
