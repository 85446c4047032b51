"""Improvements.

What was changed on which day, and what its measure did since, beside where it was heading before.
"""

from __future__ import annotations

from ui import improvements, page

if view := page.start("What came with a change, and whether that is more than chance"):
    improvements.desk(view)
