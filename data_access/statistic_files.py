"""The SELECTs of the statistics files (`sql/statistics/*.sql`), as a compiled query uses them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from data_access.marts import SQL
from metrics.errors import AppError

_NEEDS = re.compile(r"^-- needs: (\w+)$", re.MULTILINE)
_GROUPED_SCOPED = re.compile(
    r"select\n( +)period,\n +segment,\n((?:(?!\bfrom ).)*from scoped\n(?:(?!\bfrom ).)*?group by )"
    r"period, segment, (\w)",
    re.DOTALL,
)


def statistic(name: str) -> str:
    """The SELECT of a statistics file, which reads the relation `scoped`.

    Raises:
        AppError: there is no such file.
    """
    path = SQL / "statistics" / f"{name}.sql"
    if not path.exists():
        raise AppError(
            f"The statistic {name} has no SQL.",
            where=f"data_access/sql/statistics/{path.name}",
            next_step="Write the file; it reads the relation scoped.",
        )
    return path.read_text(encoding="utf-8").strip()


def reductions(text: str, constants: Mapping[str, str]) -> dict[str, str]:
    """The SELECTs that a statistic names in its lines "-- needs: name", by name.

    Args:
        text: the SELECT of the statistic.
        constants: the expressions of those of `period` and `segment` that are one value for all
            rows. When both are, groupings of `scoped` leave them out: DuckDB hashes and stores a
            key for each row, here a tenth of the time of the whole statistic.
    """
    needed = {name: statistic(name) for name in _NEEDS.findall(text)}
    if {"period", "segment"} <= constants.keys():
        told = "".join(f"\\1{constants[name]} as {name},\n" for name in ("period", "segment"))
        needed = {
            name: _GROUPED_SCOPED.sub(rf"select\n{told}\2\3", sql) for name, sql in needed.items()
        }
    return needed
