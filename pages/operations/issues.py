"""Issues."""

from ui import page

page.start("")
