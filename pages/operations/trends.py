"""Trends.

Any measure by day, week or month, split by any dimension its rows have, with targets and markers.
"""

from __future__ import annotations

from ui import page, trend

if view := page.start("Any measure over time", page.window):
    trend.explorer(view)
