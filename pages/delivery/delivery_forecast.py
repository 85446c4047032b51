"""Delivery forecast.

When the open batches will be accepted, with which chance their promises hold, what would bring them
sooner, and how far such dates were right in the past.
"""

from __future__ import annotations

from ui import forecast, forecast_past, page

if view := page.start("When open batches will be accepted", forecast.known_until):
    desk = forecast.choose(view)
    if desk is not None:
        forecast.answer(desk)
        forecast.picture(desk)
        forecast.levers(desk)
        forecast.table(desk)
        forecast_past.calibration(desk)
