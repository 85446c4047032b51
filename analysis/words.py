"""Grammar: number words, lists, singular and plural, and decimals that tell numbers apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import ceil, floor

from analysis.model import Limits
from metrics.model import Better, Kind, Metric
from metrics.periods import Period
from metrics.units import COUNT, EN_DASH, MINUS, Unit
from metrics.value import Value

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_COUNTED_BELOW = 200  # a share of fewer rows shows its counts
_MAX_EXTRA = 4


def number_word(number: int) -> str:
    """A number below ten as a word, else in digits.

    >>> number_word(3), number_word(26)
    ('three', '26')
    """
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else f"{number:,}"


def sentence_case(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence; abbreviations keep their capitals.

    >>> in_sentence("On-time delivery"), in_sentence("AI cases")
    ('on-time delivery', 'AI cases')
    """
    if len(label) > 1 and label[1].isupper():
        return label
    return label[:1].lower() + label[1:]


def after_colon(sentence: str) -> str:
    """A sentence as it stands after a colon, its full stop with it."""
    return sentence[:1].lower() + sentence[1:]


def reason(value: Value) -> str:
    """Why a value is withheld, as it follows a colon: "too few rows (0 of the 40 needed)"."""
    why, _, detail = after_colon(value.withheld).rstrip(".").partition(": ")
    return f"{why} ({detail})" if detail else why


def x_of_y(part: int, whole: int) -> str:
    """A part of a whole, "three of eight": both in words, or both in digits from ten on."""
    if max(part, whole) < len(_NUMBERS):
        first = "none" if part == 0 else number_word(part)
        return f"{first} of {number_word(whole)}"
    return f"{part:,} of {whole:,}"


def measures(part: int, whole: int) -> str:
    """Some of the measures as the subject of a sentence: "Three of eight measures".

    >>> measures(3, 8), measures(1, 1), measures(2, 2)
    ('Three of eight measures', 'The one measure', 'Both measures')
    """
    if part == whole and whole < 3:
        return "The one measure" if whole == 1 else "Both measures"
    return f"{sentence_case(x_of_y(part, whole))} measures"


def listed(names: Iterable[str], *, most: int = 5) -> str:
    """Names with commas and "and"; the surplus beyond `most` is counted.

    >>> listed(["a", "b", "c"]), listed(["a", "b", "c", "d"], most=2)
    ('a, b and c', 'a, b and 2 more')
    """
    found = list(names)
    if len(found) > most:
        found = [*found[:most], f"{len(found) - most} more"]
    if len(found) < 2:
        return "".join(found)
    return f"{', '.join(found[:-1])} and {found[-1]}"


def singular(noun: str) -> str:
    """One of them: "deliveries" → "delivery"."""
    return f"{noun[:-3]}y" if noun.endswith("ies") else noun.removesuffix("s")


def some(number: int, noun: str) -> str:
    """A number with its noun: "1 item", "20 deliveries"."""
    return f"{number:,} {singular(noun) if number == 1 else noun}"


def counted(n: int, metric: Metric) -> str:
    """The rows behind a value: "n = 11,874 items"."""
    return f"n = {some(n, metric.n_of)}"


def was(metric: Metric) -> str:
    """The verb that goes with the metric's label."""
    return "were" if metric.is_plural else "was"


def verb(metric: Metric, singular_form: str, plural_form: str) -> str:
    """The form that goes with the metric as "it" or "they"."""
    return plural_form if metric.is_plural else singular_form


def pronoun(metric: Metric) -> str:
    """The word for the metric: "it" or "they"."""
    return "they" if metric.is_plural else "it"


def its(metric: Metric) -> str:
    """The word for what belongs to the metric: "its" or "their"."""
    return "their" if metric.is_plural else "its"


def grain_noun(period: Period) -> str:
    """What periods like this one are called: "weeks", "months", for a day "Mondays".

    A day is held against the same weekday of other weeks; a free span has its series in weeks.
    """
    if period.grain == "day":
        return f"{period.since:%A}s"
    return "months" if period.grain == "month" else "weeks"


def periods_noun(period: Period, number: int) -> str:
    """A number of periods like this one: "1 week", "26 weeks", "5 months"."""
    return some(number, grain_noun(period))


def within(period: Period) -> str:
    """When: "in week 46", "in Nov 2026", "on 10 Nov 2026"."""
    return f"{'on' if period.grain == 'day' else 'in'} {period.short}"


def value_with_counts(value: Value, *, extra_decimals: int = 0) -> str:
    """The value as text; a share of fewer than 200 rows with its counts: "85.0% (17 of 20)"."""
    text = value.metric.unit.show(value.value, extra_decimals=extra_decimals)
    is_counted = value.metric.kind is Kind.RATE and value.numerator is not None
    if is_counted and 0 < value.n < _COUNTED_BELOW:
        text += f" ({round(value.numerator or 0):,} of {value.n:,})"
    return text


def decimals_apart(metric: Metric, number: float, others: Sequence[float]) -> int:
    """How many extra decimals make the number look different from all others it differs from.

    >>> from metrics.catalog import metric
    >>> decimals_apart(metric("queue_time"), 8.56, [8.49, 20.0])
    0
    >>> decimals_apart(metric("queue_time"), 8.51, [8.49, 20.0])
    1
    """
    for extra in range(_MAX_EXTRA):
        shown = metric.unit.show(number, extra_decimals=extra)
        same = [o for o in others if metric.unit.show(o, extra_decimals=extra) == shown]
        if all(abs(other - number) <= 1e-12 * max(1.0, abs(number)) for other in same):
            return extra
    return _MAX_EXTRA


def range_text(metric: Metric, limits: Limits, *, extra_decimals: int = 0) -> str:
    """The expected range as text, unit once: "30.3–38.7 h".

    Whole numbers are given the whole numbers that lie inside: 4.2 to 9.6 is 5–9.
    """
    low, high = limits.low, limits.high
    if limits.is_flat:
        return metric.unit.show(low, extra_decimals=extra_decimals)
    if metric.unit is COUNT and floor(high) > ceil(low):
        return metric.unit.show_range(*whole_limits(metric, low, high))
    if not extra_decimals:
        return metric.unit.show_range(low, high)
    first = metric.unit.show(low, extra_decimals=extra_decimals).removesuffix(metric.unit.suffix)
    last = metric.unit.show(high, extra_decimals=extra_decimals)
    return f"{first} to {last}" if first.startswith(MINUS) else f"{first}{EN_DASH}{last}"


def whole_limits(metric: Metric, low: float, high: float) -> tuple[float, float]:
    """Limits as they are told: of a count the whole numbers inside them, if there are two.

    So 76.4 to 164.6 is 77 to 164 in the sentence, in the chart and in Excel alike.
    """
    if metric.unit is not COUNT or floor(high) <= ceil(low):
        return low, high
    return float(ceil(low)), float(floor(high))


def bound(metric: Metric, target: float, *, extra_decimals: int = 0) -> str:
    """A target in words: "at most 36.0 h" or "at least 0.80"."""
    word = "at most" if metric.better is Better.LOWER else "at least"
    return f"{word} {metric.unit.show(target, extra_decimals=extra_decimals)}"


def gap_text(unit: Unit, gap: float) -> str:
    """The size of a difference in its own units: "8.6 h", "10.0 pts"; never 0 of one."""
    for extra in range(_MAX_EXTRA + 1):
        text = unit.show_change(abs(gap), extra_decimals=extra).removeprefix("+")
        if any(digit in text for digit in "123456789") or gap == 0:
            break
    return text


def interval_text(value: Value) -> str:
    """The interval of a value in words: "95% interval 64.0–94.8%"; "" where there is none."""
    if value.low is None or value.high is None:
        return ""
    return f"95% interval {value.metric.unit.show_range(value.low, value.high)}"
