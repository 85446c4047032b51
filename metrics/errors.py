"""The one base error: what went wrong, where, the valid choices, the next step."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class AppError(Exception):
    """An error a person can act on.

    Attributes:
        what: one sentence: what is wrong.
        where: the file, line, column, metric or page it is wrong in; "" when there is none.
        choices: the valid values, when there are some.
        next_step: one sentence: what to do now; "" when `what` already says it.
    """

    def __init__(
        self, what: str, *, where: str = "", choices: Iterable[str] = (), next_step: str = ""
    ) -> None:
        """Keep the four parts; `str(error)` joins them."""
        self.what = what
        self.where = where
        self.choices = tuple(choices)
        self.next_step = next_step
        super().__init__(self.text)

    @property
    def text(self) -> str:
        """The four parts as plain sentences."""
        parts = [self.what]
        if self.where:
            parts.append(f"Where: {self.where}.")
        if self.choices:
            shown = ", ".join(self.choices[:12])
            more = f" and {len(self.choices) - 12} more" if len(self.choices) > 12 else ""
            parts.append(f"Valid choices: {shown}{more}.")
        if self.next_step:
            parts.append(self.next_step)
        return " ".join(parts)


class UnknownMetricError(AppError):
    """A metric name that is not in the catalogue."""


class UnknownDimensionError(AppError):
    """A dimension that the metric's mart does not have."""


class BadPeriodError(AppError):
    """A week, month or date that cannot be read."""


class BadExtractError(AppError):
    """A file that cannot be accepted as the extract it claims to be."""


class QuestionError(AppError):
    """A file that can be accepted only after a person answers a question."""


class WarehouseError(AppError):
    """The database of the workspace is missing, damaged or busy."""


class ReportError(AppError):
    """A report that cannot be built."""


def suggest(name: str, choices: Iterable[str]) -> str:
    """A did-you-mean sentence for a misspelled name; "" when nothing is close.

    >>> suggest("arivals", ["arrivals", "items_completed"])
    'Did you mean arrivals?'
    """
    close = get_close_matches(name, list(choices), n=1)
    return f"Did you mean {close[0]}?" if close else ""
