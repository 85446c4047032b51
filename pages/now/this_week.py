"""This week."""

from ui import page

page.start("")
