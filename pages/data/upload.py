"""Upload.

Choose a file, see what would be accepted and refused, answer what cannot be guessed, accept.
"""

from __future__ import annotations

from ui import page, upload

upload.wizard(
    page.start_without_data(
        "Add this week's extracts. Nothing changes until you accept; every upload can be undone."
    )
)
