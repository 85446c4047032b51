"""The severity of an issue: set on the desk, else read from the tracker's priority.

The words are the priorities that trackers come with: Jira (Highest to Lowest, and the older
Blocker to Trivial), Linear (Urgent to Low), GitHub and Azure DevOps labels (P0 to P4, 1 to 4) and
ITIL's P1 to P4; then the plain words for these in the languages that exports come in. A word that
is not among them gives no severity: it is asked for, not guessed.
"""

from __future__ import annotations

from data_access.cases import SEVERITIES

NOT_SET = "Not set"  # how an issue without a severity is shown
_WORDS = {
    "Critical": "critical, blocker, highest, urgent, emergency, p0, p1, 1, 1 - critical, sev1, "
    "sev 1, crítica, más alta, höchste, höchst, kritisch, critique, la plus haute, crítico, "
    "mais alta, hoogste, critica, massima, krytyczny, najwyższy",
    "High": "high, major, important, p2, 2, 2 - high, sev2, sev 2, alta, hoch, haute, élevée, "
    "hoog, wysoki",
    "Medium": "medium, normal, moderate, default, p3, 3, 3 - medium, sev3, sev 3, media, mittel, "
    "moyenne, média, gemiddeld, średni",
    "Low": "low, minor, trivial, lowest, p4, p5, 4, 5, 4 - low, sev4, sev 4, baja, más baja, "
    "niedrig, niedrigste, faible, basse, la plus basse, baixa, mais baixa, laag, laagste, bassa, "
    "minima, niski, najniższy",
}
_BY_WORD = {
    word.strip(): severity for severity, words in _WORDS.items() for word in words.split(",")
}
assert tuple(_WORDS) == SEVERITIES


def severity_of(priority: str) -> str:
    """The severity that a priority means; "" for a word that is not known.

    >>> severity_of("Highest"), severity_of(" major "), severity_of("Someday")
    ('Critical', 'High', '')
    """
    return _BY_WORD.get(" ".join(priority.casefold().split()), "")
