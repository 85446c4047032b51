"""Capacity.

Whether the hours assigned for next week are enough for what arrives, by stage, team and person.
"""

from __future__ import annotations

from ui import capacity, page

if view := page.start(capacity.week_line):
    capacity.desk(view)
