"""The issue desk: what was done in the period, and what each open issue waits for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial

from analysis import words
from analysis.desk import load
from analysis.desk import words as desk_words
from analysis.desk.severity import NOT_SET
from analysis.desk.triage import Reason, Ticket
from data_access.cases import Step
from metrics.issues import ISSUES_OPENED, ISSUES_RESOLVED
from metrics.units import COUNT
from reports.blocks import (
    Block,
    Cell,
    Column,
    Paragraph,
    Row,
    Section,
    Table,
    Tone,
    sentence,
    show_time,
)
from reports.context import Context, joined

KEY, TITLE = "desk", "Issue desk"
_MOST_ROWS = 8
_LOUD = (Reason.BREACHED, Reason.OVERDUE, Reason.ESCALATED)
_SAID = (
    (Reason.BREACHED, "past the time the service level allows"), (Reason.OVERDUE, "overdue"),
    (Reason.ESCALATED, "escalated"), (Reason.NEW, "not triaged yet"),
    (Reason.UNOWNED, "without an owner"), (Reason.STALE, "stale"),
    (Reason.RESOLVED, "resolved in the tracker"), (Reason.GONE, "gone from the data"),
)  # fmt: skip


def section(context: Context) -> Section:
    """Nothing where the desk was never used; else a sentence, the open issues, the escalations."""
    log = context.records.desk.log()
    if not log:
        return Section(KEY, TITLE, ())
    tickets = load.at_end(context.store, log, context.as_of)
    open_ones = [ticket for ticket in tickets if not ticket.case.is_closed]
    done, since = _done(context, load.shown_log(context.store, log))
    blocks: list[Block] = [Paragraph(sentence(_reading(context, open_ones, done, since)))]
    if open_ones:
        blocks.append(_open_table(context, open_ones))
    for name, sheet, kinds, caption in (
        ("escalations", "Escalations", ("escalate", "settle"), _up),
        ("closures", "Closed issues", ("close", "reopen"), _down),
    ):
        steps = [step for step in (*done, *since) if step.what in kinds]
        if steps:
            said = caption([step for step in done if step.what in kinds])
            blocks.append(_steps_table(context, steps, name, sheet, said))
    return Section(KEY, TITLE, tuple(blocks))


def _done(context: Context, log: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The steps of the period, and for the newest one those after it, oldest first."""
    steps = sorted(log, key=lambda step: step.at)
    days = [(context.local(step.at).date(), step) for step in steps]
    done = [step for day, step in days if context.period.contains(day)]
    is_newest = load.is_newest(context.store, context.as_of)
    return done, [step for day, step in days if is_newest and day >= context.period.until]


def _acts(steps: Sequence[Step]) -> str:
    """How often what was done: "two triaged and one escalated"; "" for nothing."""
    did = Counter(step.what for step in steps)
    verbs = {"triage": "triaged", "escalate": "escalated", "close": "closed", "reopen": "reopened"}
    acts = [f"{words.number_word(did[what])} {verb}" for what, verb in verbs.items() if did[what]]
    return words.listed(acts) if acts else ""


def _reading(
    context: Context, tickets: Sequence[Ticket], done: Sequence[Step], since: Sequence[Step]
) -> str:
    opened, solved = (
        round(context.judged[metric.name].value.value or 0)
        for metric in (ISSUES_OPENED, ISSUES_RESOLVED)
    )
    counts = Counter(reason for ticket in tickets for reason in ticket.reasons)
    parts = [f"{counts[reason]:,} {said}" for reason, said in _SAID if counts[reason]]
    noun = "issue" if len(tickets) == 1 else "issues"
    return joined(
        (
            f"In the tracker {words.some(opened, 'issues')} opened and {solved:,} resolved; on "
            f"the desk {_acts(done) or 'nothing was done'}.",
            f"Since then {_acts(since)}." if _acts(since) else "",
            f"Of {len(tickets):,} open {noun}: {words.listed(parts, most=len(_SAID))}."
            if parts
            else "",
        )
    )


def _open_table(context: Context, tickets: Sequence[Ticket]) -> Table:
    waiting = sum(bool(ticket.case.waits_for) for ticket in tickets)
    verb = "waits" if waiting == 1 else "wait"
    return Table(
        name="desk",
        caption=f"{words.sentence_case(words.x_of_y(waiting, len(tickets)))} open issues {verb} "
        "for somebody else"
        if waiting
        else "What each open issue waits for",
        columns=(
            Column("Issue", width=0.72, chars=14),
            Column("Source", width=0, chars=14),
            Column("Summary", width=1.6, chars=50),
            Column("Team", width=0, chars=20),
            Column("Why", width=1.1, chars=30),
            Column("Severity", width=0, chars=10),
            Column("Priority", kind="number", width=0, chars=10),
            Column("State", width=0, chars=26),
            Column("Waits for", width=0.98, chars=22),
            Column("Owner", width=0.85, chars=20),
            Column("Next step", width=1.15, chars=40),
            Column("Due", kind="date", width=0.6, chars=13),
            Column("SLA", width=0, chars=26),
            Column("Response", width=0, chars=50),
            Column("Resolution", width=0, chars=50),
            Column("Level", kind="number", width=0, chars=8),
            Column("Escalated to", width=0, chars=20),
            Column("Age in days", kind="number", width=0, chars=10),
        ),
        rows=tuple(_row(context, ticket) for ticket in tickets),
        description="One row per open issue, most urgent first: why it needs somebody, what it "
        "waits for, its owner and the next step.",
        sheet="Issue desk",
        word_rows=_MOST_ROWS,
        note="Priority is severity times age; due is the earlier one of the next step's and the "
        "issue's day.",
    )


def _row(context: Context, ticket: Ticket) -> Row:
    case, clocks = ticket.case, ticket.clocks
    late = ticket.due_on is not None and ticket.due_on < context.as_of
    said = partial(desk_words.clock_words, show=lambda at: show_time(context.local(at)))
    return Row(
        (
            Cell(case.issue_key),
            Cell(case.source),
            Cell(ticket.summary),
            Cell(ticket.team),
            Cell(
                ", ".join(reason.value for reason in ticket.reasons) or "In hand",
                tone=_tone(ticket),
            ),
            Cell(ticket.severity or NOT_SET),
            Cell(round(ticket.priority, 1), unit=COUNT.name, text=f"{ticket.priority:,.1f}"),
            Cell(case.state_words),
            Cell(desk_words.waits(ticket)),
            Cell(ticket.owner) if ticket.owner else Cell("No owner", tone="amber"),
            Cell(case.next_step, text="" if case.next_step else "–"),
            Cell(ticket.due_on, tone="red" if late else ""),
            Cell(desk_words.short(clocks)),
            Cell(said(clocks.response) if clocks and clocks.response else ""),
            Cell(said(clocks.resolution) if clocks and clocks.resolution else ""),
            Cell(case.level or None, unit=COUNT.name, text="" if case.level else "–"),
            Cell(case.escalated_to),
            Cell(ticket.age_days, unit=COUNT.name, text="" if ticket.age_days else "0"),
        ),
        key=f"{case.source}:{case.issue_key}",
    )


def _tone(ticket: Ticket) -> Tone:
    if any(reason in _LOUD for reason in ticket.reasons):
        return "red"
    return "amber" if ticket.reasons else "green"


def _up(steps: Sequence[Step]) -> str:
    ups = sum(step.what == "escalate" for step in steps)
    if not ups:
        return "No escalation began in the period"
    times = f"{words.sentence_case(words.number_word(ups))} escalation{'' if ups == 1 else 's'}"
    return f"{times} in the period"


def _down(steps: Sequence[Step]) -> str:
    if not steps:
        return "No issue was closed on the desk in the period"
    closed = sum(step.what == "close" for step in steps)
    again = len(steps) - closed
    noun = "issue" if closed == 1 else "issues"
    text = f"{words.sentence_case(words.number_word(closed))} {noun} closed on the desk"
    return f"{text}, {words.number_word(again)} reopened" if again else text


def _steps_table(
    context: Context, steps: Sequence[Step], name: str, sheet: str, caption: str
) -> Table:
    return Table(
        name=name,
        caption=caption,
        columns=(
            Column("Issue", width=0.8, chars=14),
            Column("Source", width=0, chars=14),
            Column("Summary", width=2.1, chars=50),
            Column("What", width=2.7, chars=70),
            Column("Time", kind="time", width=0, chars=18),
            Column("By", width=1.4, chars=22),
        ),
        rows=tuple(
            Row(
                (
                    Cell(step.case.issue_key),
                    Cell(step.case.source),
                    Cell(step.case.summary),
                    Cell(desk_words.done(step)),
                    Cell(context.local(step.at)),
                    Cell(step.by),
                ),
                key=f"{step.case.source}:{step.case.issue_key}:{number}",
            )
            for number, step in enumerate(steps)
        ),
        description=f"One row per step of the issue desk in the period: {sheet.lower()}.",
        sheet=sheet,
        word_rows=_MOST_ROWS,
    )
