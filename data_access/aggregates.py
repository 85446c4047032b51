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
_FILTER = re.compile(r"\s*filter\s*\(\s*(?:where\b)?", re.IGNORECASE)


@lru_cache(maxsize=2048)
def conditional(expression: str, condition: str) -> str:
    """The expression with every aggregate in it restricted to rows that meet the condition.

    Raises:
        AppError: a function that is not known, or no aggregate at all.

    >>> conditional("sum(a) / count(*) filter (b > 1)", "c = 'x'")
    "sum(a) filter (where c = 'x') / count(*) filter (where (b > 1) and (c = 'x'))"
    """
    tokens = _TOKEN.findall(expression)
    out: list[str] = []
    found = False
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if not _is_call(tokens, place):
            out.append(token)
            place += 1
            continue
        end = _closing(tokens, place + 1, expression)
        found = True
        call = "".join(tokens[place : end + 1])
        place = end + 1
        own = ""
        if match := _FILTER.match("".join(tokens[place:])):
            opening = place + tokens[place:].index("(")
            closing = _closing(tokens, opening, expression)
            inside = "".join(tokens[opening : closing + 1])
            own = inside[1:-1].strip()
            own = own[5:].strip() if own.lower().startswith("where") else own
            place = closing + 1
            del match
        out.append(call + _clause(own, condition))
    if not found:
        raise AppError("The expression has no aggregate.", where=expression)
    return "".join(out)


@lru_cache(maxsize=2048)
def inner_of_average(expression: str) -> str:
    """The x of an expression that is just `avg(x)`; "" for any other."""
    tokens = _TOKEN.findall(expression.strip())
    if len(tokens) < 3 or tokens[0].lower() != "avg" or tokens[1] != "(":
        return ""
    end = _closing(tokens, 1, expression)
    return "".join(tokens[2:end]) if end == len(tokens) - 1 else ""


def _is_call(tokens: list[str], place: int) -> bool:
    token = tokens[place].lower()
    opens = place + 1 < len(tokens) and tokens[place + 1] == "("
    if not opens or not re.fullmatch(r"[a-z_][a-z_0-9]*", token) or token in _WORDS:
        return False
    if token not in AGGREGATES | SCALARS:
        raise AppError(
            f"The function {token} is not known to the metrics.",
            where="".join(tokens),
            choices=sorted(AGGREGATES | SCALARS),
            next_step="Add it to data_access/aggregates.py, to the right one of its two sets.",
        )
    return token in AGGREGATES


def _closing(tokens: list[str], opening: int, expression: str) -> int:
    depth = 0
    for place in range(opening, len(tokens)):
        depth += (tokens[place] == "(") - (tokens[place] == ")")
        if depth == 0:
            return place
    raise AppError("A parenthesis is not closed.", where=expression)


def _clause(own: str, condition: str) -> str:
    both = [part for part in (own, condition) if part]
    if not both:
        return ""
    inside = both[0] if len(both) == 1 else " and ".join(f"({part})" for part in both)
    return f" filter (where {inside})"
