"""Where the labels of markers go above a time chart: no two overlap, no rule crosses a label.

A marker that finds no room keeps its rule without a label; the alt text names it all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from itertools import product

from charts import scales, text, tokens
from charts.model import Marker, Row
from charts.points import Point
from metrics.periods import show_date

ROW_PX = 15
_MOST_ROWS = 3
_MOST_TURNED = 5  # markers up to which every way to turn their labels is tried
_GAP = 10.0
_WIDE, _PHONE = 520.0, 220.0  # pixels of plot that are reckoned with
_MARGIN = 50.0  # pixels beyond the plot that a label may use


@dataclass(frozen=True)
class Event:
    """A marker that lies in the span drawn.

    Attributes:
        day: where it is drawn: its day, at most the last point's.
        share: the same as a part of the span, 0 to 1.
        label: what it is called.
        dated: the same with its day.
    """

    day: date
    share: float
    label: str
    dated: str


@dataclass(frozen=True)
class _Spot:
    """A label placed: its row (0 on top), the side of its rule, the pixels it covers."""

    row: int
    is_left: bool
    text: str
    at: float
    start: float
    end: float


def events_in(markers: Sequence[Marker], points: Sequence[Point]) -> list[Event]:
    """The markers between the first and the last day of the points, in the order of time."""
    if not points or points[0].period.since == points[-1].period.since:
        return []
    first, last = points[0].period.since, points[-1].period.since
    inside = [m for m in markers if first <= m.on <= points[-1].period.last_day]
    found = []
    for marker in sorted(inside, key=lambda m: (m.on, m.label)):
        day, label = min(marker.on, last), text.clean(marker.label)
        share = (day - first).days / (last - first).days
        dated = f"{label}, {show_date(marker.on, year=last.year)}"
        found.append(Event(day, share, label, dated))
    return found


def event_rows(events: Sequence[Event]) -> tuple[list[Row], int, int]:
    """Rows for the dataset `markers`, and the pixels that labels take on a desk and a phone."""
    wide = _placed(tuple((e.share * _WIDE, e.dated) for e in events), _WIDE, (210, 110))
    narrow = _placed(tuple((e.share * _PHONE, e.label) for e in events), _PHONE, (110, 55))
    rows = [
        {
            "x": scales.ms(event.day),
            "label": one.text,
            "short": two.text,
            "is_left": one.is_left,
            "is_left_narrow": two.is_left,
            "px": 4 + ROW_PX * one.row,
            "px_narrow": 4 + ROW_PX * two.row,
        }
        for event, one, two in zip(events, wide, narrow, strict=True)
    ]
    return rows, _height(wide), _height(narrow)


def _height(spots: Sequence[_Spot]) -> int:
    return ROW_PX * (1 + max((spot.row for spot in spots if spot.text), default=-1))


@lru_cache(maxsize=256)
def _placed(
    events: tuple[tuple[float, str], ...], plot: float, widths: tuple[float, ...]
) -> tuple[_Spot, ...]:
    """A spot per (place, label): of all ways to turn the labels, the one with the fewest rows."""
    ways = [tuple(at + _length(label, widths[0]) > plot + _MARGIN for at, label in events)]
    if len(events) <= _MOST_TURNED:
        ways += product((False, True), repeat=len(events))
    tries = (_turned(events, lefts, plot, widths) for lefts in ways)
    return min(tries, key=lambda spots: (sum(not s.text for s in spots), _height(spots)))


def _turned(
    events: Sequence[tuple[float, str]],
    lefts: Sequence[bool],
    plot: float,
    widths: Sequence[float],
) -> tuple[_Spot, ...]:
    """The spots when these labels stand left of their rules and the others right."""
    wishes = [
        [_wish(at, label, is_left, most) for most in widths]
        for (at, label), is_left in zip(events, lefts, strict=True)
    ]
    # left ones from the right, then right ones from the left: so that rows only grow downwards
    order = sorted(
        range(len(wishes)),
        key=lambda i: (0, -wishes[i][0].at) if lefts[i] else (1, wishes[i][0].at),
    )
    spots: dict[int, _Spot] = {}
    for i in order:
        tries = (replace(wish, row=row) for wish in wishes[i] for row in range(_MOST_ROWS))
        at = wishes[i][0].at
        spots[i] = next(
            (
                spot
                for spot in tries
                if spot.start >= 0
                and spot.end <= plot + _MARGIN
                and all(_agree(spot, old) for old in spots.values())
            ),
            _Spot(_MOST_ROWS, is_left=False, text="", at=at, start=at, end=at),
        )
    return tuple(spots[i] for i in range(len(wishes)))


def _length(label: str, most: float) -> float:
    """Pixels that a label takes beside its rule when it is cut to `most`."""
    shown = text.cut(label, most, tokens.CHART_TEXT_PX)
    return text.width(shown, tokens.CHART_TEXT_PX) + _GAP


def _wish(at: float, label: str, is_left: bool, most: float) -> _Spot:
    length = _length(label, most)
    start, end = (at - length, at) if is_left else (at, at + length)
    return _Spot(0, is_left, text.cut(label, most, tokens.CHART_TEXT_PX), at, start, end)


def _agree(new: _Spot, old: _Spot) -> bool:
    """Whether two labels stay apart, and neither's rule (it hangs from its row) cuts the other."""
    overlap = new.start < old.end and old.start < new.end
    if overlap and new.row == old.row:
        return False
    is_old_cut = old.start < new.at < old.end and new.row <= old.row
    is_new_cut = new.start < old.at < new.end and old.row <= new.row
    return not (is_old_cut or is_new_cut)
