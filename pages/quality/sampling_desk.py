"""Sampling desk.

Draw a few items of a lot, check them, and accept the lot or not, with the risks known beforehand.
"""

from __future__ import annotations

from ui import page, sampling

if view := page.start("Accept a lot by checking a sample of it", page.window):
    sampling.desk(view)
