"""Guides.

How things are done here and how to read what is shown: searchable, approved, dated, one's own too.
"""

from __future__ import annotations

from ui import guides, page

guides.library(page.start_without_data("How things are done, and how to read what is shown"))
