"""The Agreement page: whether people give the same answers, and where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from analysis.agreement.alpha import Level
from analysis.agreement.desk import LEVELS, WEEKS, Desk, desk, fields, looking_back
from analysis.agreement.reading import MOST_PEOPLE
from analysis.words import some
from charts.matrix import MOST, MatrixCell, matrix
from charts.model import Chart
from metrics.annotation import GWET_AC1, KRIPPENDORFF_ALPHA, PERCENT_AGREEMENT
from metrics.model import Metric
from metrics.scope import scope
from metrics.units import PERCENT, RATIO
from ui import cards, explain, page
from ui.agreement_cards import coefficients, label_card
from ui.agreement_items import choose, confusion_option, items, people_option, show_option
from ui.drawing import Picked, draw
from ui.findings import banner
from ui.memo import remember
from ui.messages import quiet
from ui.text import count_of, dotted, md_escape
from ui.view import View

FIELD, LEVEL, WINDOW = "field", "level", "window"
_BACK, _SHOWN = f"{WEEKS} weeks to its end", "Period shown"
_METRICS: dict[str, Metric] = {
    "alpha": KRIPPENDORFF_ALPHA,
    "gwet": GWET_AC1,
    "percent": PERCENT_AGREEMENT,
}


def chosen(view: View) -> tuple[View, Desk] | None:
    """The window and the field looked at; None, said in words, when there are no ratings.

    The view handed back looks at the window chosen here: a week alone is mostly too few items.
    """
    with st.container(horizontal=True, vertical_alignment="center", key="agreement_choice"):
        spot = st.container(width="content")
        window = st.segmented_control(
            "Ratings of",
            [_BACK, _SHOWN],
            key=WINDOW,
            bind="query-params",
            default=_BACK,
            required=True,
            label_visibility="collapsed",
            help="A week holds few items that several people rated, so the page looks back.",
        )
        asked = view.scope if window == _SHOWN else looking_back(view.scope)
        here = replace(view, scope=asked)
        names = remember((*view.key, "fields", asked), lambda: fields(view.store, asked))
        with spot:
            found = _picked(here, names) if names else None
    if found is None:
        _nothing(here)
        return None
    quiet(_about(here, found))
    return here, found


def _picked(view: View, names: Sequence[str]) -> Desk:
    """The field picked, at the level picked where its answers are numbers."""
    field = st.selectbox(
        "Field",
        names,
        key=FIELD,
        bind="query-params",
        width=260,
        label_visibility="collapsed",
        help="The question that people answered.",
    )
    found = _desk(view, field, "nominal")
    if len(found.levels) == 1:
        return found
    level = st.segmented_control(
        "How far apart two answers are",
        list(found.levels),
        format_func=lambda level: LEVELS.get(level, str(level)),
        key=LEVEL,
        bind="query-params",
        default="nominal",
        required=True,
        label_visibility="collapsed",
        help="Labels: two different answers are simply different. Ordered steps, distance and "
        "ratio count a near miss as less.",
    )
    return _desk(view, field, level)


def _desk(view: View, field: str, level: Level) -> Desk:
    return remember(
        (*view.key, "agreement", field, level, view.scope),
        lambda: desk(view.store, view.scope, field, level),
        is_large=True,
    )


def _about(view: View, found: Desk) -> str:
    people = len(found.ratings.raters)
    answers = len(found.ratings.labels)
    shared = found.main.n_units if found.main else 0
    return md_escape(
        dotted(
            view.period.dates,
            f"{shared:,} shared {'item' if shared == 1 else 'items'}",
            f"{people:,} {'person' if people == 1 else 'people'}",
            count_of(answers, "label"),
        )
    )


def _nothing(view: View) -> None:
    value = view.store.value(KRIPPENDORFF_ALPHA, view.scope)
    why = value.withheld or "No rating lies in this window and these filters."
    st.info(
        f"**○ No ratings to compare.** {md_escape(why)} Upload an export of your annotation tool, "
        "or a plain list of item, annotator and label, with items that several people rated."
    )
    st.page_link("pages/data/upload.py", label="Upload an extract", icon=":material/upload:")


def answer(found: Desk) -> None:
    """The banner: what stands out, and what to look at first."""
    finding = found.finding
    banner(found.status, finding.sentence, found.caution)
    steps = [f.next_step for f in found.diagnosis.findings if f.next_step]
    if steps:
        st.info(f"**Next step:** {md_escape(' '.join(dict.fromkeys(steps)))}")
    rest = [f.sentence for f in found.diagnosis.findings[1:]]
    if found.ratings.too_many:
        rest.append(found.ratings.too_many)
    for sentence in (*rest, *found.mixed, *found.diagnosis.cannot_tell):
        quiet(md_escape(sentence))


def pictures(view: View, found: Desk) -> None:
    """What is taken for what, beside the coefficients."""
    left, right = page.split(6, 6)
    with left, st.container(border=True, height="stretch", key="confusions"):
        _confusions(view, found)
    with right, st.container(border=True, height="stretch", key="coefficients"):
        coefficients(found)


def _confusions(view: View, found: Desk) -> None:
    if found.ratings.has_sets:
        label_card(found)
        return
    pairs = found.confusions
    lead = "Nobody differs" if not pairs else (
        f"{pairs[0].first} and {pairs[0].second} stand for "
        f"{PERCENT.show(pairs[0].share)} of all disagreements"
    )  # fmt: skip
    small = "Pairs of people by their two answers · shade: share of the row that differs · click"
    cards.head(lead, small, PERCENT_AGREEMENT, found.ratings.scope, key="confusions_explain")
    chart = remember(
        (*view.key, "confusions", found.ratings.field, view.scope, view.theme),
        lambda: _confusion_chart(view, found),
    )

    def pick(picked: Picked) -> None:
        if picked.get("row") and picked["row"] != picked["column_name"]:
            show_option(confusion_option(str(picked["row"]), str(picked["column_name"])))

    empty = found.ratings.too_many or "Nobody rated the same item twice."
    draw(chart, key="confusions_chart", empty=empty, on_pick=pick)


def _confusion_chart(view: View, found: Desk) -> Chart:
    together = found.ratings.answer_pairs() if not found.ratings.too_many else []
    table = {frozenset((a, b)): n for a, b, n in together}
    sizes = {a.text: a.ratings for a in found.ratings.answers}
    names = sorted(sizes, key=lambda name: (-sizes[name], name))[:MOST]
    worst = {frozenset((c.first, c.second)) for c in found.confusions[:1]}
    wholes = {a: sum(table.get(frozenset((a, b)), 0) for b in sizes) for a in names}
    cells = [
        MatrixCell(
            a,
            b,
            f"{n:,}",
            None if a == b else min(1.0, n / max(wholes[a], 1) / 0.35),
            _told(a, b, n, wholes[a]),
            frozenset((a, b)) in worst,
        )
        for a in names
        for b in names
        for n in [table.get(frozenset((a, b)), 0)]
    ]
    return matrix(names, cells, theme=view.theme, what="Pairs of people by their two answers")


def _told(first: str, second: str, n: int, whole: int) -> str:
    share = PERCENT.show(n / whole) if whole else "none"
    if first == second:
        return f"{n:,} pairs of people both say it, {share} of those with it"
    return f"{n:,} pairs of people, {share} of those with {first}"


def labels(found: Desk) -> None:
    """Each label by itself, the least agreed on first; where answers are sets it stands above."""
    if found.ratings.has_sets:
        return
    with st.container(border=True, height="stretch", key="labels"):
        label_card(found)


def people(view: View, found: Desk) -> None:
    """Who agrees with whom; a click shows the items of a pair."""
    pairs = [pair for pair in found.pairs if not pair.withheld]
    with st.container(border=True, height="stretch", key="pairs"):
        lowest = min(pairs, key=lambda pair: pair.percent, default=None)
        lead = (
            f"{lowest.first} and {lowest.second} agree least: {PERCENT.show(lowest.percent)} of "
            f"{some(lowest.n, 'shared items')}"
            if lowest
            else "No two people share 10 items or more"
        )
        small = dotted(
            "Percent agreement of each pair",
            f"{count_of(len(found.pairs) - len(pairs), 'pair')} below 10 shared items left out"
            if len(found.pairs) > len(pairs)
            else "",
            f"the {MOST_PEOPLE} people with most ratings"
            if len(found.ratings.raters) > MOST_PEOPLE
            else "",
            "shade: disagreement · click",
        )
        cards.head(lead, small, PERCENT_AGREEMENT, found.ratings.scope, key="pairs_explain")
        chart = remember(
            (*view.key, "pairs", found.ratings.field, view.scope, view.theme),
            lambda: _pair_chart(view, found),
        )

        def pick(picked: Picked) -> None:
            if picked.get("row"):
                show_option(people_option(str(picked["row"]), str(picked["column_name"])))

        draw(chart, key="pairs_chart", empty="There is nothing to compare yet.", on_pick=pick)


def _pair_chart(view: View, found: Desk) -> Chart:
    pairs = [pair for pair in found.pairs if not pair.withheld]
    times: dict[str, int] = {}
    for pair in pairs:
        for name in (pair.first, pair.second):
            times[name] = times.get(name, 0) + pair.n
    names = sorted(times, key=lambda name: (-times[name], name))[:MOST]
    cells = [
        MatrixCell(
            one,
            two,
            PERCENT.show(pair.percent),
            1.0 - pair.percent,
            f"{PERCENT.show(pair.percent)} of {pair.n:,} items, kappa {RATIO.show(pair.kappa)}",
        )
        for pair in pairs
        for one, two in ((pair.first, pair.second), (pair.second, pair.first))
    ]
    return matrix(sorted(names), cells, theme=view.theme, what="Percent agreement of each pair")


def over_time(view: View, found: Desk) -> None:
    """Alpha of the field by week, with the expected range and what happened."""
    field = {**dict(view.scope.filters), "field": (found.ratings.field,)}
    here = replace(view, scope=scope(view.period, field))
    cards.over_time(here, KRIPPENDORFF_ALPHA, key="alpha_over_time", height=230)


def disagreeing(view: View, found: Desk) -> None:
    """The items behind what was clicked, most divided first, with the likely answer."""
    page.heading("Items where people differ")
    option = choose(found)
    items(view, found, option)


def explained(view: View) -> None:
    """How to read the page, and the ways to the definitions."""
    with st.container(horizontal=True, vertical_alignment="center", key="agreement_words"):
        quiet("What the words mean:", width="content")
        for metric in _METRICS.values():
            explain.button(metric, view.scope, key=f"word_{metric.name}", label=metric.label)
