"""Aggregates of metrics: which functions they may use, and how a condition joins them."""

from __future__ import annotations

import re
from functools import lru_cache

from metrics.errors import AppError

# What is known to mean the same on every engine the SQL is carried to. A name in neither set is
# refused: a condition would pass an unknown aggregate by, and the number would be wrong.
AGGREGATES = frozenset(
    {
        "any_value",
        "arg_max",
        "arg_min",
        "avg",
        "bool_and",
        "bool_or",
        "corr",
        "count",
        "count_if",
        "max",
        "median",
        "min",
        "mode",
        "quantile_cont",
        "quantile_disc",
        "stddev_samp",
        "sum",
        "var_samp",
    }
)
SCALARS = frozenset(
    {
        "abs",
        "cast",
        "ceil",
        "coalesce",
        "date_diff",
        "date_trunc",
        "exp",
        "floor",
        "greatest",
        "if",
        "least",
        "ln",
        "lower",
        "nullif",
        "pow",
        "round",
        "sqrt",
        "trim",
        "upper",
    }
)
_WORDS = frozenset(
    {
        "and",
        "as",
        "between",
        "by",
        "case",
        "decimal",
        "distinct",
        "double",
        "else",
        "end",
        "filter",
        "in",
        "is",
        "not",
        "null",
        "or",
        "then",
        "when",
        "where",
    }
)
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[A-Za-z_][A-Za-z_0-9]*|[()]|.", re.DOTALL)
_FILTER = re.compile(r"\s*filter\s*\(", re.IGNORECASE)
_WHERE = re.compile(r"^\s*where\b", re.IGNORECASE)


@lru_cache(maxsize=2048)
def conditional(expression: str, condition: str) -> str:
    """The expression with every aggregate in it restricted to rows that meet the condition.

    Raises:
        AppError: a function that is not known, or no aggregate at all.

    >>> conditional("sum(a) / count(*) filter (b > 1)", "c = 'x'")
    "sum(a) filter (where c = 'x') / count(*) filter (where (b > 1) and (c = 'x'))"
    """
    tokens = _TOKEN.findall(expression)
    calls = [place for place in range(len(tokens)) if _is_aggregate_call(tokens, place)]
    if not calls:
        raise AppError("The expression has no aggregate.", where=expression)
    out: list[str] = []
    place = 0
    while place < len(tokens):
        if place not in calls:
            out.append(tokens[place])
            place += 1
            continue
        end = _closing(tokens, tokens.index("(", place))
        out += tokens[place : end + 1]
        own, place = _own_filter(tokens, end + 1)
        out.append(_filter_clause(own, condition))
    return "".join(out)


@lru_cache(maxsize=2048)
def inner_of_average(expression: str) -> str:
    """The x of an expression that is just `avg(x)`; "" for any other."""
    tokens = _TOKEN.findall(expression.strip())
    if len(tokens) < 3 or tokens[0].lower() != "avg" or tokens[1] != "(":
        return ""
    end = _closing(tokens, 1)
    return "".join(tokens[2:end]) if end == len(tokens) - 1 else ""


def _is_aggregate_call(tokens: list[str], place: int) -> bool:
    token = tokens[place].lower()
    after = next((each for each in tokens[place + 1 :] if not each.isspace()), "")
    if after != "(" or not re.fullmatch(r"[a-z_][a-z_0-9]*", token) or token in _WORDS:
        return False
    if token not in AGGREGATES | SCALARS:
        raise AppError(
            f"The function {token} is not known to the metrics.",
            where="".join(tokens),
            choices=sorted(AGGREGATES | SCALARS),
            next_step="Add it to data_access/aggregates.py, to the right one of its two sets.",
        )
    return token in AGGREGATES


def _closing(tokens: list[str], opening: int) -> int:
    """The place of the parenthesis that closes the one at `opening`."""
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place] == "(") - (tokens[place] == ")")
        if depth == 0:
            return place
    raise AppError("A parenthesis is not closed.", where="".join(tokens))


def _own_filter(tokens: list[str], place: int) -> tuple[str, int]:
    """The condition of a `filter (where …)` that begins at a place, and the place after it."""
    if not _FILTER.match("".join(tokens[place:])):
        return "", place
    opening = tokens.index("(", place)
    closing = _closing(tokens, opening)
    inside = "".join(tokens[opening + 1 : closing])
    return _WHERE.sub("", inside).strip(), closing + 1


def _filter_clause(own: str, condition: str) -> str:
    both = [part for part in (own, condition) if part]
    if not both:
        return ""
    inside = both[0] if len(both) == 1 else " and ".join(f"({part})" for part in both)
    return f" filter (where {inside})"
