"""Items on which people differ, and what each person's answers tell: the lower half of the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import streamlit as st

from analysis.agreement.dawid_skene import Consensus
from analysis.agreement.desk import Desk
from analysis.words import some
from charts.matrix import MOST, MatrixCell, matrix
from metrics.annotation import RATINGS_GIVEN
from metrics.scope import Scope, scope
from metrics.units import PERCENT, round_half_up
from ui import page, rows
from ui.drawing import draw
from ui.memo import remember
from ui.messages import quiet
from ui.numbers import cell, column
from ui.text import md_escape
from ui.times import in_zone
from ui.view import View

SHOW, PERSON = "show", "person"
EVERYTHING = "All items where people differ"
_AND, _VERSUS, _MOST_OPTIONS = " and ", " against ", 20


def people_option(first: str, second: str) -> str:
    """The choice that shows the items of two people: "People: Ana and Ben"."""
    return f"People: {_AND.join(sorted((first, second)))}"


def confusion_option(first: str, second: str) -> str:
    """The choice that shows the items with two answers: "Answers: Nodule against Mass"."""
    return f"Answers: {_VERSUS.join(sorted((first, second)))}"


def show_option(option: str) -> None:
    """Show the items of a cell that was clicked; for callbacks only."""
    st.session_state[SHOW] = option


def _options(found: Desk) -> dict[str, dict[str, tuple[str, ...]]]:
    """What may be shown → the filters that show it."""
    options: dict[str, dict[str, tuple[str, ...]]] = {EVERYTHING: {}}
    if not found.ratings.has_sets:
        for pair in found.confusions[:_MOST_OPTIONS]:
            both = (pair.first, pair.second)
            options[confusion_option(*both)] = {"answer": both}
    for one in sorted(found.pairs, key=lambda pair: pair.percent):
        options[people_option(one.first, one.second)] = {"annotator": (one.first, one.second)}
    return options


def choose(found: Desk) -> dict[str, tuple[str, ...]]:
    """Which items to show: all, those of two answers, or those of two people."""
    options = _options(found)
    if st.session_state.get(SHOW) not in (None, *options):
        st.session_state[SHOW] = EVERYTHING
    picked = st.selectbox(
        "Which items to show",
        list(options),
        key=SHOW,
        bind="query-params",
        width=460,
        label_visibility="collapsed",
    )
    return options.get(picked or EVERYTHING, {})


def items(view: View, found: Desk, filters: dict[str, tuple[str, ...]]) -> None:
    """The items, most divided first: who said what, the likely answer, and the gold one."""
    here = _within(found.ratings.scope, filters)
    listed = view.store.statistic("disagreements", RATINGS_GIVEN, here)
    _items_head(view, found, here, listed)
    if not listed:
        st.markdown(":gray[Nobody differs here.]")
        return
    table: dict[str, Any] = {
        "Item": [row["item_id"] for row in listed],
        "Who said what": [row["said"] for row in listed],
        **_likely(found, listed, filters),
        "Gold answer": [row["gold_answer"] for row in listed],
        "Source": [row["source"] for row in listed],
    }
    if not any(table["Gold answer"]):
        del table["Gold answer"]
    st.dataframe(
        pa.table(table),
        hide_index=True,
        key="disagreements_table",
        placeholder="",
        alt="Items on which people differ, with who said what",
        column_config={
            "Who said what": st.column_config.TextColumn(width=460),
            "Certainty": column("Certainty", PERCENT),
        },
    )
    quiet(
        "The files hold every rating of these items. Certainty is the model's own: it takes what "
        "it learned of each person for the truth, so with few items it is too high. Read it beside "
        "how many said it."
    )


def _items_head(view: View, found: Desk, here: Scope, listed: Sequence[dict[str, Any]]) -> None:
    """How many items there are, with all their ratings to download."""
    with st.container(horizontal=True, vertical_alignment="center"):
        many = f"{len(listed):,} and more" if len(listed) >= rows.SHOWN else f"{len(listed):,}"
        st.markdown(f"**{many} items, most divided first**", width="stretch")
        if listed:
            rows.downloads(
                lambda: in_zone(
                    view.store.rows(RATINGS_GIVEN, here), view.store.settings.reporting_zone
                ),
                name=f"ratings_{found.ratings.field}",
                key="disagreements",
                count=view.store.row_count(RATINGS_GIVEN, here),
            )


def _within(here: Scope, filters: dict[str, tuple[str, ...]]) -> Scope:
    return scope(here.period, dict(here.filters) | filters)


def _likely(
    found: Desk, listed: list[dict[str, Any]], filters: dict[str, tuple[str, ...]]
) -> dict[str, Any]:
    """The likeliest answer of each item and its certainty; nothing where items are cut short."""
    told = found.consensus
    if told is None or filters:
        return {}
    place, said = _places(found), found.ratings.places
    at = [
        place.get((tuple(r["annotators"]), tuple(said[code] for code in r["codes"])))
        for r in listed
    ]
    answers = [None if p is None else told.answers[told.label[p]] for p in at]
    sure = [None if p is None else cell(float(told.certainty[p]), PERCENT) for p in at]
    votes = [_votes(found, row, answer) for row, answer in zip(listed, answers, strict=True)]
    return {"Likely answer": answers, "Said by": votes, "Certainty": pa.array(sure, pa.float64())}


def _votes(found: Desk, row: dict[str, Any], answer: str | None) -> str:
    """How many of the people said the likely answer: "1 of 3"."""
    codes = next((a.codes for a in found.ratings.answers if a.text == answer), ())
    return f"{sum(said in codes for said in row['codes'])} of {len(row['codes'])}"


def _places(found: Desk) -> dict[tuple[tuple[str, ...], tuple[int, ...]], int]:
    """(people, places of their answers) of a pattern → its place in the consensus."""
    codes, people = found.ratings.people.codes, found.ratings.people.raters
    places = {}
    for at, row in enumerate(codes):
        there = np.flatnonzero(row >= 0)
        who = tuple(people[i] for i in there)
        places[who, tuple(row[there].tolist())] = at
    return places


def consensus(view: View, found: Desk) -> None:
    """How each person answers where the likely answer is another: Dawid and Skene's model."""
    told = found.consensus
    page.heading(
        "Likely answers and each person's slips",
        help="Dawid and Skene (1979): every item has one right answer, and each person gives each "
        "answer with a chance that depends on it. Worked out from the answers alone, without gold. "
        "People who err alike pass for right.",
    )
    if told is None:
        why = found.ratings.no_people or "Too few items were rated by two people or more."
        st.markdown(f":gray[{md_escape(why)}]")
        return
    if found.ratings.has_sets:
        quiet("Here an answer is a whole set of labels.")
    left, right = page.split(5, 7)
    with left, st.container(border=True, height="stretch", key="slips"):
        _people_table(told, found)
    if found.ratings.has_sets:  # sets of labels are too many and too long for a matrix
        return
    with right, st.container(border=True, height="stretch", key="slips_of_one"):
        _slips(view, told, found)


def _people_table(told: Consensus, found: Desk) -> None:
    right, ratings = found.likely_right, found.ratings.of_each
    st.markdown(
        f"**The likely answer is {PERCENT.show(found.certainty)} certain on average**  \n"
        ":small[:gray[Likely right: the person's share of likely answers, by how common they are]]"
    )
    order = sorted(range(len(told.raters)), key=lambda at: told.raters[at])
    table: dict[str, Any] = {
        "Annotator": [told.raters[at] for at in order],
        "Likely right": pa.array([cell(right[at], PERCENT) for at in order], pa.float64()),
        "Ratings": pa.array([ratings[at] for at in order], pa.int64()),
    }
    st.dataframe(
        pa.table(table),
        hide_index=True,
        placeholder="",
        key="slips_table",
        alt="Share of answers that are likely right, by annotator",
        column_config={
            "Likely right": column("Likely right", PERCENT),
            "Ratings": st.column_config.NumberColumn(format="localized"),
        },
    )
    if not told.has_converged:
        quiet(f"Stopped after {told.iterations} rounds before it settled.")


def _percent(share: float) -> str:
    """A whole percentage; blank where it rounds to none."""
    whole = round_half_up(share * 100, 0)
    return f"{whole}%" if whole else ""


def _slips(view: View, told: Consensus, found: Desk) -> None:
    name = st.selectbox(
        "Annotator",
        sorted(told.raters),
        key=PERSON,
        bind="query-params",
        label_visibility="collapsed",
        width=260,
    )
    at = told.raters.index(name) if name in told.raters else 0
    quiet(
        f"Rows: the likely answer; columns: what {md_escape(told.raters[at])} said, "
        f"on {some(found.ratings.of_each[at], 'ratings')}."
    )
    table = told.confusion[at]
    common = np.argsort(-told.prior)[:MOST]
    cells = [
        MatrixCell(
            told.answers[true],
            told.answers[given],
            _percent(float(table[true, given])),
            None if true == given else min(1.0, float(table[true, given]) / 0.5),
            f"where {told.answers[true]} is likely, {told.answers[given]} is said",
        )
        for true in common
        for given in common
        if not np.isnan(table[true, given])
    ]
    chart = remember(
        (*view.key, "slips", found.ratings.field, view.scope, view.theme, name),
        lambda: matrix(
            [told.answers[i] for i in common],
            cells,
            theme=view.theme,
            what="Answers given by likely answer",
        ),
    )
    draw(chart, key="slips_chart", empty="This person shares no item.")
