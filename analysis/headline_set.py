"""The few measures of *This week* and of the report's key table."""

from __future__ import annotations

from metrics.delivery import ACCEPTED_SHARE, ON_TIME_DELIVERY
from metrics.flow import ITEMS_COMPLETED, ITEMS_WAITING, TURNAROUND_P50
from metrics.issues import ISSUES_OVERDUE
from metrics.model import Metric
from metrics.quality import FIRST_PASS_ACCEPTANCE, REJECTION_RATE

KEY_METRICS: tuple[Metric, ...] = (
    TURNAROUND_P50,
    ON_TIME_DELIVERY,
    ITEMS_WAITING,
    ITEMS_COMPLETED,
    FIRST_PASS_ACCEPTANCE,
    REJECTION_RATE,
    ISSUES_OVERDUE,
    ACCEPTED_SHARE,
)
