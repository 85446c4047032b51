"""Bottlenecks."""

from ui import page

page.start("")
