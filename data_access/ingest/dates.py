"""Dates and times as text: which notations a column uses, and the SQL that reads them.

A time with an offset is converted to UTC. One without is read in the zone of its source. Day and
month of a purely numeric date are told apart only where the column itself does: when some value
has a number above 12 in one place and none in the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from data_access.ingest.months import MONTHS

_RARE = 20  # one in so many dates written otherwise than the rest is refused, not asked about
Order = Literal["day first", "month first"]
ORDERS: tuple[Order, ...] = ("day first", "month first")
SWAPS = ("swap back", "as written")


class Form(StrEnum):
    """A way to write a date."""

    ISO = "2026-11-09 14:30, with or without an offset"
    COMPACT = "20261109"
    NUMERIC = "09/11/2026"
    NAMED = "9/Nov/26"
    NAME_FIRST = "Nov 9, 2026"


_S = "[\\s\u00a0\u202f]"  # newer calendars part a time from AM and PM by a no-break space
_CLOCK = (
    r"(\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,6})\d*)?)?"
    rf"(?:{_S}*([AaPp])\.?{_S}?[Mm]\.?)?"
)
_OFFSET = (  # and what JavaScript writes: GMT+0000 (Greenwich Mean Time)
    rf"{_S}*(Z|z|UTC|GMT|(?:GMT|UTC)?[+-]\d\d:?\d\d|(?:GMT|UTC)?[+-]\d\d)?"
    r"(?:\s\([^()]{1,60}\))?"
)
_TAIL = rf"(?:(?:,|{_S}|T|\s-|\s?at){_S}*{_CLOCK}{_OFFSET})?"
_NAME = r"([A-Za-zÀ-ž]{3,12})\.?"
_YEAR = r"((?:19|20|21)\d\d|\d\d)"
_YEAR4 = r"((?:19|20|21)\d\d)"
ISO_LOCAL = (
    r"(?:19|20|21)\d\d[-/]\d{1,2}[-/]\d{1,2}"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"
)
_COMMON = (
    "____-__-__ __:__:__"  # tried first, because it is cheap; the cast refuses what is no digit
)
ISO_OFFSET = (
    r"(?:19|20|21)\d\d[-/]\d{1,2}[-/]\d{1,2}"
    r"[ T]\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?\s?(?:Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)"
)
# Group names, in the order the groups stand in.
_PARTS: dict[Form, tuple[str, tuple[str, ...]]] = {
    Form.COMPACT: (
        rf"{_YEAR4}(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?{_OFFSET})?",
        ("y", "m", "d", "h", "i", "s", "z"),
    ),
    Form.NUMERIC: (
        rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ]{_YEAR}{_TAIL}",
        ("a", "b", "y", "h", "i", "s", "f", "p", "z"),
    ),
    Form.NAMED: (
        rf"(?:[A-Za-z]{{3,9}},?\s)?(\d{{1,2}})\.?(?:[-/. ]|\sde\s)\s?{_NAME}(?:[-/., ]|\sde\s)\s?"
        rf"{_YEAR}{_TAIL}",
        ("d", "n", "y", "h", "i", "s", "f", "p", "z"),
    ),
    Form.NAME_FIRST: (
        rf"(?:[A-Za-z]{{3,9}},?\s)?{_NAME}[-/. ](\d{{1,2}})(?:st|nd|rd|th)?,?\s?{_YEAR4}{_TAIL}",
        ("n", "d", "y", "h", "i", "s", "f", "p", "z"),
    ),
}
_RX = {form: re.compile(pattern) for form, (pattern, _) in _PARTS.items()}
_RX_ISO = re.compile(f"{ISO_LOCAL}|{ISO_OFFSET}")


@dataclass(frozen=True)
class Plan:
    """How the dates of one column are read.

    Attributes:
        forms: the notations it uses.
        order: of day and month in NUMERIC dates; None while it is not known.
        is_mixed: some values can only be day first and others only month first.
        from_sample: only the first rows were looked at.
        looks_swapped: the column is written in two ways, and what a spreadsheet could read with
            day and month swapped is written one way and what it could not is written the other.
        swaps: day and month of the ISO form are to be swapped back; None while it is not known.
    """

    forms: tuple[Form, ...] = (Form.ISO,)
    order: Order | None = None
    is_mixed: bool = False
    from_sample: bool = True
    looks_swapped: bool = False
    swaps: bool | None = None

    @property
    def is_open(self) -> bool:
        """Whether a person must say how day and month are meant."""
        is_numeric = Form.NUMERIC in self.forms
        return (is_numeric and self.order is None) or (self.looks_swapped and self.swaps is None)


def form_of(cell: str) -> Form | None:
    """The notation of one cell; None when it is no date."""
    if _RX_ISO.fullmatch(cell):
        return Form.ISO
    return next((form for form, rx in _RX.items() if rx.fullmatch(cell)), None)


def plan_from_sample(cells: Iterable[str]) -> Plan:
    """The notations among the first cells of a column; ISO when there are none to go by."""
    found = {form_of(cell) for cell in cells} - {None}
    return Plan(tuple(form for form in Form if form in found) or (Form.ISO,))


def has_offset(cell: str) -> bool:
    """Whether a date text says its distance to UTC."""
    bare = re.sub(r"\s\([^()]*\)$", "", cell)
    found = re.search(r"\d\s?(?:Z|z|UTC|GMT|(?:GMT|UTC)?[+-]\d\d(?::?\d\d)?)$", bare)
    return found is not None and ":" in cell


def profile_sql(cell: str) -> str:
    """SQL for one list: how many cells of a column use each form, and what tells the order."""
    forms = [f"count(*) filter (where regexp_full_match({cell}, '{ISO_LOCAL}|{ISO_OFFSET}'))"]
    forms += [
        f"count(*) filter (where regexp_full_match({cell}, '{pattern}'))"
        for pattern, _ in _PARTS.values()
    ]
    pattern = _PARTS[Form.NUMERIC][0]
    first = f"try_cast(regexp_extract({cell}, '^{pattern}$', 1) as integer)"
    second = f"try_cast(regexp_extract({cell}, '^{pattern}$', 2) as integer)"
    tells = [
        f"count(*) filter (where {first} > 12)",
        f"count(*) filter (where {second} > 12)",
        f"count(*) filter (where {first} <> {second})",
    ]
    iso = f"regexp_full_match({cell}, '{ISO_LOCAL}')"
    parts = r"^\d{4}[-/](\d{1,2})[-/](\d{1,2})"
    month, day = (f"try_cast(regexp_extract({cell}, '{parts}', {i}) as integer)" for i in (1, 2))
    tells += [
        f"count(*) filter (where {iso} and {day} > 12)",
        f"count(*) filter (where {iso} and {day} <= 12 and {day} <> {month})",
    ]
    return f"[{', '.join([*forms, *tells])}]"


def plan_from_profile(
    counts: list[int], answer: str | None, *, now: str | None = None, swap: str | None = None
) -> Plan:
    """The plan from what `profile_sql` counted over the whole column.

    Args:
        counts: its list.
        answer: what a person said of the order, now or before; the column's own evidence wins.
        now: what a person said of it looking at this file. Where each order is proven by some
            row, only that counts.
        swap: what a person said of days and months that look swapped.
    """
    *by_form, day_first, month_first, differ, iso_high, iso_differ = counts
    forms = tuple(form for form, n in zip(Form, by_form, strict=True) if n) or (Form.ISO,)
    said = now if day_first and month_first else answer
    order: Order | None = next((o for o in ORDERS if o == said), None)
    if day_first and not month_first:
        order = "day first"
    elif month_first and not day_first:
        order = "month first"
    elif not differ:
        order = order or "day first"  # every day equals its month: both orders read the same
    numeric = by_form[list(Form).index(Form.NUMERIC)]
    if order is None and numeric * _RARE <= sum(by_form):
        forms = tuple(form for form in forms if form is not Form.NUMERIC)  # refused, not asked
    proven = max(day_first, month_first) if not (day_first and month_first) else 0
    return Plan(
        forms,
        order,
        is_mixed=bool(day_first and month_first),
        from_sample=False,
        looks_swapped=bool(proven and proven == numeric and iso_differ and not iso_high),
        swaps={SWAPS[0]: True, SWAPS[1]: False}.get(swap or ""),
    )


def parts_sql(cell: str, plan: Plan) -> dict[str, str]:
    """SQL of the columns that hold the parts of a cell, by name; one per notation but ISO."""
    return {
        _parts_name(cell, form): "regexp_extract({}, '^{}$', [{}])".format(
            cell, _PARTS[form][0], ", ".join(f"'{name}'" for name in _PARTS[form][1])
        )
        for form in plan.forms
        if form is not Form.ISO
    }


def _parts_name(cell: str, form: Form) -> str:
    return f"{cell}__{form.name.lower()}"


def local_sql(cell: str, plan: Plan) -> str:
    """SQL: the wall-clock time of a cell without an offset; null when it is no such date.

    Needs the columns of `parts_sql` beside the cell, as do the functions below.
    """
    iso = _swapped(cell) if plan.swaps else cell
    branches = [
        f"when {cell} like '{_COMMON}' and {cell} between '1900' and '22' "
        f"then try_cast({iso} as timestamp)",
        f"when regexp_full_match({cell}, '{ISO_LOCAL}') then try_cast({iso} as timestamp)",
    ]
    branches += [
        f"when {parts}.y <> '' and {parts}.z = '' then {_built(parts, form, plan)}"
        for form, parts in _built_forms(cell, plan)
    ]
    return f"case {' '.join(branches)} end"


def _swapped(cell: str) -> str:
    """SQL: a cell in the ISO form with day and month in each other's place."""
    return rf"regexp_replace({cell}, '^(\d{{4}})[-/](\d{{1,2}})[-/](\d{{1,2}})', '\1-\3-\2')"


def _built_forms(cell: str, plan: Plan) -> list[tuple[Form, str]]:
    return [(form, _parts_name(cell, form)) for form in plan.forms if form is not Form.ISO]


def _built(parts: str, form: Form, plan: Plan) -> str:
    """SQL: a timestamp put together from the parts of a cell."""
    names = _PARTS[form][1]
    day, month = f"{parts}.d", f"{parts}.m"
    if form is Form.NUMERIC:
        day, month = ("a", "b") if plan.order != "month first" else ("b", "a")
        day, month = f"{parts}.{day}", f"{parts}.{month}"
    if "n" in names:
        month = f"({_month_map()})[strip_accents(lower({parts}.n))]"
    year = (
        f"case when length({parts}.y) = 4 then {parts}.y "
        f"when {parts}.y >= '70' then '19' || {parts}.y else '20' || {parts}.y end"
    )
    half = f"{parts}.p" if "p" in names else "''"
    fraction = f"coalesce(nullif({parts}.f, ''), '0')" if "f" in names else "'0'"
    return (
        f"try_cast({year} || '-' || {month} || '-' || {day} || ' ' || {_hour(f'{parts}.h', half)}"
        f" || ':' || coalesce(nullif({parts}.i, ''), '00') || ':' || "
        f"coalesce(nullif({parts}.s, ''), '00') || '.' || {fraction} as timestamp)"
    )


def _hour(hour: str, half: str) -> str:
    """SQL: the hour on the 24-hour clock as text; null for one that the clock does not have."""
    number = f"try_cast({hour} as integer)"
    return (
        f"case when {hour} = '' then '0' when {half} = '' then {hour} "
        f"when {number} not between 1 and 12 then null "
        f"when lower({half}) = 'p' then ({number} % 12 + 12)::varchar "
        f"else ({number} % 12)::varchar end"
    )


def _month_map() -> str:
    """SQL: a map from the name of a month to its number."""
    names = ", ".join(f"'{name}'" for name in MONTHS)
    numbers = ", ".join(f"'{number}'" for number in MONTHS.values())
    return f"map([{names}], [{numbers}])"


def offset_sql(cell: str, plan: Plan) -> str:
    """SQL: the UTC time of a cell with an offset; null when it has none."""
    bare = (
        f"regexp_replace(regexp_replace({cell}, '\\s?(Z|z|UTC|GMT)$', '+00'), '\\s([+-])', '\\1')"
    )
    branches = [
        f"when regexp_full_match({cell}, '{ISO_OFFSET}') "
        f"then make_timestamp(epoch_us(try_cast({bare} as timestamptz)))"
    ]
    branches += [
        f"when {parts}.z <> '' then {_built(parts, form, plan)} "
        f"+ to_minutes(({_minutes_to_utc(f'{parts}.z')})::bigint)"
        for form, parts in _built_forms(cell, plan)
    ]
    return f"case {' '.join(branches)} end"


def _minutes_to_utc(offset: str) -> str:
    """SQL: what to add to a wall-clock time with an offset like +02:00 to have UTC."""
    bare = f"regexp_replace({offset}, '^(GMT|UTC)', '')"
    minutes = f"coalesce(try_cast(replace({bare}[4:], ':', '') as integer), 0)"
    return (
        f"case when {bare} in ('Z', 'z', '') then 0 "
        f"else (case when {bare}[1] = '-' then 1 else -1 end) "
        f"* (try_cast({bare}[2:3] as integer) * 60 + {minutes}) end"
    )


def day_sql(cell: str, plan: Plan) -> str:
    """SQL: the date of a cell as written, whatever its time and offset; null when it is none."""
    branches = [
        f"when regexp_full_match({cell}, '{ISO_LOCAL}|{ISO_OFFSET}') "
        f"then try_cast(regexp_extract({_swapped(cell) if plan.swaps else cell}, '^[^ T]+') "
        "as date)"
    ]
    branches += [
        f"when {parts}.y <> '' then ({_built(parts, form, plan)})::date"
        for form, parts in _built_forms(cell, plan)
    ]
    return f"case {' '.join(branches)} end"


def without_accents(text: str) -> str:
    """Lower-case text without accents, as month names are compared."""
    split = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in split if not unicodedata.combining(c))
