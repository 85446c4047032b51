"""Control charts.

Is a change more than routine variation, and will the target be met? For any measure.
"""

from __future__ import annotations

from ui import control, control_table, page

if view := page.start("Is the change real, and will the target be met?", page.window):
    grain = control.explorer(view)
    control_table.method()
    page.heading("All measures")
    control.wall(view, grain)
