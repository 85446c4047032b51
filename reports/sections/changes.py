"""What changed, and where: the measures with a signal, the slices out of line, people's notes."""

from __future__ import annotations

from dataclasses import replace

import charts
from analysis.model import Assessment, Finding, Severity
from metrics.catalog import METRICS
from metrics.periods import Period
from reports.blocks import Block, FindingLine, FindingList, Paragraph, Quote, Section, sentence
from reports.context import Context, figure, limits_of, message

KEY, TITLE = "changes", "What changed, and where"
_MOST_CHARTS, _MOST_SLICES = 3, 6
_HEIGHT = 105  # pixels of the plot: three charts and what they mean fit one page
_FACES = {
    Severity.MISSING: ("grey", "No data:"),
    Severity.WORSENING: ("orange", "Worsening:"),
    Severity.MISSED: ("red", "Off target:"),
    Severity.AT_RISK: ("amber", "Near target:"),
    Severity.IMPROVING: ("blue", "Improving:"),
    Severity.INFO: ("grey", "Changed:"),
}


def section(context: Context) -> Section:
    """At most three control charts, the slices that changed, the signed notes."""
    changed = [judged for judged in context.key if judged.signal.is_change]
    order = [finding.metric.name for finding in context.overview.findings]
    changed.sort(key=lambda judged: order.index(judged.metric.name))
    blocks: list[Block] = []
    if not changed:
        blocks.append(Paragraph(sentence(_calm(context))))
    blocks += [_control(context, judged) for judged in changed[:_MOST_CHARTS]]
    slices = context.slices[:_MOST_SLICES]
    if slices:
        blocks.append(FindingList(tuple(line(finding) for finding in slices)))
    return Section(KEY, TITLE, (*blocks, *_quotes(context)))


def line(finding: Finding) -> FindingLine:
    """A finding as it is printed."""
    tone, mark = _FACES[finding.severity]
    return FindingLine(
        tone,  # type: ignore[arg-type]
        mark,
        finding.lead,
        finding.rest,
        finding.evidence,
        finding.next_step,
    )


def _calm(context: Context) -> str:
    if any(judged.limits is not None for judged in context.key):
        return "No key measure changed by more than routine variation."
    return "There is too little history to tell a change from routine variation."


def _control(context: Context, judged: Assessment) -> Block:
    span = Period(judged.series[0].period.since, judged.series[-1].period.until)
    markers = context.store.markers(context.scope.during(span))
    drawn = replace(judged, limits=limits_of(judged))
    chart = charts.control(drawn, theme="print", markers=markers, height=_HEIGHT)
    return figure(message(judged), chart)


def _quotes(context: Context) -> list[Quote]:
    return [
        Quote(
            said.text,
            said.author,
            context.local(said.written_at),
            _about(said.metric),
        )
        for said in context.commentaries
    ]


def _about(metric: str) -> str:
    if not metric:
        return ""
    found = METRICS.get(metric)
    label = found.label if found else metric
    return label[:1].lower() + label[1:]
