"""The Weekly report page: headlines, what people add, warnings before the downloads, archive."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from analysis.headline_set import KEY_METRICS
from analysis.model import Overview, Status
from analysis.overview import overview
from analysis.sampling.refusals import refused
from analysis.words import in_sentence
from data_access.entries import Action, Commentary
from data_access.workspace import Workspace
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.local_time import local
from metrics.periods import Period
from reports import archive, html, issuing, weekly
from reports.archive import Issued
from reports.report import Report
from ui import findings, messages, who
from ui.badges import badge, status_badge
from ui.judging import assessments
from ui.messages import quiet
from ui.sources import when
from ui.text import count_of, md_escape
from ui.view import View, records

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_COMMENTARY, _DOWNLOAD = "commentary", "download"  # what a problem is told about
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def audience(view: View) -> str:
    """Who the report is for."""
    return f"for {md_escape(view.store.settings.audience)}"


def brief(view: View) -> Overview:
    """The period in a few sentences, with every warning a sender must see."""
    kept = records(view.store.workspace)
    actions = kept.entries(Action, period=view.period)
    return overview(
        view.store,
        assessments(view, KEY_METRICS),
        scope=view.scope,
        has_commentary=kept.commentary(view.period.name) is not None,
        actions_without_owner=sum(not a.owner and not a.is_closed for a in actions),
        refused_lots=refused(kept.lots.all(), view.period),
    )


def headlines(found: Overview) -> None:
    """The banner and the headlines exactly as the report prints them."""
    st.header(
        "Headlines", anchor=False,
        help="The same sentences open the report. They follow from the numbers by rule.",
    )  # fmt: skip
    with st.container(border=True, gap="small", key="headlines"):
        st.markdown(f"{status_badge(found.status)} **{md_escape(found.sentence)}**")
        lines = [f"- **{md_escape(h.lead)}**{md_escape(h.rest)}" for h in found.headlines]
        lines += [f"- {md_escape(text)}" for text in (found.moves, found.routine) if text]
        if lines:
            st.markdown("\n".join(lines))


def commentary(view: View, signed: str) -> None:
    """All that people wrote about the period and its measures; kept when a field is left."""
    st.header(
        "Commentary", anchor=False,
        help="Plain text, printed in the report under its author's name, apart from what follows "
        "by rule.",
    )  # fmt: skip
    messages.told(_COMMENTARY)
    found = records(view.store.workspace).commentaries(view.period.name)
    written = {said.metric: said for said in found if not said.scope}
    for metric in ("", *sorted(written.keys() - {""})):
        _piece(view, metric, written.get(metric), signed)


def _piece(view: View, metric: str, kept: Commentary | None, signed: str) -> None:
    """What is said about one measure, or about the period as a whole."""
    key = f"commentary_{view.period.name}_{metric}"
    about = f"On {in_sentence(METRICS[metric].label)}" if metric in METRICS else metric
    if signed:
        st.text_area(
            about or "Commentary", value=kept.text if kept else "", key=key, max_chars=5_000,
            height=110, label_visibility="visible" if about else "collapsed",
            on_change=_keep_commentary, args=(view, key, metric, signed),
            placeholder="What the numbers do not say: why, what is being done, what to expect.",
        )  # fmt: skip
    else:
        with st.container(border=True, key=key):
            lead = f"**{md_escape(about)}.** " if about else ""
            empty = ":gray[Nobody has written any yet.]"
            st.markdown(f"{lead}{md_escape(kept.text)}" if kept else empty)
            st.markdown(":small[:gray[Type your name under Before you send to write here.]]")
    if kept:
        quiet(f"By {md_escape(kept.author)}, {_at(kept.written_at, view.store.workspace)}.")


def _at(moment: datetime, workspace: Workspace) -> str:
    zone = workspace.settings.reporting_zone
    return f"{when(local(moment, zone))} {md_escape(zone)}"


def _keep_commentary(view: View, key: str, metric: str, signed: str) -> None:
    text = str(st.session_state[key] or "")
    with messages.told_later(_COMMENTARY):
        records(view.store.workspace).write_commentary(
            view.period.name, text, by=signed, at=view.store.clock, metric=metric
        )


def before_you_send(view: View, found: Overview) -> str:
    """Every warning, then the downloads; returns the name that signs here."""
    st.header("Before you send", anchor=False)
    with st.container(border=True, gap="small", key="before_you_send"):
        count = len(found.warnings)
        st.markdown(
            badge("amber", f"▲ {count_of(count, 'warning')}") if count
            else badge("green", "● No warnings")
        )  # fmt: skip
        findings.warnings(found)
        signed = who.ask(key="report")
        _downloads(view, signed)
        st.markdown(
            ":small[:gray[Same numbers in all three; the warnings are printed under Data notes. A "
            "downloaded report is kept below.]]"
        )
    return signed


def _downloads(view: View, signed: str) -> None:
    maker = _Maker(view, signed)
    st.download_button(
        "Download Word", messages.keeping(_DOWNLOAD, maker.word), f"{_stem(view.period)}.docx",
        WORD, type="primary", icon=":material/description:", width="stretch",
        disabled=not signed, key="word",
    )  # fmt: skip
    st.download_button(
        "Download Excel", messages.keeping(_DOWNLOAD, maker.excel), f"{_stem(view.period)}.xlsx",
        EXCEL, icon=":material/table_view:", width="stretch", disabled=not signed, key="excel",
    )  # fmt: skip
    st.download_button(
        "Download HTML", messages.keeping(_DOWNLOAD, maker.html), f"{_stem(view.period)}.html",
        "text/html", icon=":material/code:", width="stretch", disabled=not signed, key="html",
        help="Clean HTML to paste into a wiki page or a mail; the numbers of the Word file.",
    )  # fmt: skip
    if not signed:
        st.markdown(":small[:gray[Type your name above: a report is sent by somebody.]]")


def kind_of(period: Period) -> str:
    """A week gives the weekly report, anything else a period report."""
    return "weekly" if period.grain == "week" else "period"


def _stem(period: Period) -> str:
    return f"{kind_of(period)}-report-{period.name.replace('..', '_')}"


class _Maker:
    """Builds and archives the report when a download is clicked, outside of the page's run."""

    def __init__(self, view: View, signed: str) -> None:
        """Take what is needed from the page."""
        self._store, self._period = view.store, view.period
        self._records = records(view.store.workspace)
        self._versus, self._by = view.comparison.then, signed

    def word(self) -> bytes:
        """The Word file."""
        return self._issued().word_path.read_bytes()

    def excel(self) -> bytes:
        """The Excel file."""
        return self._issued().excel_path.read_bytes()

    def html(self) -> bytes:
        """The same report as HTML; it is archived with its Word and Excel files."""
        report = self._built()
        self._issue(report)
        return html.write(report)

    def _issued(self) -> Issued:
        return self._issue(self._built())

    def _built(self) -> Report:
        return weekly.build(
            self._store, self._records, self._period, versus=self._versus,
            kind=kind_of(self._period),
        )  # fmt: skip

    def _issue(self, report: Report) -> Issued:
        store = self._store
        return issuing.issue(store.workspace, self._records, report, by=self._by, clock=store.clock)


@st.fragment(run_every=5)
def sent(workspace: Workspace) -> None:
    """The archive: what was sent, with its status, and both files as they were."""
    st.header(
        "Sent reports", anchor=False,
        help="Each keeps both files, all its numbers and the snapshot it was read from.",
    )  # fmt: skip
    messages.told(_DOWNLOAD)
    try:
        found = archive.issued(workspace)
    except AppError as problem:
        messages.error(problem)
        return
    if not found:
        st.markdown(":gray[No report was sent yet.]")
    for one in found[:12]:
        _sent_line(workspace, one)


def _sent_line(workspace: Workspace, one: Issued) -> None:
    words, ways = st.columns([5, 3], vertical_alignment="center")
    undone = f" {badge('amber', '▲ Uses undone data')}" if one.withdrawn else ""
    words.markdown(
        f"**{md_escape(one.period_label)}** {status_badge(Status(one.status))}{undone}  \n"
        f":small[:gray[{_at(one.issued_at, workspace)}, {md_escape(one.by)}] `{one.id[-10:]}`]"
    )
    with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.download_button(
            ":primary[:small[Word]]", one.word_path.read_bytes, one.word_path.name, WORD,
            type="tertiary", on_click="ignore", key=f"sent_word_{one.id}",
        )  # fmt: skip
        st.download_button(
            ":primary[:small[Excel]]", one.excel_path.read_bytes, one.excel_path.name, EXCEL,
            type="tertiary", on_click="ignore", key=f"sent_excel_{one.id}",
        )  # fmt: skip
        if st.button(":primary[:small[Lay out again]]", type="tertiary", key=f"again_{one.id}"):
            _again(workspace, one)


def _again(workspace: Workspace, one: Issued) -> None:
    try:
        made = archive.reissue(workspace, one.id)
    except AppError as problem:
        messages.error(problem)
        return
    told = (
        "Laid out again from the archived numbers: the same bytes."
        if made.is_same
        else "Laid out again from the archived numbers; the layout is of another release."
    )
    st.toast(told)
