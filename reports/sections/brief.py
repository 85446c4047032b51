"""The week in brief: what changed or is off, since when, and that the rest is routine."""

from __future__ import annotations

from reports.blocks import Bullets, Run, Runs, Section, sentence
from reports.context import Context

KEY, TITLE = "brief", "The {noun} in brief"


def section(context: Context) -> Section:
    """At most four headlines, the status moves, one line for the routine measures."""
    told = context.overview
    items: list[Runs] = [
        (Run(finding.lead, is_bold=True), Run(finding.rest)) for finding in told.headlines
    ]
    if told.moves:
        lead, colon, rest = told.moves.partition(":")
        items.append((Run(lead, is_bold=True), Run(colon + rest)))
    if told.routine:
        items.append(sentence(told.routine))
    blocks = (Bullets(tuple(items)),) if items else ()
    return Section(KEY, TITLE.format(noun=context.noun), blocks, is_first_page=True)
