"""Trends."""

from ui import page

page.start("")
