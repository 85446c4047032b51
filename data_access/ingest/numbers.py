"""Numbers as text: point or comma before the decimals, digits in groups, percent signs.

1,037 is a thousand in one office and about one in another. A column whose values tell is read as
they tell; one in which nothing tells is asked about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal["point", "comma"]
MARKS: tuple[Mark, ...] = ("point", "comma")

_SIGN = "[+-]?"
_PERCENT = r"\s?%?"
_GAPS = "[ ''\\x{00a0}\\x{202f}’]"  # the quote is doubled for SQL
PLAIN = r"[+-]?\d{1,18}"
# Read the same whatever the mark: 1.5, 0.785, 1234.567, 1,234.5 and with comma and point swapped.
_SURE = (
    r"(?:\d+{m}(?:\d{{1,2}}|\d{{4,}})|0\d*{m}\d+|\d{{4,}}{m}\d+|\d{{1,3}}(?:{g}\d{{3}})+{m}\d+"
    r"|\d{{1,3}}(?:{g}\d{{3}}){{2,}}|\d+(?:{m}\d+)?[eE][+-]?\d{{1,2}})"
)
SURE = {
    "point": _SURE.format(m=r"\.", g=","),
    "comma": _SURE.format(m=",", g=r"\."),
}
# 1.037 and 1,037: a group of three digits or three decimals.
OPEN = {"point": r"[1-9]\d{0,2}\.\d{3}", "comma": r"[1-9]\d{0,2},\d{3}"}


@dataclass(frozen=True)
class NumberPlan:
    """How the numbers of one column are read.

    Attributes:
        mark: before the decimals; None while it is not known and some number needs it.
    """

    mark: Mark | None = "point"


def profile_sql(cell: str) -> str:
    """SQL for one list: cells sure to have a point, a comma, and those open between both."""
    return (
        "["
        + ", ".join(
            f"count(*) filter (where regexp_full_match({cell}, '{_SIGN}{pattern}{_PERCENT}'))"
            for pattern in (SURE["point"], SURE["comma"], OPEN["point"], OPEN["comma"])
        )
        + "]"
    )


def plan_from_profile(
    counts: Sequence[int], answer: str | None, *, is_whole: bool, is_typed: bool
) -> NumberPlan:
    """The plan from what `profile_sql` counted over the whole column.

    Args:
        counts: its list.
        answer: what a person said, now or before; the column's own evidence wins.
        is_whole: the column holds whole numbers, so that 1,037 can only be a group of digits.
        is_typed: the file keeps numbers as numbers.
    """
    point, comma, open_point, open_comma = counts
    if point and not comma:
        return NumberPlan("point")
    if comma and not point:
        return NumberPlan("comma")
    told = next((mark for mark in MARKS if mark == answer), None)
    if told or not (open_point or open_comma):
        return NumberPlan(told or "point")
    if is_typed or (is_whole and not open_point):
        return NumberPlan("point")
    return NumberPlan(None)


def number_sql(cell: str, plan: NumberPlan, *, is_whole: bool) -> str:
    """SQL: the number in a cell; null when it is none, or not whole where it should be."""
    mark: Mark = plan.mark or "point"
    other: Mark = "comma" if mark == "point" else "point"
    bare = f"regexp_replace({cell}, '{_GAPS}|%$', '', 'g')"
    number = (
        f"case when regexp_full_match({bare}, '{_SIGN}(?:{SURE[mark]}|{OPEN[mark]}|{OPEN[other]}"
        f"|\\d+)') then {_value(bare, mark)} "
        f"when regexp_full_match({bare}, '{_SIGN}(?:{SURE[other]})') then {_value(bare, other)} end"
    )
    share = f"({number}) / case when {cell} like '%\\%' escape '\\' then 100 else 1 end"
    if not is_whole:
        return share
    return (
        f"case when regexp_full_match({cell}, '{PLAIN}') then try_cast({cell} as bigint) "
        f"when {share} = floor({share}) then try_cast({share} as bigint) end"
    )


def _value(bare: str, mark: Mark) -> str:
    if mark == "point":
        return f"try_cast(replace({bare}, ',', '') as double)"
    return f"try_cast(replace(replace({bare}, '.', ''), ',', '.') as double)"
