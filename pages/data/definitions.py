"""Definitions.

Every measure and every extract, in words and in SQL, with the templates to fill in.
"""

from __future__ import annotations

from ui import definitions, page

definitions.search(page.start_without_data("Measures and extracts, as the code defines them"))
