"""Issue desk.

Which issues need somebody now, who takes them, by when, and what waits for whom.
"""

from __future__ import annotations

from ui import desk, page

if view := page.start("Triage, clocks, escalation and closure", desk.as_of):
    desk.desk(view)
