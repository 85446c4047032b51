"""Bottlenecks.

Where items wait between received and done, since when, and what a shorter queue would bring.
"""

from __future__ import annotations

from metrics.flow import STAGE_TIME
from ui import page, stages

if view := page.start("Where items wait", stages.scope_line, page.window, of=STAGE_TIME):
    found = stages.ranked(view)
    stages.answer(view, found)
    stage = stages.choose(found)
    stages.table(view, found, stage)
    if stage is not None:
        stages.pictures(view, found, stage)
        stages.gain(view, stage)
        stages.oldest(view, stage)
