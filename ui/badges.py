"""Status and signal as colored words: a shape and a word, never color alone."""

from __future__ import annotations

from typing import Literal

from analysis.control import Reading
from analysis.model import Signal, Status
from metrics.model import Better

_COLORS = {"green": "green", "amber": "yellow", "red": "red", "grey": "gray"}
_CHIPS: dict[str, Literal["orange", "blue", "gray"]] = {
    "orange": "orange",
    "blue": "blue",
    "grey": "gray",
}
_SIGNAL_COLORS = {"orange": "orange", "blue": "blue", "grey": "gray"}


def status_badge(status: Status) -> str:
    """A badge in Markdown: ■ Off target on a red tint."""
    return f":{_COLORS[status.tone]}-badge[{status.shape} {status.label}]"


def badge(tone: str, text: str) -> str:
    """A badge in Markdown in one of the four status tones."""
    return f":{_COLORS[tone]}-badge[{text}]"


def mark(status_tone: str, shape: str) -> str:
    """The shape alone in its tone's color."""
    return f":{_COLORS[status_tone]}[{shape}]"


def signal_word(signal: Signal, *, capital: bool = False) -> str:
    """The signal as a word, orange when worsening, blue when improving."""
    word = signal.label if capital else signal.label.lower()
    return f":{_SIGNAL_COLORS[signal.tone]}[{word}]"


def chip_color(signal: Signal, change: float, better: Better) -> Literal["orange", "blue", "gray"]:
    """The color of a change chip: the signal's, where the change goes the way the signal says.

    A measure may have worsened over weeks and be a little better than the week before.
    """
    up_is_good = {Better.HIGHER: True, Better.LOWER: False}.get(better)
    if signal is Signal.WORSENING and (change > 0) is up_is_good:
        return "gray"
    if signal is Signal.IMPROVING and (change > 0) is not up_is_good:
        return "gray"
    return _CHIPS[signal.tone] if change else "gray"


def reading_badges(reading: Reading) -> str:
    """Variation and assurance of a control chart as two badges: shape and word in each."""
    target = reading.assurance
    beside = badge(target.tone, f"{target.shape} {target.label}")
    return f"{signal_badge(reading.signal, reading.shape)} {beside}"


def signal_badge(signal: Signal, shape: str) -> str:
    """A signal as a badge in Markdown, with a shape before its word: ↑ Worsening."""
    return f":{_SIGNAL_COLORS[signal.tone]}-badge[{shape} {signal.label}]"
