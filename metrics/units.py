"""Units: how a stored number reads in text, in an Excel cell and on an axis.

Rounding is decimal half-up everywhere, because Excel rounds so and Python's format() does not:
0.835 is 0.84 in Excel and 0.83 by f"{0.835:.2f}".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MINUS = "\N{MINUS SIGN}"
NBSP = "\N{NO-BREAK SPACE}"
EN_DASH = "\N{EN DASH}"
NO_VALUE = "n/a"


def round_half_up(value: float, decimals: int) -> Decimal:
    """The value rounded half away from zero, as Excel shows it.

    >>> str(round_half_up(0.835, 2)), str(round_half_up(-2.5, 0))
    ('0.84', '-3')
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _digits(number: Decimal) -> str:
    text = f"{abs(number):,}"
    return f"{MINUS}{text}" if number < 0 and number != 0 else text


@dataclass(frozen=True)
class Unit:
    """One way to write a number. Stored values are never scaled; only their text is.

    Attributes:
        name: the unit in words, for dictionaries ("hours").
        suffix: what follows the number in text, with its no-break space.
        decimals: digits after the point.
        scale: stored value times this is the number shown (100 for shares).
        change_suffix: what follows a change (" pts" where the value is a percentage).
        excel: number format of a value's cell.
        excel_change: number format of a change's cell. The cell holds change x change_scale.
        axis: Vega label expression over `datum.value`.
    """

    name: str
    suffix: str
    decimals: int
    scale: int
    change_suffix: str
    excel: str
    excel_change: str
    axis: str

    def show(self, value: float | None, *, extra_decimals: int = 0) -> str:
        """The value as text with its unit; "n/a" for None.

        >>> PERCENT.show(0.9312), HOURS.show(None), COUNT.show(12345)
        ('93.1%', 'n/a', '12,345')
        """
        if value is None or not math.isfinite(value):
            return NO_VALUE
        number = round_half_up(self._scaled(value), self.decimals + extra_decimals)
        return f"{_digits(number)}{self.suffix}"

    def show_change(self, change: float | None, *, extra_decimals: int = 0) -> str:
        """A signed difference of two values; "0" forms carry no sign.

        >>> PERCENT.show_change(-0.007), COUNT.show_change(358.0)
        ('−0.7\\xa0pts', '+358')
        """
        if change is None or not math.isfinite(change):
            return NO_VALUE
        number = round_half_up(self._scaled(change), self.decimals + extra_decimals)
        sign = "+" if number > 0 else ""
        return f"{sign}{_digits(number)}{self.change_suffix}"

    def show_range(self, low: float, high: float) -> str:
        """Two values as a range, unit once, with as many decimals as keep the ends apart.

        >>> HOURS.show_range(30.31, 38.7)
        '30.3–38.7\\xa0h'
        """
        for extra in range(4):
            ends = [round_half_up(self._scaled(v), self.decimals + extra) for v in (low, high)]
            if ends[0] != ends[1] or low == high:
                break
        dash = EN_DASH if ends[0] >= 0 else " to "
        return f"{_digits(ends[0])}{dash}{_digits(ends[1])}{self.suffix}"

    def _scaled(self, value: float) -> float:
        # Decimal keeps 0.29 x 100 at 29 where binary gives 28.999999999999996
        return float(Decimal(repr(float(value))) * self.scale)


def _plain(decimals: int, suffix: str = "") -> str:
    digits = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f'{digits}"{suffix}"' if suffix else digits


def _signed(digits: str) -> str:
    return f'+{digits};"{MINUS}"{digits};{digits}'


COUNT = Unit("count", "", 0, 1, "", _plain(0), _signed(_plain(0)), "format(datum.value, ',')")
HOURS = Unit(
    "hours",
    f"{NBSP}h",
    1,
    1,
    f"{NBSP}h",
    _plain(1, " h"),
    _signed(_plain(1, " h")),
    "format(datum.value, ',') + ' h'",
)
SECONDS = Unit(
    "seconds",
    f"{NBSP}s",
    1,
    1,
    f"{NBSP}s",
    _plain(1, " s"),
    _signed(_plain(1, " s")),
    "format(datum.value, ',') + ' s'",
)
DAYS = Unit(
    "days",
    f"{NBSP}d",
    1,
    1,
    f"{NBSP}d",
    _plain(1, " d"),
    _signed(_plain(1, " d")),
    "format(datum.value, ',') + ' d'",
)
RATIO = Unit("ratio", "", 2, 1, "", _plain(2), _signed(_plain(2)), "format(datum.value, ',')")
PERCENT = Unit(
    "share",
    "%",
    1,
    100,
    f"{NBSP}pts",
    "0.0%",
    _signed('0.0" pts"'),
    "format(datum.value * 100, '~f') + '%'",
)
POINTS = Unit(
    "percentage points",
    f"{NBSP}pts",
    1,
    100,
    f"{NBSP}pts",
    "0.0%",
    _signed('0.0" pts"'),
    "format(datum.value * 100, '~f') + ' pts'",
)
