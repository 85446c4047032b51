"""Weekly report."""

from ui import page

page.start("")
