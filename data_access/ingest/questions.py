"""The questions a dry run asks, and the suggestions that come with them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from data_access.extracts import EXTRACTS
from data_access.ingest import dates, numbers
from data_access.ingest.check import Checked
from data_access.ingest.columns import Columns
from data_access.ingest.model import Coverage, DryRun, Question
from data_access.ingest.notation import Notation, needs_zone
from data_access.ingest.words import REFUSE
from data_access.manifests import Upload
from data_access.readers.model import Ask, Detected
from metrics.errors import QuestionError

_JIRA_LIMIT = 1_000
_MANY_VANISHED = 0.5
_YES = ("yes", "true", "y", "1")


def from_reader(ask: Ask) -> Question:
    """A question the reader of the file has."""
    return Question(
        key=ask.key,
        text=ask.text,
        choices=ask.choices,
        default=ask.default,
        label="Answer columns" if ask.key == "fields" else ask.key.capitalize(),
    )


def which_extract(*, default: str | None = None) -> Question:
    """Which kind of extract the file is."""
    kinds = "; ".join(f"{e.name}: {e.description}" for e in EXTRACTS.values())
    text = (
        "Is the type right? Another type fits the header almost as well."
        if default
        else f"Which type of extract is it? No known column names were found. {kinds}"
    )
    return Question(
        key="extract", text=text, choices=tuple(EXTRACTS), default=default, label="Type"
    )


def which_column(detected: Detected, columns: Columns) -> tuple[Question, ...]:
    """Which of their columns holds what is required and was not found by name."""
    theirs = tuple(dict.fromkeys(left.theirs for left in columns.left_out))
    return (
        tuple(
            Question(
                key=f"map:{column.name}",
                choices=theirs,
                label=column.label,
                text=f"Which column is {column.label}? {column.description}",
            )
            for column in columns.missing
        )
        if theirs and detected.header
        else ()
    )


def which_source(source: str, others: Sequence[str]) -> Question:
    """Which system the file comes from, asked when the name is new."""
    text = "Which source does it come from? Rows with the same key replace each other within one."
    if others:
        text += f" Files with the same columns came from {', '.join(others)}."
    return Question(
        key="source", text=text, choices=(source, *others), default=source, label="Source"
    )


def which_sheet(detected: Detected | None) -> tuple[Question, ...]:
    """Whether another sheet is meant than the one that is loaded already."""
    if detected is None or len(detected.sheets) < 2:
        return ()
    text = f"The sheet {detected.sheet} is loaded already. Is another one to be loaded beside it?"
    return (
        Question(
            key="sheet", text=text, choices=detected.sheets, default=detected.sheet, label="Sheet"
        ),
    )


def other_sheets(known: DryRun, before: Sequence[Upload]) -> list[Upload]:
    """The uploads in force of the same workbook and source with other sheets."""
    now = known.reading
    return [u for u in before if u.sha256 == now.sha256 and u.sheet != now.sheet]


def about_sheets(done: DryRun, before: Sequence[Upload]) -> tuple[str, ...]:
    """What becomes of the sheets of the same workbook that are in force, in a sentence."""
    others = other_sheets(done, before)
    if not others:
        return ()
    named = f"The sheet {', '.join(u.sheet for u in others)} of this workbook is in force too"
    if done.coverage == "part" and all(u.coverage == "part" for u in others):
        return (f"{named}; both stay.",)
    return (
        f"{named}. A sheet that holds everything leaves no room for another of its source: rows "
        "that it does not have count as gone. To keep both, load each as a part, or give this one "
        "a source of its own.",
    )


def about_notation(notation: Notation, columns: Columns) -> tuple[Question, ...]:
    """How dates and numbers are meant that can be read in two ways."""
    theirs = {m.column.name: m.theirs for m in columns.matched}
    found = []
    for name in notation.open_dates:
        if notation.dates[name].looks_swapped and notation.dates[name].order is not None:
            found.append(_which_swap(name, theirs[name], str(notation.dates[name].order)))
            continue
        text = (
            f"The dates in {theirs[name]} are mixed: some can only be day first, others only month "
            "first. Which one is right? Rows that do not fit are refused."
            if notation.dates[name].is_mixed
            else f"In {theirs[name]}, is 01/10/2026 the first of October (day first) or the tenth "
            "of January (month first)? The file itself does not tell."
        )
        found.append(
            Question(
                key=f"date_order:{name}",
                text=text,
                choices=dates.ORDERS,
                label=f"Dates in {theirs[name]}",
            )
        )
    found += [
        _which_choice(columns, name, word, theirs[name]) for name, word in notation.open_words
    ]
    for name in notation.open_numbers:
        found.append(
            Question(
                key=f"decimal:{name}",
                choices=numbers.MARKS,
                label=f"Numbers in {theirs[name]}",
                text=f"In {theirs[name]}, which mark stands before the decimals? With point, 1.037 "
                "is about one and 1,037 is a thousand; with comma it is the other way round.",
            )
        )
    return tuple(found)


def _which_swap(name: str, theirs: str, order: str) -> Question:
    """Whether a spreadsheet has swapped day and month of the dates it could read."""
    way = "23/01/2026" if order == "day first" else "01/23/2026"
    text = (
        f"The dates in {theirs} are written in two ways: those like {way} all have a day above 12, "
        "those like 2026-11-02 have none. So a spreadsheet that expects the other order has opened "
        "the file, and has probably swapped day and month where it could. Swap those back, or "
        "leave them as written?"
    )
    return Question(
        key=f"date_swap:{name}", text=text, choices=dates.SWAPS, label=f"Dates in {theirs}"
    )


def _which_choice(columns: Columns, name: str, word: str, theirs: str) -> Question:
    """What a word means that is none of the valid choices in a language that is known."""
    column = columns.extract.column(name)
    text = (
        f"What does {word} mean in {theirs}? {column.label} is one of {', '.join(column.choices)}. "
        "Rows with a word that means none of them are refused."
    )
    return Question(
        key=f"choice:{name}:{word}", text=text, choices=(*column.choices, REFUSE), label=word
    )


def about_zone(known: DryRun, columns: Columns, detected: Detected) -> list[Question]:
    """In which zone times without an offset were written, when there are some."""
    if "zone" in known.answers or not needs_zone(detected, columns):
        return []
    text = "In which time zone were its times written? They carry none. Write it like Europe/Paris."
    return [Question(key="zone", text=text, default=known.zone, label="Time zone")]


def about_coverage(known: DryRun, columns: Columns, *, asks_again: bool) -> list[Question]:
    """Whether a file of the source holds everything; asked once, unless `asks_again`."""
    if "coverage" in known.answers and not asks_again:
        return []
    text = (
        "Does a file of this source hold everything there is, or a part? Rows that an everything "
        "file no longer has are gone."
    )
    usual = known.answers.get("coverage", columns.extract.usual_coverage)
    choices = ("everything", "part")
    return [Question(key="coverage", text=text, choices=choices, default=usual, label="Holds")]


def about_closed_cases(known: DryRun, *, suggested: bool) -> list[Question]:
    """Whether an event log holds closed cases only."""
    if "closed_cases" in known.answers:
        return []
    return [
        Question(
            key="closed_cases",
            choices=("yes", "no"),
            label="Closed cases only",
            default="yes" if suggested else "no",
            text="Does it hold closed cases only, so that an item is complete at its last event?",
        )
    ]


def valid_zone(name: str) -> str:
    """The name of a time zone that exists.

    Raises:
        QuestionError: there is none of that name.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise QuestionError(
            f"{name} is not a time zone.",
            where="zone",
            next_step="Write it like Europe/Paris or America/New_York.",
        ) from None
    return name


def valid_coverage(text: str) -> Coverage:
    """The coverage a person named.

    Raises:
        QuestionError: it is neither.
    """
    if text == "everything":
        return "everything"
    if text == "part":
        return "part"
    raise QuestionError(
        f"{text} is not an answer.", where="coverage", choices=("everything", "part")
    )


def is_yes(text: str) -> bool:
    """Whether an answer means yes."""
    return text.strip().casefold() in _YES


def suggest_closed(con: duckdb.DuckDBPyConnection, checked: Checked) -> bool:
    """Whether an event log seems to hold closed cases only.

    When the source states when cases closed, most have to be closed. Else nearly all cases must
    end in a stage in which cases usually end.
    """
    if "closed_at" in checked.columns.names:
        (share,) = con.execute(
            f"select avg((closed_at is not null)::int) from {checked.kept}"
        ).fetchall()[0]
        if share and share > 0.9:
            return True
    (share,) = con.execute(
        f"with last as (select item_id, max_by(stage, row(event_at, rowid)) as stage "
        f"from {checked.kept} group by item_id), "
        f"stages as (select stage, count(distinct item_id) as visited from {checked.kept} "
        "group by stage), "
        "ends as (select stage, count(*) as ended from last group by stage) "
        "select sum(case when ended >= 0.5 * visited then ended else 0 end) / sum(ended) "
        "from ends inner join stages using (stage)"
    ).fetchall()[0]
    return bool(share and share >= 0.95)


def about_elsewhere(done: DryRun, other: str, rows: int) -> tuple[str, ...]:
    """A warning when half of the rows stand in another source already and would count twice."""
    if not done.new or rows < done.new / 2:
        return ()
    return (
        f"{rows:,} of {_rows(done.rows)} stand in the source {other} already, under the same keys. "
        f"If both files come from one system, choose {other} as the source; else each of them "
        "counts twice.",
    )


def cautions(done: DryRun, checked: Checked) -> tuple[str, ...]:
    """What a reader should know before accepting, in sentences."""
    told = [f"{_rows(f.rows)} kept, {f.column}: {f.reason}" for f in done.flagged]
    if checked.repeated:
        stand = "stands" if checked.repeated == 1 else "stand"
        again = f"{_rows(checked.repeated)} {stand} more than once, alike;"
        told.append(f"{again} each counts once.")
    if checked.keyless and done.vanished:
        told.append(
            f"The key of {checked.keyless:,} refused rows cannot be read, so the rows they stand "
            "for may be among those that vanish."
        )
    if done.outdated:
        told.append(f"{done.outdated:,} rows are older than what is there and change nothing.")
    before = done.same + done.changed + done.vanished
    if done.vanished and done.vanished > _MANY_VANISHED * before:
        told.append(
            f"{done.vanished:,} of {before:,} rows of this source are not in the file and would "
            "count as gone. If the file is only a part, answer so under Holds."
        )
    if done.extract == "issues" and done.rows == _JIRA_LIMIT:
        told.append("Exactly 1,000 rows: Jira cuts an export there, so some issues may be missing.")
    if (
        done.zone != "UTC"
        and not any(q.key == "zone" for q in done.questions)
        and done.detected
        and checked.columns
        and needs_zone(done.detected, checked.columns)
    ):
        told.append(f"Times without an offset are read in {done.zone}.")
    told += [
        f"Dates in {m.theirs} are read {done.date_order[m.column.name]}."
        for m in done.matched
        if m.column.name in done.date_order
    ]
    return tuple(told)


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
