"""Flow: what comes in and leaves, how much is in progress, how long it takes, what grows old."""

from analysis.flow.desk import flow
from analysis.flow.model import Flow

__all__ = ["Flow", "flow"]
