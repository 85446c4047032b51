"""Two reports side by side: every planted difference is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace

from reports.blocks import Bullets, Cell, FindingLine, FindingList, Scorecard, Section, Table
from reports.blocks import Row as BlockRow
from reports.blocks import sentence as runs
from reports.compare import compare, counted
from reports.report import Report
from tests.reports import handmade


def differences(old: Report, new: Report) -> set[tuple[str, str, str, str, str, str]]:
    return {
        (section.key, one.kind, one.what, one.about, one.before, one.after)
        for section in compare(old, new)
        for one in section.differences
    }


def with_section(report: Report, made: Section) -> Report:
    sections = [made if section.key == made.key else section for section in report.sections]
    return replace(report, sections=tuple(sections))


def only(*blocks: object) -> Report:
    made = handmade.report()
    return replace(made, sections=(Section("one", "One", blocks),))  # type: ignore[arg-type]


def test_a_report_reads_the_same_as_itself() -> None:
    made = handmade.report()
    assert differences(made, made) == set()
    assert counted(compare(made, made)) == "Both reports read the same."
    assert [section.key for section in compare(made, made)] == [s.key for s in made.sections]


def test_a_changed_value_is_told_as_a_reader_sees_it_and_a_rounding_is_not() -> None:
    made = handmade.report()
    (card,) = made.blocks(Scorecard)
    first, second, *rest = card.rows
    moved = replace(first, value=(first.value or 0) + 1)
    rounded = replace(second, value=(second.value or 0) + 1e-9)
    old = only(card)
    new = only(replace(card, rows=(moved, rounded, *rest[:-1])))
    ((_, kind, what, about, before, after), gone) = sorted(differences(old, new))
    assert (kind, what, about) == ("changed", "value", first.label)
    assert before != after
    assert gone[1:4] == ("gone", "value", rest[-1].label)


def test_sentences_that_differ_in_numbers_changed_and_others_are_new_or_gone() -> None:
    old = only(Bullets((runs("37 rows were refused."), runs("Names are hidden."))))
    new = only(Bullets((runs("41 rows were refused."), runs("Times are UTC."))))
    assert differences(old, new) == {
        ("one", "changed", "text", "", "37 rows were refused.", "41 rows were refused."),
        ("one", "new", "text", "Times are UTC.", "", ""),
        ("one", "gone", "text", "Names are hidden.", "", ""),
    }


def test_findings_come_change_and_go() -> None:
    def finding(lead: str) -> FindingLine:
        return FindingLine("red", "Off target:", lead, "", "n = 4 items")

    old = only(FindingList((finding("Stage A waits 4.0 h"), finding("Batch 1 is late"))))
    new = only(FindingList((finding("Stage A waits 5.5 h"), finding("Dataset B fell"))))
    assert {(kind, about) for _, kind, _, about, _, _ in differences(old, new)} == {
        ("changed", ""),
        ("new", "Off target: Dataset B fell"),
        # "Batch 1" and another number would be the same sentence; this one is gone
        ("gone", "Off target: Batch 1 is late"),
    }


def test_actions_are_opened_closed_and_changed_by_their_code() -> None:
    (table,) = [one for one in handmade.report().blocks(Table) if one.name == "actions"]

    def row(code: str, text: str, state: str) -> BlockRow:
        cells = (Cell(code), Cell(text), Cell("Ann"), Cell(None), Cell(state))
        return BlockRow(cells, key=code)

    old = replace(table, rows=(row("A-1", "Ask", "Open"), row("A-2", "Fix", "Open"),
                               row("A-3", "Tell", "Done")))  # fmt: skip
    new = replace(table, rows=(row("A-2", "Fix", "Done"), row("A-1", "Ask again", "Open"),
                               row("A-4", "Look", "Open")))  # fmt: skip
    found = {one[1:4] for one in differences(only(old), only(new))}
    assert found == {
        ("closed", "actions", "A-2 \N{MIDDLE DOT} Fix"),
        ("changed", "actions", "A-1 \N{MIDDLE DOT} Ask again"),
        ("opened", "actions", "A-4 \N{MIDDLE DOT} Look"),
        ("closed or gone", "actions", "A-3 \N{MIDDLE DOT} Tell"),
    }
    assert counted(compare(only(old), only(new))) == (
        "1 opened, 1 changed, 1 closed, 1 closed or gone."
    )


def test_a_section_that_is_gone_comes_last() -> None:
    made = handmade.report()
    less = made.without(made.sections[0].key)
    assert compare(made, less)[-1].key == made.sections[0].key
    assert compare(made, less)[-1].differences
