"""Blocks to JSON and back, without loss: floats keep every bit, dates stay dates."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from metrics.errors import ReportError

_TAG = "$"


def to_json(thing: object) -> str:
    """The block, section or report as JSON text, always the same text for the same thing.

    Raises:
        ReportError: it holds a value JSON has no place for, or a number that is not finite.
    """
    try:
        return json.dumps(_plain(thing), allow_nan=False, indent=1)
    except (TypeError, ValueError) as error:
        raise ReportError(
            "The report holds a value that cannot be archived.", where=str(error)
        ) from error


def from_json(text: str, types: dict[str, type]) -> Any:
    """What `to_json` was given; `types` are the classes it may hold, by name.

    Raises:
        ReportError: the text is not such JSON.
    """
    try:
        return _build(json.loads(text), types)
    except (KeyError, TypeError, ValueError) as error:
        raise ReportError(
            "The archived report cannot be read.",
            where=f"{type(error).__name__}: {error}",
            next_step="Its files still open; only laying it out again fails.",
        ) from error


def _plain(thing: object) -> Any:
    if is_dataclass(thing) and not isinstance(thing, type):
        inside = {field.name: _plain(getattr(thing, field.name)) for field in fields(thing)}
        return {_TAG: type(thing).__name__} | inside
    if isinstance(thing, datetime):
        return {_TAG: "datetime", "iso": thing.isoformat()}
    if isinstance(thing, date):
        return {_TAG: "date", "iso": thing.isoformat()}
    if isinstance(thing, tuple):
        return [_plain(item) for item in thing]
    if isinstance(thing, dict):  # a chart: JSON already, kept as it is
        return {_TAG: "json", "value": thing}
    if thing is None or isinstance(thing, (str, bool, int, float)):
        return thing
    raise TypeError(f"{type(thing).__name__} {thing!r}")


def _build(raw: Any, types: dict[str, type]) -> Any:
    if isinstance(raw, list):
        return tuple(_build(item, types) for item in raw)
    if not isinstance(raw, dict):
        return raw
    match raw[_TAG]:
        case "datetime":
            return datetime.fromisoformat(raw["iso"])
        case "date":
            return date.fromisoformat(raw["iso"])
        case "json":
            return raw["value"]
        case name:
            inside = {key: _build(value, types) for key, value in raw.items() if key != _TAG}
            return types[name](**inside)
