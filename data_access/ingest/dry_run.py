"""The dry run: everything about a file before anything of it is stored."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from data_access import readers
from data_access.duck import connect, database_errors
from data_access.extracts import extract as extract_named
from data_access.files import sha256
from data_access.ingest import age, staging, trackers
from data_access.ingest import columns as fitting
from data_access.ingest import questions as asking
from data_access.ingest.check import Checked, check
from data_access.ingest.columns import Columns
from data_access.ingest.difference import difference, elsewhere
from data_access.ingest.model import Answers, DryRun, Flagged, Question
from data_access.ingest.notation import Notation
from data_access.ingest.refusal import explain, missing_columns, no_rows, nothing_accepted
from data_access.ingest.refused import HEAD, write_refused
from data_access.ingest.remembered import Remembered, recall
from data_access.ingest.sameness import same_file, unchanged
from data_access.ingest.sources import clean_name, suggest_source
from data_access.ingest.summaries import read_back, summarize
from data_access.manifests import Upload, uploads
from data_access.readers.model import Asked, Detected, Progress
from data_access.workspace import Workspace
from metrics.errors import BadExtractError


def prepare(
    workspace: Workspace,
    path: Path,
    *,
    file_name: str,
    answers: Answers | None = None,
    extract: str | None = None,
    progress: Progress | None = None,
    is_command_line: bool = False,
    limit_bytes: int | None = None,
) -> DryRun:
    """The dry run of a file: how it is read, what it would change, what must be answered.

    Nothing is stored; the checked rows wait in a folder of their own until the dry run is
    accepted or discarded. The file must stay where it is until then.

    Args:
        workspace: where it would go.
        path: the file.
        file_name: its name as sent, from which the source is suggested.
        answers: to the questions of an earlier dry run, by key.
        extract: its kind, when a person said so.
        progress: called with the share done and what is done.
        is_command_line: larger files are taken.
        limit_bytes: another limit of the unpacked size.
    """
    settings = workspace.settings
    most = settings.command_limit_mb if is_command_line else settings.browser_limit_mb
    given = dict(answers or {}) | ({"extract": extract} if extract else {})
    run = _Run(
        workspace=workspace,
        path=path,
        file_name=file_name,
        given=given,
        folder=staging.new_folder(workspace),
        limit_bytes=limit_bytes or most << 20,
        progress=progress or (lambda _share, _text: None),
        remembered=recall(workspace),
    )
    found = _outcome_of(run)
    if found.refused_path is None or found.is_same_file or found.refusal is not None:
        return found
    try:
        also = [_companion(run, found, table) for table in found.tables_beside]
    except BaseException:
        staging.discard(found)
        raise
    return trackers.joined(found, also)


def _outcome_of(run: _Run) -> DryRun:
    """What a run comes to; its folder is gone when nothing waits in it."""
    try:
        with database_errors(run.file_name):
            found = run.dry_run()
    except BadExtractError as error:
        found = explain(error, run.known)
    except BaseException:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise
    if found.refused_path is None:
        shutil.rmtree(run.folder, ignore_errors=True)
        return replace(found, folder=None)
    return found


def _companion(run: _Run, main: DryRun, table: Detected) -> DryRun:
    """The dry run of a further table of the file, read as the first one was."""
    settled = {"source": main.source, "zone": main.zone, "coverage": main.coverage}
    settled |= {f"date_order:{name}": order for name, order in main.date_order.items()}
    given = {k: v for k, v in run.given.items() if k != "extract" and not k.startswith("map:")}
    found = _outcome_of(
        replace(
            run,
            given={**given, **settled},
            folder=staging.new_folder(run.workspace),
            progress=lambda _share, _text: None,  # the bar is at its end already
            main=main,
            table=table,
        )
    )
    return replace(found, questions=tuple(q for q in found.questions if trackers.is_kept(q)))


@dataclass
class _Run:
    """One dry run on its way: each step adds to what is known, or ends it.

    A further table of a file is run for `main`, the dry run of the file's first table, and is read
    as that one was: same source, zone, coverage and age.
    """

    workspace: Workspace
    path: Path
    file_name: str
    given: dict[str, str]
    folder: Path
    limit_bytes: int
    progress: Progress
    remembered: Remembered
    main: DryRun | None = None
    table: Detected | None = None
    known: DryRun = field(init=False)

    def __post_init__(self) -> None:
        self.known = DryRun(path=self.path, file_name=self.file_name, answers=self.given)

    def dry_run(self) -> DryRun:
        """The steps, each in its order; the first that needs a person's answer ends it."""
        detected = self._detect()
        if detected.ask and not detected.header:
            return replace(self.known, questions=(asking.from_reader(detected.ask),))
        columns = self._fit(detected)
        if columns is None:
            return replace(self.known, questions=(asking.which_extract(),))
        if columns.missing:
            return replace(
                self.known,
                refusal=missing_columns(detected, columns),
                questions=asking.which_column(detected, columns),
            )
        if self.main is None:
            self.known = trackers.beside(self.known, self._asked())
        before = self._source()
        same = same_file(self.known, self.given, before) if self.main is None else None
        if same:
            return self._unchanged(same)
        if not detected.sample and not detected.rows:
            raise no_rows(columns.extract)
        return self._check(detected, columns, before)

    def _detect(self) -> Detected:
        """What the file is; the hash is of the file as sent."""
        self.progress(0.0, "Looking at the file")
        if self.main is not None:
            told = {name: getattr(self.main, name) for name in ("sha256", "size")}
            self.known = replace(self.known, **told, detected=self.table)
            assert self.table is not None
            return self.table
        size = self.path.stat().st_size
        self.known = replace(self.known, sha256=sha256(self.path), size=size)
        detected = readers.detect(self.path, self._asked())
        if tuple(detected.header[: len(HEAD)]) == HEAD:  # our own file of refused rows
            detected = replace(detected, header=("",) * len(HEAD) + detected.header[len(HEAD) :])
        self.known = replace(self.known, detected=detected, notes=detected.notes)
        return detected

    def _asked(self) -> Asked:
        return Asked(
            folder=self.folder,
            names=fitting.known_names(),
            limit_bytes=self.limit_bytes,
            answers=self.remembered.of_file(clean_name(self.file_name)) | self.given,
            progress=self.progress,
        )

    def _fit(self, detected: Detected) -> Columns | None:
        """How the header fits the kind that was said, remembered or suggested; None without."""
        header = fitting.fingerprint(detected.header)
        suggested, is_certain = fitting.suggest_extract(detected.header)
        said = self.given.get("extract", "")
        if detected.extract:
            is_part = said in {also.extract for also in detected.also}
            said = detected.extract if is_part or not said else said
        name = said or self.remembered.extract_of(header) or suggested
        if not name:
            return None
        kind = extract_named(name)
        by_hand = self.remembered.mapping_of(header, name) | {
            key.removeprefix("map:"): theirs
            for key, theirs in self.given.items()
            if key.startswith("map:")
        }
        columns = fitting.match(detected.header, kind, by_hand)
        questions: tuple[Question, ...] = ()
        if detected.ask:
            questions = (asking.from_reader(detected.ask),)
        if not is_certain and not said and not self.remembered.extract_of(header):
            questions = (*questions, asking.which_extract(default=name))
        self.known = replace(self.known, extract=name, columns=columns, questions=questions)
        return columns

    def _source(self) -> list[Upload]:
        """Settle source and what is remembered of it; returns its uploads in force before."""
        detected = self.known.detected
        suggested, others = suggest_source(
            self.file_name,
            extract=self.known.extract,
            header=fitting.fingerprint(detected.header if detected else ()),
            remembered=self.remembered,
            tells=not (detected and detected.format),
        )
        all_before = [
            u
            for u in uploads(self.workspace)
            if u.withdrawn_at is None and u.extract == self.known.extract
        ]
        sent = [u.source for u in all_before if u.sha256 == self.known.sha256]
        source = (self.given.get("source") or (sent[-1] if sent else suggested)).strip()
        answers = self.remembered.of_source(self.known.extract, source) | self.given
        questions = self.known.questions
        if "source" not in self.given and not self.remembered.knows(self.known.extract, source):
            questions = (*questions, asking.which_source(source, others))
        before = [u for u in all_before if u.source == source]
        last = max(before, key=lambda u: (u.as_of, u.upload_id), default=None)
        self.known = replace(
            self.known,
            source=source,
            answers=answers,
            questions=questions,
            previous_upload=last.upload_id if last else "",
            previous=read_back(last.summaries, without=self._hidden()) if last else {},
        )
        return before

    def _hidden(self) -> set[str]:
        """The columns whose values may not be shown: people's, while names are hidden."""
        columns = extract_named(self.known.extract).columns
        return {c.name for c in columns if c.is_person and self.workspace.settings.hide_names}

    def _check(self, detected: Detected, columns: Columns, before: list[Upload]) -> DryRun:
        """Read every row, then tell what accepting would change."""
        settings = self.workspace.settings
        zone = asking.valid_zone(self.known.answers.get("zone") or settings.reporting_zone)
        self.known = replace(self.known, zone=zone)
        now = {f"now:{key}": said for key, said in self.given.items()}
        asked = replace(self._asked(), answers={**self.known.answers, **now})
        names = trackers.about_names(detected, answers=self.known.answers, given=self.given)
        self.known = replace(self.known, questions=(*self.known.questions, *names))
        detected = trackers.named(detected, self.known.answers)
        con = connect(None, temp=self.folder / "temp", memory="1GB")
        try:
            con.execute("set python_enable_replacements = false")
            checked = check(con, detected, columns, asked=asked, zone=zone)
            if isinstance(checked, Notation):
                return replace(
                    self.known,
                    questions=(*self.known.questions, *asking.about_notation(checked, columns)),
                )
            return self._outcome(con, checked, detected, before)
        finally:
            con.close()

    def _outcome(
        self,
        con: duckdb.DuckDBPyConnection,
        checked: Checked,
        detected: Detected,
        before: list[Upload],
    ) -> DryRun:
        """The counts, the files that wait, and the questions that are left."""
        if checked.rows == 0:
            raise no_rows(checked.columns.extract)
        refused_path = self.folder / "refused.csv"
        first = write_refused(con, checked, refused_path)
        self.known = replace(
            self.known,
            rows=checked.rows,
            accepted=checked.accepted,
            refused=checked.refused,
            repeated=checked.repeated,
            first_refused=first,
            refused_path=refused_path,
            folder=self.folder,
            date_order=checked.notation.orders,
            decimals=checked.notation.decimals,
        )
        if checked.accepted == 0:
            return replace(self.known, refusal=nothing_accepted(self.known, detected))
        self.progress(0.6, "Writing the checked rows")
        staging.write_rows(con, checked, self.folder)
        self.progress(0.8, "Comparing with the rows before")
        self._settle(con, checked, detected, before)
        again = next((u for u in before if u.reading == self.known.reading), None)
        if again and self.main is None:
            return self._unchanged(again)
        return self._compared(con, checked, before)

    def _unchanged(self, upload: Upload) -> DryRun:
        """The dry run of a file that is in force already, with the way to rename its statuses."""
        found = unchanged(self.known, upload)
        return replace(found, notes=(*found.notes, *trackers.renaming(found)))

    def _compared(
        self, con: duckdb.DuckDBPyConnection, checked: Checked, before: list[Upload]
    ) -> DryRun:
        """What the rows would change, and what a reader should know of it."""
        told = difference(con, checked, self._to_be(), workspace=self.workspace, before=before)
        other = elsewhere(con, checked, self.known.source, workspace=self.workspace)
        hides_names = self.workspace.settings.hide_names
        done = replace(
            self.known,
            new=told.new,
            changed=told.changed,
            same=told.same,
            outdated=told.outdated,
            vanished=told.vanished,
            summaries=summarize(con, checked, hides_names=hides_names),
        )
        self.progress(1.0, "Checked")
        told_also = (
            *asking.about_elsewhere(done, *other),
            *asking.cautions(done, checked),
            *asking.about_sheets(done, before),
        )
        return replace(done, notes=(*done.notes, *told_also))

    def _settle(
        self,
        con: duckdb.DuckDBPyConnection,
        checked: Checked,
        detected: Detected,
        before: list[Upload],
    ) -> None:
        """Settle how new the file is, and what is asked once per source."""
        answers, columns = self.known.answers, checked.columns
        as_of, about_age = age.settle(
            con, checked, self.known, workspace=self.workspace, before=before, main=self.main
        )
        coverage = answers.get("coverage") or columns.extract.usual_coverage
        questions = [
            *self.known.questions,
            *asking.about_zone(self.known, columns, detected),
            *asking.about_coverage(self.known, columns, asks_again=self._asks_again(before)),
            *about_age,
        ]
        is_closed = asking.is_yes(answers.get("closed_cases", "no"))
        if columns.extract.asks_closed_cases and columns.names.isdisjoint({"entered_at"}):
            suggested = asking.suggest_closed(con, checked)
            questions += asking.about_closed_cases(self.known, suggested=suggested)
            is_closed = is_closed if "closed_cases" in answers else suggested
        self.known = replace(
            self.known,
            as_of=as_of,
            coverage=asking.valid_coverage(coverage),
            is_closed_cases=is_closed,
            flagged=tuple(
                Flagged(column=self._theirs(flag.column.name), reason=flag.reason, rows=rows)
                for flag, rows in checked.flagged
            ),
            original_sql=checked.original_sql,
            questions=tuple(questions),
        )

    def _asks_again(self, before: list[Upload]) -> bool:
        """Whether a remembered coverage may not hold: another sheet of the workbook is in force."""
        return "coverage" not in self.given and bool(asking.other_sheets(self.known, before))

    def _to_be(self) -> Upload:
        """The upload that accepting would make, as far as the comparison needs it."""
        clock = self.workspace.clock()
        return Upload(
            upload_id="999999-to-be",
            extract=self.known.extract,
            source=self.known.source,
            as_of=self.known.as_of or clock,
            accepted_at=clock,
            coverage=self.known.coverage,
            refused=self.known.refused,
            rows_path=self.folder / "rows.parquet",
        )

    def _theirs(self, name: str) -> str:
        return next((m.theirs for m in self.known.matched if m.column.name == name), name)
