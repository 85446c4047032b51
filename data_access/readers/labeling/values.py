"""Ids, people and times as annotation tools write them, as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from data_access.readers.labeling.answers import is_number, text_of

_MILLISECONDS_FROM = 1e11  # a time above it counts thousandths of a second
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def identifier(value: object) -> str:
    """An id as text; of an object its `id`."""
    if isinstance(value, Mapping):
        value = value.get("id")
    return text_of(value).strip()


def person(value: object) -> str:
    """Who somebody is: the address, the name or the number that a tool gives.

    >>> person({"id": 7, "email": "a@example.org"}), person(7), person(None)
    ('a@example.org', '7', '')
    """
    if isinstance(value, Mapping):
        whole = " ".join(
            filter(None, (text_of(value.get(key)) for key in ("first_name", "last_name")))
        )
        found = (value.get("email"), value.get("username"), whole, value.get("id"))
        return next(filter(None, (text_of(one).strip() for one in found)), "")
    return text_of(value).strip()


def moment(value: object) -> str:
    """A time as ISO text: as sent, or in UTC when it counts seconds since 1970.

    >>> moment(1592391235), moment("2024-03-28T22:02:29.441579Z")
    ('2020-06-17T10:53:55+00:00', '2024-03-28T22:02:29.441579Z')
    """
    if not is_number(value):
        return text_of(value).strip()
    seconds = float(value)  # type: ignore[arg-type]
    if abs(seconds) > _MILLISECONDS_FROM:
        seconds /= 1000
    try:
        return (_EPOCH + timedelta(seconds=seconds)).isoformat()
    except OverflowError:
        return text_of(value)


def listed(value: object) -> list[Any]:
    """A list; an empty one for anything else."""
    return value if isinstance(value, list) else []


def mapped(value: object) -> Mapping[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def yes_or_no(value: object) -> str:
    """A flag as text; "" when it is not there."""
    return ("true" if value else "false") if isinstance(value, bool | int) else ""


def share(value: object) -> str:
    """A percentage of 0 to 100 as a share; "" when it is none."""
    return repr(float(value) / 100) if is_number(value) else ""  # type: ignore[arg-type]
