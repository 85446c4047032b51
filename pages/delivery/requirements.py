"""Requirements.

What was asked, the steps that lead to it, the checks agreed on beforehand, and whether they hold.
"""

from __future__ import annotations

from ui import page, requirements

if view := page.start("What was asked, and whether it holds now", page.data_until):
    requirements.register(view)
