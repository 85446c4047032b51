"""Flow.

Does work come in faster than it leaves, how much is in progress, how long it takes, what is stuck.
"""

from __future__ import annotations

from metrics.flow import ITEMS_COMPLETED
from ui import flow, flow_ages, page

if view := page.start(
    "What comes in, what leaves, what stays", page.window, flow.scope_line, of=ITEMS_COMPLETED
):
    flow.answer(view)

    page.heading("In and out")
    flow.in_and_out(view)

    page.heading("In progress")
    flow.in_progress(view)

    page.heading("How long it takes")
    flow.times(view)

    page.heading("How old open work is")
    flow_ages.aging(view)
