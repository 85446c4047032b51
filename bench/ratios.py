"""Medians of repeated runs side by side, so that a noisy machine disturbs both sides alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def side_by_side(
    contestants: Mapping[str, Callable[[], object]], *, runs: int = 5, warm: int = 1
) -> dict[str, float]:
    """Median seconds of each contestant; they take turns, after `warm` rounds that do not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for turn in range(warm + runs):
        for name, run in contestants.items():
            started = time.perf_counter()
            run()
            if turn >= warm:
                seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(values) for name, values in seconds.items()}


def line(what: str, ours: float, peer: float, limit: float) -> str:
    """One printed result: both times, the ratio and whether it keeps its limit."""
    ratio = ours / peer
    verdict = "keeps" if ratio <= limit else "MISSES"
    return (
        f"{what}: {ours * 1000:,.1f} ms / {peer * 1000:,.1f} ms = {ratio:.2f} "
        f"({verdict} the limit of {limit:g})"
    )
