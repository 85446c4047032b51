"""Stages.

The ways that items take through the stages: how often, how long they wait, where they come back.
"""

from __future__ import annotations

from metrics.flow import STAGE_TIME
from ui import page, stage_map

if view := page.start(
    "How items move from stage to stage", stage_map.scope_line, page.window, of=STAGE_TIME
):
    told = stage_map.found(view)
    stage_map.answer(view, told)
    stage_map.picture(view, told)
    stage_map.variants(told)
    stage_map.behind(view, told)
    page.heading("Where work comes back, changes hands or stands still")
    stage_map.waste(told)
