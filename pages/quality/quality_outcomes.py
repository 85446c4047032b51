"""Quality outcomes."""

from ui import page

page.start("")
