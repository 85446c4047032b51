"""Deliveries."""

from ui import page

page.start("")
