"""The Sampling desk: choose a lot, plan, draw, enter results, decide; then the history."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from analysis.sampling import draw as drawing
from analysis.sampling import lot_items
from analysis.sampling.history import Series, standings
from analysis.sampling.lot_items import LotSource
from analysis.sampling.model import Plan, plan_text
from analysis.sampling.switching import Standing
from data_access.lots import Lot
from metrics.scope import NOT_RECORDED, Scope
from ui import messages, sampling_history, sampling_plan, sampling_results, who
from ui.memo import remember
from ui.text import count_of, dotted, md_escape
from ui.view import View, records

_SEED, _OPEN = "_lot_seed", "lot_open"
_ALL = "All"
_ABOUT = "draw"


def desk(view: View) -> None:
    """The whole of the page."""
    lots = records(view.store.workspace).lots
    found = lots.all()
    open_lots = [lot for lot in found if not lot.is_decided]
    _banner(open_lots, found)
    messages.told(_ABOUT)
    with st.container(width=420):
        signed = who.ask(key="lots")
        if not signed:
            messages.quiet("Type your name to draw, to save results and to decide.")
    if open_lots:
        sampling_results.results(view, open_lots, signed, key=_OPEN)
    _draw_one(view, standings(lots.decided()), signed, is_next=not open_lots)
    sampling_history.history(view, lots.decided(), signed)


def _banner(open_lots: list[Lot], found: tuple[Lot, ...]) -> None:
    if open_lots:
        is_one = len(open_lots) == 1
        st.info(
            f"**▲ {count_of(len(open_lots), 'lot')} {'is' if is_one else 'are'} drawn and not "
            "decided.** Enter the results below."
        )
    elif found:
        newest = max(found, key=lambda lot: (lot.decided_at or lot.drawn_at, lot.number))
        tell = st.success if newest.decision == "accepted" else st.warning
        shape = "●" if newest.decision == "accepted" else "▲"
        tell(
            f"**{shape} The last lot, {md_escape(newest.name)}, was {newest.decision}.** "
            f"{newest.defective:,} of {newest.checked:,} checked items were defective."
        )
    else:
        st.info(
            "**○ No lot was drawn yet.** Choose a lot and a plan, then draw the items to check."
        )


def _draw_one(view: View, found: Mapping[Series, Standing], signed: str, *, is_next: bool) -> None:
    st.header(
        "Draw a lot",
        anchor=False,
        help="A lot is a group of finished items that is accepted or not as a whole. A few are "
        "drawn by chance and checked.",
    )
    with st.container(border=True, gap="small", key="draw_lot"):
        st.subheader("1 Lot", anchor=False)
        scope, project = _scope(view)
        offered = lot_items.sources(view.store, scope)
        if not offered:
            st.markdown(
                ":gray[No item was annotated, reviewed or completed in this window and these "
                "filters. Choose another period above.]"
            )
            return
        source = _source(offered)
        with messages.section("The lot"):
            lot = remember(
                (*view.key, "lot items", scope, source.name),
                lambda: lot_items.items(view.store, scope, source),
            )
            people = {item.annotator for item in lot}
            st.markdown(_size_words(scope, source, len(lot), people))
            plan = sampling_plan.choose(view, len(lot), project, found)
            if plan is not None:
                new, drawn = _drawn(view, plan, lot, scope, project, source)
                st.button(
                    f"Draw {count_of(len(drawn.items), 'item')}",
                    type="primary" if is_next else "secondary", disabled=not signed, key="draw",
                    on_click=_keep, args=(view, new, drawn, signed),
                )  # fmt: skip


def _scope(view: View) -> tuple[Scope, str]:
    """The filters of the bar, narrowed to a project and a batch; and the project."""
    one, two = st.columns(2)
    projects = view.store.dimension_values("project", view.scope) or [NOT_RECORDED]
    project = one.selectbox(
        "Project", projects, key="lot_project",
        help="The switching rules follow the lots of a project at one AQL and level.",
    )  # fmt: skip
    scope = view.scope.where(project=project)
    batches = view.store.dimension_values("batch", scope)
    batch = two.selectbox("Batch", [_ALL, *batches], key="lot_batch")
    return (scope if batch == _ALL else scope.where(batch=batch)), project


def _source(offered: list[LotSource]) -> LotSource:
    if len(offered) == 1:
        return offered[0]
    return st.radio(
        "Items",
        offered,
        format_func=lambda source: f"{source.name.capitalize()} in the period",
        horizontal=True,
        key="lot_source",
    )


def _size_words(scope: Scope, source: LotSource, size: int, people: set[str]) -> str:
    known = people - {NOT_RECORDED}
    by = f"by {count_of(len(known), 'annotator')}" if known else "nobody is recorded for them"
    words = dotted(scope.period.label, md_escape(scope.words))
    return (
        f"**The lot: {count_of(size, 'item')} {source.name}, {by}.**  \n:small[:gray[{words}. "
        "One item is one person's work on it.]]"
    )


def _drawn(
    view: View,
    plan: Plan,
    lot: tuple[drawing.Item, ...],
    scope: Scope,
    project: str,
    source: LotSource,
) -> tuple[Lot, drawing.Draw]:
    """The lot as it would be kept, and what would be drawn from it."""
    st.subheader("3 Draw", anchor=False)
    one, two = st.columns([2, 1])
    preset = dotted(project, dict(scope.filters).get("batch", ("",))[0], scope.period.label)
    name = one.text_input("Name of the lot", value=preset, max_chars=200, key=f"lot_name_{preset}")
    seed = two.number_input(
        "Seed", min_value=0, max_value=2**31 - 1, step=1, value=_seed(), key=f"seed_{_seed()}",
        help="The same seed draws the same items from the same lot, so a draw can be checked.",
    )  # fmt: skip
    is_stratified, is_back = _how(lot)
    drawn = remember(
        (*view.key, "draw", scope, source.name, plan.n, int(seed), is_stratified),
        lambda: drawing.draw(lot, plan.n, seed=int(seed), is_stratified=is_stratified),
    )
    if drawn.words:
        st.markdown(f":small[:gray[{drawn.words}]]")
    new = Lot(
        name=name or "",
        project=project,
        scope=dotted(scope.period.label, scope.words),
        size=len(lot),
        plan=plan_text(replace(plan, strata=drawn.strata)),
        seed=int(seed),
        is_stratified=is_stratified,
        is_resubmitted=is_back,
        drawn_at=view.store.clock,
    )
    return new, drawn


def _how(lot: tuple[drawing.Item, ...]) -> tuple[bool, bool]:
    """Whether to draw from every annotator, and whether the lot comes back after a refusal."""
    is_alone = len({item.annotator for item in lot}) < 2
    with st.container(horizontal=True, gap="large"):
        is_stratified = st.checkbox(
            "Draw from every annotator", value=not is_alone, disabled=is_alone,
            key=f"lot_stratified_{is_alone}",
            help="In proportion to their items, one at least, so that nobody is left unchecked.",
        )  # fmt: skip
        is_back = st.checkbox(
            "This lot was refused before and comes back", key="lot_is_back",
            help="The switching rules count a lot only the first time.",
        )  # fmt: skip
    return is_stratified, is_back


def _seed() -> int:
    """A seed that nobody could know beforehand; a new one after each draw."""
    if _SEED not in st.session_state:
        st.session_state[_SEED] = secrets.randbelow(1_000_000)
    return int(st.session_state[_SEED])


def _keep(view: View, new: Lot, drawn: drawing.Draw, signed: str) -> None:
    with messages.told_later(_ABOUT):
        items = [(item.item_id, item.annotator) for item in drawn.items]
        kept = records(view.store.workspace).lots.draw(
            new, items, by=who.required(signed), at=view.store.clock
        )
        st.session_state[_OPEN] = kept.number
        st.session_state.pop(_SEED, None)
