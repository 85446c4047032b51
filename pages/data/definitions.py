"""Definitions."""

from ui import page

page.start("")
