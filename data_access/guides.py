"""Guides: the shipped ones in docs/sop and those that teams write, approve and date in the app.

A version that was approved never changes; what follows is a new draft, and the approved one stays
in force until the draft is approved with a name and a day. Every change is one transaction with
its line of audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from data_access.recording import META, Database, signed, write_audit
from data_access.text import clean_text
from metrics.errors import AppError

SHIPPED = Path(__file__).resolve().parents[1] / "docs" / "sop"
_FENCE = "---\n"
_TEXT_LIMIT = 60_000


@dataclass(frozen=True, kw_only=True)
class Guide:
    """One version of a guide.

    Attributes:
        number, version: which of the teams' guides, and which version of it, from 1; a shipped
            guide has number 0.
        key: what a link names: the file's name, or "team-3".
        title, text: the text is Markdown.
        edition: the version as shown; "1.0" for shipped ones.
        owner: who keeps it right.
        approved_by, approved_on: "" and None while it is a draft.
        review_by: the day by which somebody has to look at it again; None for a draft.
        pages, metrics, charts: what it belongs to: titles of pages, names of measures, kinds of
            charts; "; " between.
        written_by, written_at: who began the version and when (UTC); "" and None for shipped ones.
        changes: counts the changes; a change made on an older state is refused.
    """

    title: str
    text: str
    number: int = 0
    version: int = 1
    key: str = ""
    edition: str = ""
    owner: str = ""
    approved_by: str = ""
    approved_on: date | None = None
    review_by: date | None = None
    pages: str = ""
    metrics: str = ""
    charts: str = ""
    written_by: str = ""
    written_at: datetime | None = None
    changes: int = 0

    @property
    def is_shipped(self) -> bool:
        """Whether it came with the app."""
        return self.number == 0

    @property
    def is_approved(self) -> bool:
        """Whether it is in force, with a name and a day."""
        return self.approved_on is not None

    def is_overdue(self, today: date) -> bool:
        """Whether its day of review has passed."""
        return self.review_by is not None and self.review_by < today

    def belongs_to(self, kind: str, name: str) -> bool:
        """Whether it belongs to a page, measure or chart; `kind` is the attribute's name."""
        return name in listed(getattr(self, kind))

    def has(self, words: str) -> bool:
        """Whether every word stands in its title or text, whatever the case."""
        here = f"{self.title}\n{self.text}".casefold()
        return all(word in here for word in words.casefold().split())


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list with semicolons.

    >>> listed("Upload; This week")
    ('Upload', 'This week')
    """
    return tuple(part.strip() for part in text.split(";") if part.strip())


# --- shipped


@cache
def shipped() -> tuple[Guide, ...]:
    """The guides of docs/sop by title, those that explain charts last.

    Raises:
        AppError: the head of a file cannot be read.
    """
    found = [parse(path.stem, path.read_text("utf-8")) for path in sorted(SHIPPED.glob("*.md"))]
    return tuple(sorted(found, key=lambda one: (one.key.startswith("chart-"), one.title)))


def parse(key: str, content: str) -> Guide:
    """A guide from its file: lines `name: value` between two `---`, then Markdown.

    Raises:
        AppError: there is no such head, a line is missing or a date cannot be read.
    """
    start, _, rest = content.partition(_FENCE)
    head, fence, text = rest.partition(f"\n{_FENCE}")
    if start or not fence:
        raise AppError("The guide has no head between two lines of ---.", where=f"{key}.md")
    told = {}
    for line in head.splitlines():
        name, _, value = line.partition(":")
        told[name.strip()] = value.strip()
    try:
        return Guide(
            key=key,
            title=told["title"],
            text=text.strip(),
            edition=told["version"],
            owner=told["owner"],
            approved_by=told["approved by"],
            approved_on=date.fromisoformat(told["approved on"]),
            review_by=date.fromisoformat(told["review by"]),
            pages=told["pages"],
            metrics=told["metrics"],
            charts=told["charts"],
        )
    except (KeyError, ValueError) as problem:
        raise AppError(
            f"The head of the guide lacks {problem}.",
            where=f"{key}.md",
            next_step="Copy the head of another guide in docs/sop.",
        ) from None


def for_thing(guides: Iterable[Guide], kind: str, name: str) -> tuple[Guide, ...]:
    """The guides in force that belong to a page, measure or chart; the teams' own first."""
    found = [one for one in guides if one.is_approved and one.belongs_to(kind, name)]
    return tuple(sorted(found, key=lambda one: (one.is_shipped, one.title)))


# --- written by teams

_TYPES: dict[str, Any] = {
    "str": sa.Text, "int": sa.Integer, "date | None": sa.Date, "datetime | None": sa.DateTime,
}  # fmt: skip
_STORED = [field for field in fields(Guide) if field.name not in ("key", "edition")]
_GUIDES = sa.Table(
    "guides",
    META,
    *(
        sa.Column(
            field.name,
            _TYPES[str(field.type)],
            nullable="None" in str(field.type),
            primary_key=field.name in ("number", "version"),
            autoincrement=False,
        )
        for field in _STORED
    ),
)


class Guides:
    """The door to the guides that teams write."""

    def __init__(self, database: Database) -> None:
        """Use `Records.guides`."""
        self._database = database

    def versions(self) -> dict[int, tuple[Guide, ...]]:
        """Number → the versions of that guide, oldest first."""
        query = sa.select(_GUIDES).order_by(_GUIDES.c.number, _GUIDES.c.version)
        found: dict[int, tuple[Guide, ...]] = {}
        with self._database.reading() as connection:
            for one in map(_guide, connection.execute(query).mappings()):
                found[one.number] = (*found.get(one.number, ()), one)
        return found

    def current(self) -> tuple[Guide, ...]:
        """Of each guide the newest approved version; of those never approved the draft."""
        return tuple(in_force(versions) for versions in self.versions().values())

    def add(self, new: Guide, *, by: str, at: datetime) -> Guide:
        """Store a new guide as a draft; what comes back has its number.

        Raises:
            AppError: it has no title or text, or nobody signed it.
        """
        with self._database.writing() as connection:
            highest = connection.execute(sa.select(sa.func.max(_GUIDES.c.number))).scalar()
            first = replace(_checked(new), number=int(highest or 0) + 1, version=1)
            return self._insert(connection, first, "add", by=by, at=at)

    def write(self, changed: Guide, *, by: str, at: datetime) -> Guide:
        """Store what a draft says now.

        Raises:
            AppError: the version is approved, or somebody else changed it since it was read.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, changed)
            if before.is_approved:
                raise AppError(
                    f"Version {before.version} of {before.title} is approved and stays as it is.",
                    next_step="Begin a new version.",
                )
            new = replace(
                _checked(changed), approved_by="", approved_on=None, review_by=None,
                written_by=before.written_by, written_at=before.written_at,
            )  # fmt: skip
            return self._update(connection, before, new, "write", by=by, at=at)

    def approve(self, draft: Guide, *, on: date, review_by: date, by: str, at: datetime) -> Guide:
        """Put a draft in force, with the name and the day, until its day of review.

        Raises:
            AppError: it is approved already, the review does not lie ahead, or it was changed.
        """
        if review_by <= on:
            raise AppError("The day of review must lie after the approval.")
        with self._database.writing() as connection:
            before = self._stored(connection, draft)
            if before.is_approved:
                raise AppError(f"Version {before.version} of {before.title} is approved already.")
            new = replace(before, approved_by=signed(by), approved_on=on, review_by=review_by)
            return self._update(connection, before, new, "approve", by=by, at=at)

    def revise(self, approved: Guide, *, by: str, at: datetime) -> Guide:
        """Begin a new version as a copy; the approved one stays in force meanwhile.

        Raises:
            AppError: it is a draft itself, a newer version exists, or it was changed.
        """
        with self._database.writing() as connection:
            before = self._stored(connection, approved)
            newest = sa.select(sa.func.max(_GUIDES.c.version)).where(
                _GUIDES.c.number == before.number
            )
            if not before.is_approved or connection.execute(newest).scalar() != before.version:
                raise AppError(f"{before.title} has a newer version or is a draft already.")
            new = replace(
                before, version=before.version + 1, approved_by="", approved_on=None, review_by=None
            )
            return self._insert(connection, new, "revise", by=by, at=at)

    def _insert(
        self, connection: Connection, new: Guide, what: str, *, by: str, at: datetime
    ) -> Guide:
        who = signed(by)
        new = replace(
            new, approved_by="", approved_on=None, review_by=None, written_by=who, written_at=at,
            changes=1,
        )  # fmt: skip
        connection.execute(sa.insert(_GUIDES).values(**_values(new)))
        write_audit(connection, who, at, what, _thing(new), None, new)
        return _named(new)

    def _update(
        self, connection: Connection, before: Guide, new: Guide, what: str, *, by: str, at: datetime
    ) -> Guide:
        new = replace(new, changes=before.changes + 1)
        connection.execute(sa.update(_GUIDES).where(_is(before)).values(**_values(new)))
        write_audit(connection, signed(by), at, what, _thing(new), before, new)
        return _named(new)

    def _stored(self, connection: Connection, guide: Guide) -> Guide:
        row = connection.execute(sa.select(_GUIDES).where(_is(guide))).mappings().one_or_none()
        if row is None:
            raise AppError(f"{guide.title} is no longer there.", next_step="Load the page again.")
        if row["changes"] != guide.changes:
            raise AppError(
                f"Somebody else changed {guide.title} in the meantime.",
                next_step="Load the page again and repeat your change.",
            )
        return _guide(row)


def in_force(versions: Sequence[Guide]) -> Guide:
    """The newest approved version; the draft where none was approved yet."""
    approved = [one for one in versions if one.is_approved]
    return (approved or list(versions))[-1]


def _checked(guide: Guide) -> Guide:
    title = clean_text(" ".join(guide.title.split()), limit=200)
    text = clean_text(guide.text.strip(), limit=_TEXT_LIMIT)
    if not title or not text:
        raise AppError(
            "The guide needs a title and a text.", next_step="Type both; the text may be Markdown."
        )
    return replace(
        guide, title=title, text=text, owner=clean_text(" ".join(guide.owner.split()), limit=200)
    )


def _is(guide: Guide) -> sa.ColumnElement[bool]:
    return sa.and_(_GUIDES.c.number == guide.number, _GUIDES.c.version == guide.version)


def _thing(guide: Guide) -> str:
    return f"guide {guide.number} version {guide.version}"


def _named(guide: Guide) -> Guide:
    return replace(guide, key=f"team-{guide.number}", edition=str(guide.version))


def _guide(row: RowMapping) -> Guide:
    return _named(Guide(**{field.name: row[field.name] for field in _STORED}))


def _values(guide: Guide) -> dict[str, Any]:
    return {field.name: getattr(guide, field.name) for field in _STORED}
