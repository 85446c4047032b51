"""Upload."""

from ui import page

page.start("")
