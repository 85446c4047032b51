"""A chart: a template that never changes and the data it is filled with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import pyarrow as pa

from analysis.model import Limits, Signal
from charts.tokens import Theme
from metrics.value import Value

Spec = dict[str, Any]
Row = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One picture, for the page (as a spec) and for Word (as a PNG).

    Attributes:
        kind: as "trend" or "stage map"; a guide in docs/sop names it and says how it is read.
        theme: "light", "dark" or "print".
        spec: Vega-Lite template; depends on kind, theme, unit and size alone, so that a page that
            gets new numbers only replaces data. Shared between charts: never change it.
        datasets: the named data of the template; what depends on the numbers is in here.
        alt: what the picture shows in 20 to 600 characters, made from the same numbers: for Word.
        height: of the whole picture in CSS pixels.
        name: what the picture is, whatever the numbers: the accessible name on the page, where a
            screen reader finds the numbers at the marks. A name that changes makes the browser
            draw the chart anew, which takes as long as everything else together.
    """

    kind: str
    theme: Theme
    spec: Spec
    datasets: dict[str, list[Row]]
    alt: str
    height: int
    name: str = ""

    @property
    def rows(self) -> list[Row]:
        """The rows that carry values; empty when there is nothing to draw."""
        return self.datasets["rows"]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw: the caller then says so in words, without a chart."""
        return not self.rows

    def filled(self) -> Spec:
        """The spec with its data inside, complete for vl-convert or a Vega editor."""
        return {**self.spec, "description": self.alt, "datasets": self.datasets}

    @cached_property
    def _arrow(self) -> dict[str, bytes]:
        return {name: _ipc(rows) for name, rows in self.datasets.items()}

    def for_page(self) -> Spec:
        """The spec for `st.vega_lite_chart(None, spec, theme=None, key=..., alt=chart.name)`.

        Its data are ready-made Arrow bytes, which Streamlit passes through. While the template
        stays the same, the browser keeps the drawn view and only exchanges the data.
        """
        return {**self.spec, "datasets": dict(self._arrow)}


def _ipc(rows: Sequence[Row]) -> bytes:
    """Rows as an Arrow stream; a column takes the type of its first value that is not None."""
    names = list(rows[0]) if rows else ["none"]
    columns = {name: pa.array([_plain(row.get(name)) for row in rows]) for name in names}
    table = pa.table(columns)
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _plain(value: object) -> object:
    """Whole numbers as floats, so that a column never mixes both."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class Marker(Protocol):
    """Something that happened on a day: a guideline change, a release, an outage."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def label(self) -> str:
        """What it is called."""


class Judged(Protocol):
    """What a control chart needs: an Assessment and a StageRow of `analysis.model` have it."""

    @property
    def series(self) -> Sequence[Value]:
        """The values, oldest first."""

    @property
    def limits(self) -> Limits | None:
        """The expected range; None when there is too little history."""

    @property
    def signal(self) -> Signal:
        """Of the last value."""
