"""Packed cells of a tracker: several facts in one cell, of which only numbers are kept.

Jira writes a comment as "date;author;text" and logged work as "comment;date;author;seconds", one
cell each, in as many columns of one name as the issue with most of them needs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

# A first part that could be a date: digits, and something that parts them.
_MOMENT = r"^\s*(\d{1,4}[-/. ][^;]{3,34}\d[^;]{0,12}?)\s*(?:;|$)"
_SECONDS = r";\s*(\d{1,12})\s*$"


def sql(cells: Sequence[str], reads: Literal["count", "moment", "hours"]) -> str:
    """SQL: what is kept of the cells of one header in a row, as text.

    Args:
        cells: SQL of each cell, null where it is empty.
        reads: see `Column.reads`. A plain number among cells that are counted counts as that many.
    """
    listed = f"[{', '.join(cells)}]"
    if reads == "count":
        one = (
            r"case when x is null then 0 when regexp_full_match(x, '\d{1,9}') then x::bigint "
            "else 1 end"
        )
        return f"list_sum(list_transform({listed}, lambda x: {one}))::bigint::varchar"
    if reads == "hours":
        one = f"try_cast(nullif(regexp_extract(x, '{_SECONDS}', 1), '') as double)"
        total = f"list_sum(list_transform({listed}, lambda x: {one}))"
        return f"round({total} / 3600, 4)::varchar"
    found = f"list_transform({listed}, lambda x: nullif(regexp_extract(x, '{_MOMENT}', 1), ''))"
    return f"list_filter({found}, lambda x: x is not null)[-1]"


def moment(cell: str) -> str:
    """The time in a packed cell as text, as the SQL finds it; "" when it has none."""
    found = re.match(_MOMENT, cell)
    return found[1] if found else ""
