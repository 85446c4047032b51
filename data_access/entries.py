"""The things people write and follow from week to week, and what makes them valid."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar

from data_access.text import clean_text
from metrics.errors import AppError

CLOSED_STATES = ("Done", "Dropped", "Decided", "Closed", "Realized")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that is followed from week to week.

    Attributes:
        text: what it is, as its author typed it.
        owner: who answers for it; "" when nobody does yet.
        due_on: by when; None when no day is set.
        state: one of the `STATES` of its kind.
        number: counts up within its kind; 0 before it is stored.
        raised_on: first day of the period it was first reported in.
        closed_on: first day of the period it was closed in; None while open.
        version: counts its changes; a change made on an older version is refused.
    """

    PREFIX: ClassVar[str] = ""
    STATES: ClassVar[tuple[str, ...]] = ("Open", "Closed", "Dropped")

    text: str
    owner: str = ""
    due_on: date | None = None
    state: str = "Open"
    number: int = 0
    raised_on: date | None = None
    closed_on: date | None = None
    version: int = 0

    @property
    def code(self) -> str:
        """What a reader calls it, like "R-07"."""
        return f"{self.PREFIX}-{self.number:02d}"

    @property
    def is_closed(self) -> bool:
        """Whether nothing remains to be done."""
        return self.state in CLOSED_STATES

    def is_overdue(self, day: date) -> bool:
        """Whether it is open and its day had passed when `day` began."""
        return not self.is_closed and self.due_on is not None and self.due_on < day


@dataclass(frozen=True, kw_only=True)
class Decision(Entry):
    """A decision somebody must take; `owner` decides, `due_on` is by when."""

    PREFIX: ClassVar[str] = "D"
    STATES: ClassVar[tuple[str, ...]] = ("Open", "Decided", "Dropped")

    if_not: str = ""


@dataclass(frozen=True, kw_only=True)
class Risk(Entry):
    """Something that may go wrong; likelihood and impact from 1 to 5."""

    PREFIX: ClassVar[str] = "R"
    TRENDS: ClassVar[tuple[str, ...]] = ("New", "Rising", "Same", "Falling")

    likelihood: int = 3
    impact: int = 3
    trend: str = "New"
    response: str = ""

    @property
    def score(self) -> int:
        """Likelihood times impact."""
        return self.likelihood * self.impact


@dataclass(frozen=True, kw_only=True)
class Opportunity(Entry):
    """Something that could get better, with the evidence for the gain."""

    PREFIX: ClassVar[str] = "O"
    STATES: ClassVar[tuple[str, ...]] = ("Open", "Realized", "Dropped")
    EFFORTS: ClassVar[tuple[str, ...]] = ("Low", "Medium", "High")

    gain: str = ""
    evidence: str = ""
    effort: str = "Medium"


@dataclass(frozen=True, kw_only=True)
class Action(Entry):
    """Something somebody does by a day."""

    PREFIX: ClassVar[str] = "A"
    STATES: ClassVar[tuple[str, ...]] = ("Open", "In progress", "Done", "Dropped")


@dataclass(frozen=True)
class Commentary:
    """What somebody wrote about a period, a slice of it, or one measure in it.

    Attributes:
        period: the period's name, like "2026-W46".
        scope: the filters in canonical text; "" for everything.
        metric: the measure's name; "" for the period as a whole.
        text: as typed; "" when the commentary was taken back.
    """

    period: str
    scope: str
    metric: str
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True)
class Audited:
    """One change, never altered: who did what to which thing when, before and after as JSON."""

    at: datetime
    by: str
    what: str
    thing: str
    before: str
    after: str


E = TypeVar("E", bound=Entry)


def checked(entry: E) -> E:
    """The entry with clean text, or an error naming what is wrong with it."""
    cleaned: dict[str, Any] = {
        field.name: clean_text(value.strip())
        for field in fields(entry)
        if isinstance(value := getattr(entry, field.name), str)
    }
    new = replace(entry, **cleaned)
    if not new.text:
        raise AppError("It needs a few words of what it is.", where=type(entry).__name__)
    _one_of("state", new.state, new.STATES)
    if isinstance(new, Risk):
        _one_of("trend", new.trend, new.TRENDS)
        for name in ("likelihood", "impact"):
            _one_of(name, str(getattr(new, name)), tuple("12345"))
    if isinstance(new, Opportunity):
        _one_of("effort", new.effort, new.EFFORTS)
    return new


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise AppError(f"{value} is not a valid {name}.", choices=choices)
