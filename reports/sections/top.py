"""The answer in one line, and where to find the rest."""

from __future__ import annotations

from reports.blocks import Banner, Contents, Section
from reports.context import Context

KEY, TITLE = "top", ""


def section(context: Context) -> Section:
    """Banner and links."""
    told = context.overview
    banner = Banner(told.status.tone, f"{told.status.shape} {told.banner}")
    return Section(KEY, TITLE, (banner, Contents()), is_first_page=True)
