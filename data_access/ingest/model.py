"""What a dry run says: how a file was read, what it would change, what must be answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from data_access.ingest.columns import Columns, LeftOut, Match
from data_access.ingest.refused import RefusedRow
from data_access.manifests import Reading
from data_access.readers.model import Detected
from metrics.errors import BadExtractError

# Answers to questions: question key → choice.
Answers = Mapping[str, str]
Coverage = Literal["everything", "part"]


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something a person must say, or may change.

    Attributes:
        key: "source", "zone", "day", "date_order:<column>", "decimal:<column>", "coverage",
            "closed_cases", "map:<column>", "extract", "sheet", "encoding", "fields".
        text: the question.
        choices: the valid answers; any text when there are none.
        default: the suggested answer; None when a person must answer.
        label: two or three words, for a form.
    """

    key: str
    text: str
    choices: tuple[str, ...] = ()
    default: str | None = None
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What one column holds.

    Attributes:
        name: our column.
        label: as readers see it.
        theirs: the header it came from.
        filled: rows with a value.
        distinct: different values; about so many when `is_about`.
        minimum, maximum: as text; "" for text columns.
        mean: of numbers.
        most_frequent: the most frequent value and how often it stands; ("", 0) when every value
            is rare.
    """

    name: str
    label: str
    theirs: str
    filled: int
    distinct: int
    is_about: bool = False
    minimum: str = ""
    maximum: str = ""
    mean: float | None = None
    most_frequent: str = ""
    most_frequent_rows: int = 0


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why a whole file is refused.

    Attributes:
        error: what is wrong, where, the valid choices, the next step.
        first_fix: the first thing to do.
        template_name: of the corrected template; "" when there is none.
        template: a CSV file with the user's own columns under our header.
    """

    error: BadExtractError
    first_fix: str
    template_name: str = ""
    template: bytes = b""

    @property
    def text(self) -> str:
        """The whole message as plain sentences."""
        return self.error.text


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """Rows that are kept and yet said.

    Attributes:
        column: the header of the column concerned.
        reason: in words.
        rows: how many.
    """

    column: str
    reason: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """Everything that is known of a file before anything of it is stored.

    Attributes:
        path, file_name, sha256, size: of the file as sent.
        extract: its kind; "" while it is not known.
        source: the system it comes from.
        detected: how it was read; None when it could not be.
        columns: how its header fits; None while the kind is not known.
        questions: still open; those with a default are answered by it on accepting.
        answers: given or remembered.
        rows: rows of the file; blank lines do not count.
        accepted: rows that would be kept; of them new, changed and same.
        outdated: of `same`: rows older than what is there, which change nothing.
        vanished: rows of the source that the file, said to hold everything, does not have.
        refused: rows with a problem.
        repeated: rows that stand more than once, alike; they count once.
        flagged: rows kept and said.
        summaries: per column; `previous` has those of the upload before, by our column.
        previous_upload: the newest upload of the same source and kind in force, "" for none.
        first_refused: the first refused rows.
        refused_path: all of them, a CSV file; it stays until the dry run is discarded.
        as_of: how new the file is; UTC.
        zone: in which times without an offset were read.
        date_order, decimals: our column → how its dates and numbers were read.
        coverage, is_closed_cases: as answered or suggested.
        notes: what was mended or should be known, in words.
        refusal: why nothing of it can be accepted; None when it can.
        same_as: the upload of the same file in force; "" when there is none.
        folder: where the checked rows wait.
        original_sql: selects the text of the mapped columns, to keep as the original.
        also: the dry runs of the further tables of the file, like the reviews beside the
            annotations; they are accepted with it and undone with it.
    """

    path: Path
    file_name: str
    sha256: str = ""
    size: int = 0
    extract: str = ""
    source: str = ""
    detected: Detected | None = None
    columns: Columns | None = None
    questions: tuple[Question, ...] = ()
    answers: Answers = field(default_factory=dict)
    rows: int = 0
    accepted: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    outdated: int = 0
    vanished: int = 0
    refused: int = 0
    repeated: int = 0
    flagged: tuple[Flagged, ...] = ()
    summaries: tuple[Summary, ...] = ()
    previous: Mapping[str, Summary] = field(default_factory=dict)
    previous_upload: str = ""
    first_refused: tuple[RefusedRow, ...] = ()
    refused_path: Path | None = None
    as_of: datetime | None = None
    zone: str = "UTC"
    date_order: Mapping[str, str] = field(default_factory=dict)
    decimals: Mapping[str, str] = field(default_factory=dict)
    coverage: Coverage = "part"
    is_closed_cases: bool = False
    notes: tuple[str, ...] = ()
    refusal: Refusal | None = None
    same_as: str = ""
    folder: Path | None = None
    original_sql: str = ""
    also: tuple[DryRun, ...] = ()

    @property
    def tables_beside(self) -> tuple[Detected, ...]:
        """The further tables of the file."""
        return self.detected.also if self.detected else ()

    @property
    def companions(self) -> tuple[DryRun, ...]:
        """Those of the further tables that have rows to accept."""
        return tuple(one for one in self.also if one.refusal is None and one.accepted)

    @property
    def is_same_file(self) -> bool:
        """Whether the very same file is in force already, so that accepting changes nothing."""
        return bool(self.same_as)

    @property
    def must_answer(self) -> tuple[Question, ...]:
        """The open questions that only a person can answer."""
        return tuple(q for q in self.questions if q.default is None)

    @property
    def can_accept(self) -> bool:
        """Whether `accept` would store it now."""
        return (
            self.refusal is None
            and not self.must_answer
            and not self.is_same_file
            and self.accepted > 0
            and self.folder is not None
        )

    @property
    def matched(self) -> tuple[Match, ...]:
        """Our columns with the headers they were matched with."""
        return self.columns.matched if self.columns else ()

    @property
    def mapping(self) -> dict[str, list[str]]:
        """Our column → their headers."""
        return self.columns.mapping if self.columns else {}

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Their columns that are not stored, and why."""
        return self.columns.left_out if self.columns else ()

    @property
    def reading(self) -> Reading:
        """What the file is read as, as far as it is known."""
        return Reading(
            sha256=self.sha256,
            extract=self.extract,
            source=self.source,
            mapping=self.mapping,
            sheet=self.detected.sheet if self.detected else "",
            encoding=self.detected.encoding if self.detected else "",
            fields=self.detected.fields if self.detected else "",
            zone=self.zone,
            date_order=dict(self.date_order),
            decimals=dict(self.decimals),
            coverage=self.coverage,
            is_closed_cases=self.is_closed_cases,
        )
