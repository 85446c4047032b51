"""The report model: everything that is printed, and nothing about how."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Literal, TypeVar

from analysis.model import Caution, Status
from reports import blocks, codec
from reports.blocks import Block, Section

B = TypeVar("B")
_NO_TIME = datetime(1, 1, 1)


@dataclass(frozen=True)
class Report:
    """One report, ready to be laid out.

    Attributes:
        title, organization, audience: as printed under each other.
        kind: "weekly" or "period".
        period: its name, like "2026-W46"; since, until: its days, `until` not included.
        period_label, period_short: "Week 46, 9–15 Nov 2026" and "2026-W46".
        data_to: the newest moment in the data, in the reporting zone; None without data.
        prepared: when it was built, in the reporting zone `zone`; an input, never the clock.
        snapshot: the warehouse snapshot it was read from.
        page: "Letter" or "A4".
        is_sample: made from the sample data.
        status: the overall status, a value of analysis.model.Status.
        uploads: ids of the uploads that were in force.
        sections: in reading order.
        cautions: what to know before sending it, worst first.
    """

    title: str
    organization: str
    audience: str
    kind: Literal["weekly", "period"]
    period: str
    period_label: str
    since: date
    until: date
    data_to: datetime | None
    prepared: datetime
    zone: str
    snapshot: str
    page: Literal["Letter", "A4"]
    is_sample: bool
    status: str
    uploads: tuple[str, ...]
    sections: tuple[Section, ...]
    cautions: tuple[Caution, ...] = ()

    @cached_property
    def digest(self) -> str:
        """Sha256 of its inputs: not of when it was built, from which copy, or how charts look."""
        lasting = replace(
            self,
            prepared=_NO_TIME,
            snapshot="",
            sections=tuple(
                replace(section, blocks=tuple(_undrawn(block) for block in section.blocks))
                for section in self.sections
            ),
        )
        return hashlib.sha256(lasting.to_json().encode()).hexdigest()

    @property
    def id(self) -> str:
        """What it is called: the period and ten digits of the digest of its inputs."""
        return f"{self.period}-{self.digest[:10]}"

    def blocks(self, kind: type[B]) -> Iterator[B]:
        """All blocks of a kind, in reading order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, kind))

    def section(self, key: str) -> Section | None:
        """The section of that key; None when it was left out."""
        return next((section for section in self.sections if section.key == key), None)

    @property
    def contents(self) -> tuple[Section, ...]:
        """The sections after the first page: what a reader turns to."""
        return tuple(s for s in self.sections if s.title and not s.is_first_page)

    def without(self, *keys: str) -> Report:
        """The same report with sections left out."""
        return replace(self, sections=tuple(s for s in self.sections if s.key not in keys))

    @property
    def period_short(self) -> str:
        """The period in the corner of a page: "2026-W46", or the days in words."""
        return self.period if self.kind == "weekly" else self.period_label

    @property
    def nothing(self) -> str:
        """What an empty section or table says."""
        end = "this week" if self.kind == "weekly" else "in this period"
        return f"Nothing to report {end}."

    @property
    def file_stem(self) -> str:
        """The name of its files without ending, safe on every system."""
        name = re.sub(r"[^A-Za-z0-9._-]+", "-", f"{self.kind}-report-{self.period}")
        return name.replace("..", "_")[:80]

    def to_json(self) -> str:
        """All of it as JSON; `from_json` gives an equal report back."""
        return codec.to_json(self)


def _undrawn(block: Block) -> Block:
    return replace(block, chart={}) if isinstance(block, blocks.Figure) else block


_TYPES: dict[str, type] = {
    name: thing
    for name, thing in vars(blocks).items()
    if isinstance(thing, type) and is_dataclass(thing)
} | {"Report": Report, "Caution": Caution}


def from_json(text: str) -> Report:
    """The report that `Report.to_json` wrote.

    Raises:
        ReportError: the text is no such report.
    """
    report: Report = codec.from_json(text, _TYPES)
    return report


__all__ = ["Block", "Caution", "Report", "Section", "Status", "from_json"]
