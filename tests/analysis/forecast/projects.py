"""Made-up projects whose future is known: weekly work of several kinds, a batch, what became of it.

Nothing here uses the forecast: the generators are plain numpy, each with a seed of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from analysis.forecast.model import History

AS_OF = date(2026, 11, 16)
_AHEAD = 60
EVEN_WEEK = (0.2, 0.2, 0.2, 0.2, 0.2, 0.0, 0.0)
LATE_WEEK = (0.05, 0.10, 0.15, 0.25, 0.45, 0.0, 0.0)  # most of a week's work ends on Friday
KINDS = ("poisson", "overdispersed", "autocorrelated", "weekday rhythm", "short history")


@dataclass(frozen=True)
class Project:
    """A history, a batch of so many items, and the day on which the last one was accepted."""

    kind: str
    history: History
    items: int
    done_after: int


def project(kind: str, seed: int) -> Project:
    """A project of a kind. 15 to 150 items a week, 5 to 30% of them come back from review."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    weeks = int(rng.integers(8, 13)) if kind == "short history" else 26
    pace = rng.uniform(15, 150)
    passes = _weekly(kind, rng, weeks + _AHEAD, pace)
    rhythm = LATE_WEEK if kind == "weekday rhythm" else EVEN_WEEK
    daily = np.array([rng.multinomial(count, rhythm) for count in passes])
    good = rng.uniform(0.70, 0.95)
    accepted = rng.binomial(daily, good)
    items = int(pace * good * rng.uniform(1, 8))
    grown = np.cumsum(accepted[weeks:].reshape(-1))
    past = accepted[:weeks].astype(float)
    returned = (daily - accepted)[:weeks].sum(axis=1).astype(float)
    nothing = np.zeros(weeks)
    return Project(
        kind,
        History(AS_OF, past, returned, nothing, nothing),
        items,
        int((grown < items).sum()) + 1,
    )


def _weekly(kind: str, rng: np.random.Generator, weeks: int, pace: float) -> np.ndarray:
    if kind == "poisson":
        return rng.poisson(pace, weeks)
    if kind == "autocorrelated":
        return rng.poisson(pace * np.exp(_ar1(rng, weeks, correlation=0.5, spread=0.3)))
    extra = {"overdispersed": 0.15, "weekday rhythm": 0.05, "short history": 0.08}[kind]
    return rng.negative_binomial(1 / extra, (1 / extra) / (1 / extra + pace), weeks)


def _ar1(rng: np.random.Generator, weeks: int, *, correlation: float, spread: float) -> np.ndarray:
    """A stationary first-order autoregression whose exponential has mean 1."""
    noise = rng.normal(0, spread * np.sqrt(1 - correlation**2), weeks)
    found = [rng.normal(0, spread)]
    for one in noise[1:]:
        found.append(correlation * found[-1] + one)
    return np.array(found) - spread**2 / 2
