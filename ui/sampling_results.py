"""Results of a drawn lot: typed in a table or uploaded as a sheet, then the decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from analysis.sampling.deciding import Outcome, plan_words
from analysis.sampling.history import outcome_of
from analysis.sampling.model import Decision, plan_of
from data_access import review_sheet
from data_access.lots import ACCEPTED, NOT_ACCEPTED, RESULTS, Drawn, Lot
from data_access.review_sheet import Sheet
from metrics.errors import AppError
from metrics.local_time import local
from metrics.periods import show_date
from ui import messages, rows, who
from ui.text import count_of, dotted, md_escape
from ui.view import View, records

_ABOUT = "results"
_ROUND = "_lot_round"
_EDITED = {"Result": "result", "Error type": "error_type", "Note": "note"}


def results(view: View, lots: Sequence[Lot], signed: str, *, key: str) -> None:
    """The open lots: one is chosen, its results are entered, it is decided."""
    st.header("Results", anchor=False, help="Check the drawn items in the order of their numbers.")
    with st.container(border=True, gap="small", key="lot_results"):
        by_number = {lot.number: lot for lot in lots}
        if st.session_state.get(key) not in by_number:
            st.session_state[key] = lots[-1].number
        number = st.selectbox(
            "Open lot", list(by_number), key=key,
            format_func=lambda n: f"{by_number[n].code} {by_number[n].name}",
        )  # fmt: skip
        lot = by_number[number]
        messages.told(_ABOUT)
        with messages.section("The lot"):
            items = records(view.store.workspace).lots.items(lot)
            _head(view, lot)
            is_sent = _sheet(view, lot, items, signed)
            _table(view, lot, items, signed)
            _decide(view, lot, outcome_of(lot, items), signed, is_next=not is_sent)


def _head(view: View, lot: Lot) -> None:
    zone = view.store.settings.reporting_zone
    drawn = local(lot.drawn_at, zone)
    st.markdown(
        f"**{plan_words(plan_of(lot.plan))}**  \n:small[:gray["
        + md_escape(
            dotted(
                lot.scope,
                f"seed {lot.seed}",
                f"drawn {show_date(drawn.date())}, {drawn:%H:%M} by {lot.drawn_by}",
            )
        )
        + "]]"
    )


def _shown(view: View, items: Sequence[Drawn]) -> list[Drawn]:
    """The items with people under the names that may be shown now."""
    return [replace(item, annotator=view.store.shown_name(item.annotator)) for item in items]


def _sheet(view: View, lot: Lot, items: Sequence[Drawn], signed: str) -> bool:
    """The sheet to fill in, down and up again; whether results of one wait to be saved."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            ":small[:gray[Review sheet, to send back with pass or fail under Result:]]",
            width="content",
        )
        rows.downloads(
            lambda: review_sheet.written(lot, _shown(view, items)),
            name=f"review-sheet-{lot.code}",
            key=f"sheet_{lot.number}",
            count=len(items),
        )
    sent = st.file_uploader(
        "Filled-in sheet: CSV or Excel",
        type=("csv", "xlsx"),
        key=f"sheet_up_{lot.number}_{_turn()}",
    )
    if sent is None:
        return False
    try:
        found = review_sheet.read(sent.name, sent.getvalue(), lot, items)
    except AppError as problem:
        messages.error(problem)
        return False
    _told(found)
    if found.results:
        st.button(
            f"Save {count_of(len(found.results), 'result')}",
            type="primary", key="save_sheet", disabled=not signed,
            on_click=_keep, args=(view, lot, found.results, signed),
        )  # fmt: skip
    return bool(found.results)


def _told(found: Sheet) -> None:
    parts = [f"{count_of(len(found.results), 'result')} read"]
    if found.blank:
        parts.append(f"{count_of(found.blank, 'line')} without a result")
    if found.changed:
        listed = "; ".join(
            f"{old.item_id} from {old.result} to {new.result}" for old, new in found.changed[:8]
        )
        more = f" and {len(found.changed) - 8:,} more" if len(found.changed) > 8 else ""
        st.warning(
            f"**▲ {count_of(len(found.changed), 'saved result')} would change:** "
            f"{md_escape(listed)}{more}. The trail keeps what was saved before."
        )
    if not found.refused:
        st.success(f"**● {', '.join(parts)}.** Nothing is stored yet.")
        return
    refused = count_of(len(found.refused), "line")
    st.warning(
        f"**▲ {refused} cannot be taken.** {', '.join(parts)}. Mend the lines in the sheet and "
        "send it again; what is saved before stays."
    )
    st.dataframe(
        pd.DataFrame(
            [(r.line, r.item_id, r.result, r.reason) for r in found.refused],
            columns=["Line", "Item", "Result", "Why it cannot be taken"],
        ),
        hide_index=True,
        placeholder="",
        alt="Lines of the sheet that cannot be taken",
        key="refused_lines",
    )


def _table(view: View, lot: Lot, items: Sequence[Drawn], signed: str) -> None:
    """The table to type results in."""
    frame = pd.DataFrame(
        [
            (i.place, i.item_id, i.result, i.error_type, i.note, i.annotator)
            for i in _shown(view, items)
        ],
        columns=["No.", "Item", *_EDITED, "Annotator"],
    )
    config = st.column_config
    st.data_editor(
        frame,
        hide_index=True,
        key=_editor(lot),
        num_rows="fixed",
        placeholder="",
        alt="Results of the drawn items",
        disabled=["No.", "Item", "Annotator"],
        height=min(38 + 35 * len(items), 388),
        column_config={
            "No.": config.NumberColumn(width=50, alignment="left"),
            "Item": config.TextColumn(width=120),
            "Annotator": config.TextColumn(width=130),
            "Result": config.SelectboxColumn(options=["", *RESULTS], width=90),
            "Error type": config.TextColumn(max_chars=200, width=140),
            "Note": config.TextColumn(max_chars=2_000, width=260),
        },
    )
    edits = st.session_state[_editor(lot)]["edited_rows"]
    st.button(
        f"Save {count_of(len(edits), 'changed row')}" if edits else "Save results",
        key="save_results", disabled=not signed or not edits,
        on_click=_keep_typed, args=(view, lot, signed),
    )  # fmt: skip


def _turn() -> int:
    """Counts the saves, so that table and upload begin afresh after each."""
    return int(st.session_state.setdefault(_ROUND, 0))


def _editor(lot: Lot) -> str:
    return f"results_{lot.number}_{_turn()}"


def _keep_typed(view: View, lot: Lot, signed: str) -> None:
    """Keep the cells that were typed; the other cells of a row may be somebody else's by now."""
    edits = st.session_state[_editor(lot)]["edited_rows"]
    with messages.told_later(_ABOUT):
        items = records(view.store.workspace).lots.items(lot)
        _keep(view, lot, [_edited(items[int(at)], row) for at, row in edits.items()], signed)


def _edited(item: Drawn, row: dict[str, object]) -> Drawn:
    typed: dict[str, Any] = {
        _EDITED[name]: str(cell or "") for name, cell in row.items() if name in _EDITED
    }
    return replace(item, **typed)


def _keep(view: View, lot: Lot, changed: Sequence[Drawn], signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).lots.record(
            lot, changed, by=who.required(signed), at=view.store.clock
        )
        st.session_state[_ROUND] = _turn() + 1


def _decide(view: View, lot: Lot, found: Outcome, signed: str, *, is_next: bool) -> None:
    tell, shape = {
        Decision.ACCEPTED: (st.success, "●"),
        Decision.NOT_ACCEPTED: (st.error, "■"),
        Decision.KEEP_SAMPLING: (st.info, "○"),
    }[found.decision]
    rate = f" {found.rate_words}." if found.rate_words else ""
    tell(f"**{shape} {found.sentence}**{rate}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.decision is not Decision.KEEP_SAMPLING:
            is_good = found.decision is Decision.ACCEPTED
            st.button(
                "Accept the lot" if is_good else "Do not accept the lot",
                type="primary" if is_next else "secondary", key="decide", disabled=not signed,
                on_click=_close, args=(view, lot, found, signed),
            )  # fmt: skip
        with st.popover("Remove this lot"):
            st.markdown("The draw and its results leave every list. The trail keeps them.")
            st.button(
                "Remove", key="remove_lot", disabled=not signed,
                on_click=_remove, args=(view, lot, signed),
            )  # fmt: skip


def _close(view: View, lot: Lot, found: Outcome, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).lots.decide(
            lot,
            ACCEPTED if found.decision is Decision.ACCEPTED else NOT_ACCEPTED,
            checked=found.checked,
            defective=found.defective,
            by=who.required(signed),
            at=view.store.clock,
        )


def _remove(view: View, lot: Lot, signed: str) -> None:
    with messages.told_later(_ABOUT):
        records(view.store.workspace).lots.remove(lot, by=who.required(signed), at=view.store.clock)
