"""Text for charts: made harmless, cut to fit, and its width guessed."""

from __future__ import annotations

import re
import unicodedata

ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
NO_NAME = "(blank)"
_NARROW = set("iljtfrI.,:;'|!()[] -\u00a0")
_WIDE = set("mwMW@%—…")
_CONTROLS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def clean(text: object) -> str:
    """The text on one line, without characters that would break a line, a label or a file.

    >>> clean("Team A\\n\\x00(night)  ")
    'Team A (night)'
    """
    kept = (" " if unicodedata.category(c) in _CONTROLS else c for c in str(text))
    return re.sub(r"[^\S\u00a0]+", " ", "".join(kept)).strip() or NO_NAME


def width(text: str, size: float, *, is_bold: bool = False) -> float:
    """About how many pixels a text takes at a font size; wide scripts count double.

    >>> round(width("Radiology", 12))
    55
    """
    units = sum(_units(character) for character in text)
    return units * size * (1.06 if is_bold else 1.0)


def _units(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.3
    if character in _WIDE:
        return 0.86
    return 0.68 if character.isupper() else 0.55


def cut(text: object, most: float, size: float) -> str:
    """The cleaned text, ended with an ellipsis where it would take more than `most` pixels.

    >>> cut("Pathology batch 2", 72, 12)
    'Pathology…'
    """
    whole = clean(text)
    if width(whole, size) <= most:
        return whole
    room = most - width(ELLIPSIS, size)
    kept = ""
    for character in whole:
        room -= _units(character) * size
        if room < 0:
            break
        kept += character
    return kept.rstrip() + ELLIPSIS
