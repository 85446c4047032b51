"""User text made safe for Streamlit's Markdown."""

from __future__ import annotations

import re

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
# Marks that turn the reading direction of what follows them.
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_BREAK = "\N{ZERO WIDTH SPACE}"


def md_escape(text: object) -> str:
    r"""The text as Markdown that shows it literally: no link, image, icon, color or formula.

    A backslash stands before each ASCII punctuation mark, line breaks become spaces, marks that
    turn the reading direction go, and an invisible space breaks what would turn into a link by
    itself ("https://", "www.", "@").

    >>> md_escape("**CT** :material/home:")
    '\\*\\*CT\\*\\* \\:material\\/home\\:'
    """
    flat = re.sub(r"\s+", _one_space, _TURNS.sub("", str(text)))
    flat = flat.replace("://", f":{_BREAK}//").replace("@", f"{_BREAK}@")
    flat = re.sub(r"(?i)\bwww\.", lambda match: f"{match[0][:-1]}{_BREAK}.", flat)
    return _PUNCTUATION.sub(r"\\\1", flat)


def _one_space(found: re.Match[str]) -> str:
    """A plain space for any white space, but a no-break space stays what it is."""
    return "\N{NO-BREAK SPACE}" if found[0] == "\N{NO-BREAK SPACE}" else " "


def sentence_start(text: str) -> str:
    """The text with its first letter in upper case, the rest untouched."""
    return text[:1].upper() + text[1:]


def count_of(count: int, noun: str) -> str:
    """A count with its noun, plural where it must be: "1 row", "2 rows"."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def dotted(*parts: str) -> str:
    """The parts that say something, split by middle dots."""
    return " · ".join(part for part in parts if part)
