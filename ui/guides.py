"""The page Guides: search, read, take along as HTML, write one's own and approve it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from data_access.guides import Guide, in_force, listed, shipped
from metrics.catalog import METRICS
from metrics.errors import AppError
from metrics.periods import show_date
from reports import html
from ui import guide_links, messages, who
from ui.badges import badge
from ui.text import count_of, dotted, md_escape
from ui.view import View, current, records

_CHOSEN = guide_links.PARAMETER
_CHOICE, _FOLLOWED = "guide_choice", "_guide_followed"
_REVIEW_EVERY = timedelta(days=182)


def library(view: View) -> None:
    """The whole of the page: search, the chosen guide, then all of them."""
    versions = records(view.store.workspace).guides.versions()
    own = tuple(in_force(each) for each in versions.values())
    found = (*own, *shipped())
    _banner(view, found)
    with messages.section("The guide"):
        guide = _chosen(found)
        if guide is not None:
            _read(view, guide, versions.get(guide.number, (guide,)))
    _register(view, found)


def _banner(view: View, found: Sequence[Guide]) -> None:
    late = [guide for guide in found if guide.is_overdue(view.store.today)]
    drafts = sum(not guide.is_approved for guide in found)
    if late:
        names = ", ".join(md_escape(guide.title) for guide in late[:4])
        more = f" and {len(late) - 4} more" if len(late) > 4 else ""
        are = "is" if len(late) == 1 else "are"
        st.warning(f"**▲ {count_of(len(late), 'guide')} {are} overdue for review:** {names}{more}.")
    elif drafts:
        wait = "waits" if drafts == 1 else "wait"
        st.info(f"**○ {count_of(drafts, 'guide')} {wait} for approval.** No review is overdue.")
    else:
        st.success("**● Every guide is approved and no review is overdue.**")


def _chosen(found: Sequence[Guide]) -> Guide | None:
    """The guide to read: of the link, or chosen among those with the words searched for."""
    _follow_link(found)
    one, two, three = st.columns([2, 3, 1.2], vertical_alignment="bottom")
    words = one.text_input("Search titles and texts", key="guide_search", max_chars=200) or ""
    shown = {guide.key: guide for guide in found if guide.has(words)}
    with three:
        if st.button("Write a guide", icon=":material/add:", key="write_guide", width="stretch"):
            st.dialog("Write a guide", width="large")(_form)(Guide(title="", text=""))
    if not shown:
        st.markdown(":gray[No guide has these words. Search for fewer or other ones.]")
        return None
    if st.session_state.get(_CHOICE) not in shown:
        st.session_state[_CHOICE] = next(iter(shown))
    key = two.selectbox(
        f"Guide ({len(shown)} found)" if words else "Guide", list(shown), key=_CHOICE,
        format_func=lambda key: shown[key].title if key in shown else str(key),
        on_change=_remember,
    )  # fmt: skip
    return shown[key]


def _follow_link(found: Sequence[Guide]) -> None:
    """Choose the guide that the address names, once for each address."""
    asked = st.query_params.get(_CHOSEN, "")
    if not asked or asked == st.session_state.get(_FOLLOWED):
        return
    st.session_state[_FOLLOWED] = asked
    if any(guide.key == asked for guide in found):
        st.session_state[_CHOICE] = asked
    else:
        messages.quiet("The link asks for a guide that is not here.")


def _remember() -> None:
    _show(st.session_state[_CHOICE])


def _show(key: str) -> None:
    """Name a guide in the address, from where it is chosen."""
    st.query_params[_CHOSEN] = key


def _register(view: View, found: Sequence[Guide]) -> None:
    """Every guide with who approved it and when it is looked at again."""
    st.header("All guides", anchor=False)
    groups = (
        [guide for guide in found if not guide.is_shipped],
        [guide for guide in found if guide.is_shipped],
    )
    st.table(
        [
            {
                "Guide": f"**{md_escape(guide.title)}**",
                "State": _badge(view, guide),
                "From": "Plumbline" if guide.is_shipped else "Your team",
                "Belongs to": md_escape(_belongs(guide)),
                "Review by": show_date(guide.review_by) if guide.review_by else "",
            }
            for group in groups
            for guide in group
        ],
        hide_index=True, border="horizontal", alt="All guides, one row each",
    )  # fmt: skip


def _belongs(guide: Guide) -> str:
    if guide.charts and not guide.pages:
        return "charts"
    return guide.pages.replace("; ", ", ")


def _read(view: View, guide: Guide, versions: Sequence[Guide]) -> None:
    newest = versions[-1]
    with st.container(border=True, gap="small", key="guide"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.header(md_escape(guide.title), anchor=False, width="stretch")
            st.download_button(
                "HTML", lambda: html.guide(guide.title, facts(guide), guide.text),
                f"guide-{guide.key}.html", "text/html", icon=":material/download:",
                on_click="ignore", key="guide_html",
                help="Clean HTML to paste into a wiki page or a mail.",
            )  # fmt: skip
        st.markdown(f"{_badge(view, guide)} :small[:gray[{md_escape(facts(guide))}]]")
        st.markdown(guide_links.safe(guide.text))
        measures = ", ".join(
            METRICS[name].label for name in listed(guide.metrics) if name in METRICS
        )
        belongs = dotted(_belongs(guide), measures)
        if belongs:
            messages.quiet(f"Belongs to {md_escape(belongs)}")
    if guide.is_shipped:
        if st.button("Write our own from this", key="copy_guide"):
            copied = replace(guide, number=0, key="", approved_by="", approved_on=None)
            st.dialog("Write a guide", width="large")(_form)(copied)
        return
    _own(view, guide, newest, versions)


def facts(guide: Guide) -> str:
    """Version, owner, approval and day of review in one line."""
    approved = "not approved yet"
    if guide.approved_on is not None:
        approved = f"approved by {guide.approved_by} on {show_date(guide.approved_on)}"
    return dotted(
        f"version {guide.edition}",
        f"owner {guide.owner}" if guide.owner else "",
        approved,
        f"review by {show_date(guide.review_by)}" if guide.review_by else "",
    )


def _badge(view: View, guide: Guide) -> str:
    if not guide.is_approved:
        return badge("grey", "○ Draft")
    if guide.is_overdue(view.store.today):
        return badge("red", "■ Review overdue")
    return badge("green", "● Approved")


def _own(view: View, guide: Guide, newest: Guide, versions: Sequence[Guide]) -> None:
    """What can be done with a guide of one's own, and its versions."""
    if newest is not guide:
        messages.quiet(f"Version {newest.version} is drafted; this one is in force until then.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if newest.is_approved:
            if st.button("New version", key="revise_guide"):
                _begin(newest)
        else:
            if st.button("Edit the draft", key="edit_guide"):
                st.dialog("Edit the draft", width="large")(_form)(newest)
            if st.button("Approve", type="primary", key="approve_guide"):
                st.dialog("Approve")(_approval)(newest)
    with st.expander(f"Versions ({len(versions)})", key="guide_versions"):
        for each in reversed(versions):
            st.markdown(
                f"{_badge(view, each)} {md_escape(facts(each))}  \n:small[:gray[written by "
                f"{md_escape(each.written_by)}]]"
            )


def _begin(newest: Guide) -> None:
    """Begin a new version and open it."""
    st.dialog("New version")(_new_version)(newest)


def _new_version(newest: Guide) -> None:
    st.markdown("The approved version stays in force until the new one is approved.")
    signed = who.ask(key="guide_revise")
    if st.button(f"Begin version {newest.version + 1}", type="primary", key="guide_begin"):
        door, at = records(current().store.workspace).guides, current().store.clock
        _done(lambda: door.revise(newest, by=who.required(signed), at=at).key)


def _form(guide: Guide) -> None:
    title = st.text_input("Title", value=guide.title, max_chars=200, key="guide_title")
    text = st.text_area(
        "Text", value=guide.text, height=320, max_chars=60_000, key="guide_text",
        help="Markdown: ## heading, 1. step, - point, **bold**, | tables |. HTML shows as text.",
    )  # fmt: skip
    left, right = st.columns(2)
    owner = left.text_input("Owner", value=guide.owner, max_chars=200, key="guide_owner")
    known = guide_links.page_titles()
    pages = right.multiselect(
        "Linked from these pages", known, key="guide_pages",
        default=[page for page in known if guide.belongs_to("pages", page)],
    )  # fmt: skip
    signed = who.ask(key="guide")
    typed = replace(
        guide, title=title or "", text=text or "", owner=owner or "", pages="; ".join(pages)
    )
    if st.button("Save as a draft", type="primary", key="guide_save"):
        door, at = records(current().store.workspace).guides, current().store.clock

        def keep() -> str:
            by = who.required(signed)
            kept = door.write(typed, by=by, at=at) if guide.number else door.add(
                typed, by=by, at=at
            )  # fmt: skip
            return kept.key

        _done(keep)


def _approval(draft: Guide) -> None:
    today = current().store.today
    st.markdown(f"**{md_escape(draft.title)}**, version {draft.version}, is in force from today.")
    review: object = st.date_input(
        "Look at it again by", value=today + _REVIEW_EVERY, format="YYYY-MM-DD", key="guide_review"
    )
    signed = who.ask(key="guide_approve")
    if st.button("Approve", type="primary", key="guide_approve"):
        door, at = records(current().store.workspace).guides, current().store.clock
        by_day = review if isinstance(review, date) else today + _REVIEW_EVERY
        _done(
            lambda: (
                door.approve(draft, on=today, review_by=by_day, by=who.required(signed), at=at).key
            )
        )


def _done(keep: Callable[[], str]) -> None:
    """Keep what was typed, show that guide and close the dialog; an error stays in it."""
    try:
        _show(keep())
    except AppError as problem:
        messages.error(problem)
        return
    st.rerun()
