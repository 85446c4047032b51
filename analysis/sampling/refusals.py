"""The lots that were not accepted in a period, as a warning says them."""

from __future__ import annotations

from collections.abc import Iterable

from data_access.lots import Lot
from metrics.periods import Period


def refused(lots: Iterable[Lot], period: Period) -> tuple[str, ...]:
    """Each lot not accepted in the period: "TUM-B11 (14 of 20 checked items defective)"."""
    return tuple(
        f"{lot.name} ({lot.defective:,} of {lot.checked:,} checked items defective)"
        for lot in lots
        if lot.decision == "not accepted"
        and lot.decided_at is not None
        and period.contains(lot.decided_at.date())
    )
