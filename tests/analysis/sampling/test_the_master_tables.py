"""ISO 2859-1: every cell against public sources, and against what the standard promises."""

from __future__ import annotations

import itertools

import pytest
from scipy import stats

from analysis.sampling.iso2859 import aql_text, code_letter, entry, plan
from analysis.sampling.model import Severity
from analysis.sampling.tables import AQLS, CELLS, LETTERS, LEVELS, ONCE
from metrics.errors import AppError
from tests.analysis.sampling.published import EGTOOLS, TO_6_5, followed, printed, schemes

# AQLSchemes and garment-aql-calculator (PyPI) alike: upper end of the lot, S-1 ... S-4, I, II, III.
CODES = {
    8: "AAAAAAB", 15: "AAAAABC", 25: "AABBBCD", 50: "ABBCCDE", 90: "BBCCCEF", 150: "BBCDDFG",
    280: "BCDEEGH", 500: "BCDEFHJ", 1_200: "CCEFGJK", 3_200: "CDEGHKL", 10_000: "CDFGJLM",
    35_000: "CDFHKMN", 150_000: "DEGJLNP", 500_000: "DEGJMPQ", 9_999_999: "DEHKNQR",
}  # fmt: skip
# Sources that contradict the table, and the sources that hold against them.
DISPUTED = {("tightened", "A", 15)}
# The means (n times AQL) that the standard's series of preferred numbers gives each Ac: 10^(i/5).
R5 = {0: 0.125, 1: 0.5, 2: 0.8, 3: 1.25, 5: 2.0, 7: 3.15, 10: 5.0, 14: 8.0, 21: 12.5, 30: 20.0,
      44: 31.5}  # fmt: skip
R5_TIGHTENED = {0: 0.2, 1: 0.8, 2: 1.25, 3: 2.0, 5: 3.15, 8: 5.0, 12: 8.0, 18: 12.5, 27: 20.0,
                41: 31.5}  # fmt: skip
# Reduced: two fifths of the sample. From letter C on the means are those of the sample sizes there;
# A and B keep the sizes of normal inspection, so its means too.
R5_REDUCED = {0: (0.05, 0.08, 0.125), 1: (0.315, 0.5), 2: (0.5, 0.8), 3: (0.8, 1.25),
              5: (1.25, 2.0), 6: (2.0,), 7: (3.15,), 8: (3.15,), 10: (5.0,), 14: (8.0,),
              21: (12.5,), 30: (20.0,)}  # fmt: skip


def cells() -> list[tuple[Severity, str, float]]:
    return [(s, letter, aql) for s in Severity for letter in LETTERS for aql in AQLS]


def confirmations() -> dict[tuple[str, str, float], int]:
    """How many sources say the same of each plan that stands in a cell of its own."""
    found: dict[tuple[str, str, float], int] = {}
    arrows = [printed(EGTOOLS), printed(TO_6_5)]
    resolved = [followed(), schemes()]
    for severity, letter, aql in cells():
        column = AQLS.index(aql)
        cell = entry(letter, aql, severity)
        if cell.letter != letter:
            continue
        key = (severity.value, letter, column)
        said = [source[key] == str(cell.ac) for source in arrows if key in source]
        said += [source[key] == (letter, cell.ac) for source in resolved if key in source]
        found[severity.value, letter, aql] = sum(said)
    return found


@pytest.mark.parametrize("severity", list(Severity))
def test_every_cell_with_its_arrow_is_that_of_the_sources_that_follow_arrows(
    severity: Severity,
) -> None:
    for name, source in (("GB/T 2828.1", followed()), ("AQLSchemes", schemes())):
        differ = [
            (letter, column, (found.letter, found.ac), said)
            for (of, letter, column), said in source.items()
            if of == severity and (of, letter, column) not in DISPUTED
            for found in [entry(letter, AQLS[column], severity)]
            if (found.letter, found.ac) != said
        ]
        assert differ == [], name


def test_the_one_arrow_in_dispute_is_taken_as_two_sources_have_it() -> None:
    """Tightened A at AQL 10: GB/T's transcription has a plan, the two others an arrow to D."""
    assert followed()["tightened", "A", 15] == ("A", 0)
    assert schemes()["tightened", "A", 15] == ("D", 1)
    assert printed(EGTOOLS)["tightened", "A", 15] == "v"
    assert entry("A", 10.0, Severity.TIGHTENED)[:3] == ("D", 8, 1)


@pytest.mark.parametrize("source", [EGTOOLS, TO_6_5], ids=["EGTools", "to 6.5"])
def test_every_cell_as_printed_is_that_of_the_sources_that_print_arrows(
    source: dict[str, str],
) -> None:
    own = {
        (severity, letter, column): cell
        for severity, text in CELLS.items()
        for letter, *row in (line.split() for line in text.strip().splitlines())
        for column, cell in enumerate(row)
    }
    said = printed(source)
    if source is TO_6_5:  # it does not say which way an arrow points
        own = {key: "." if cell in "v^" else cell for key, cell in own.items()}
    differ = {key: (own[key], cell) for key, cell in said.items() if own[key] != cell}
    if source is TO_6_5:
        assert differ == {}
    else:
        assert set(differ.values()) == {("5", "4")}
        assert {(severity, LETTERS.index(a) + j) for severity, a, j in differ} == {("reduced", 21)}


def test_each_plan_is_confirmed_by_as_many_sources_as_it_says() -> None:
    found = confirmations()
    assert min(found.values()) == 1
    assert {key for key, count in found.items() if count == 1} == set(ONCE)
    for severity, letter, aql in cells():
        used = entry(letter, aql, severity)
        assert (used.sources == 1) == ((severity.value, used.letter, aql) in ONCE)


def test_the_row_s_has_its_one_plan() -> None:
    for letter in "QR":
        assert entry(letter, 0.025, Severity.TIGHTENED)[:3] == ("S", 3150, 1)
        assert followed()["tightened", letter, 2] == schemes()["tightened", letter, 2] == ("S", 1)


@pytest.mark.parametrize(("upto", "letters"), CODES.items())
def test_code_letters_are_those_of_the_sources(upto: int, letters: str) -> None:
    assert "".join(code_letter(upto, level) for level in LEVELS) == letters


def test_a_lot_one_larger_than_a_row_is_in_the_next() -> None:
    ends = sorted(CODES)
    for end, following in itertools.pairwise(ends):
        for level in LEVELS:
            assert code_letter(end + 1, level) == code_letter(following, level)


@pytest.mark.parametrize("severity", list(Severity))
def test_the_chance_of_acceptance_at_the_aql_is_what_the_construction_implies(
    severity: Severity,
) -> None:
    """Sample sizes and AQLs are preferred numbers (R5), so n times AQL depends on Ac alone.

    Rounding to whole preferred numbers leaves 13% at most. So the chance at the AQL lies between
    the Poisson chances at 13% more and 13% less than that mean; the binomial, for percent
    defective, lies above the Poisson by no more than the mean's share allows.
    """
    for letter in LETTERS:
        for aql in AQLS:
            found = entry(letter, aql, severity)
            mean = found.n * aql / 100
            means = {
                Severity.NORMAL: lambda ac: (R5[ac],),
                Severity.TIGHTENED: lambda ac: (R5_TIGHTENED[ac],),
                Severity.REDUCED: lambda ac: R5_REDUCED[ac],
            }[severity](found.ac)
            near = [m for m in means if 0.87 * m <= mean <= 1.13 * m]
            assert near, (letter, aql, found, mean)
            chance = stats.poisson.cdf(found.ac, mean)
            if aql <= 10:
                chance = stats.binom.cdf(found.ac, found.n, aql / 100)
            low = stats.poisson.cdf(found.ac, 1.13 * near[0])
            high = stats.poisson.cdf(found.ac, 0.87 * near[0])
            slack = 0.013 if aql <= 10 else 0.0  # binomial against Poisson at p up to 0.1
            assert low - slack <= chance <= high + slack, (letter, aql, found, chance)
            floor = {"normal": 0.87, "tightened": 0.79, "reduced": 0.87}[severity]
            assert floor <= chance <= 0.9995


@pytest.mark.parametrize("severity", list(Severity))
def test_plans_grow_along_rows_and_columns(severity: Severity) -> None:
    for letter in LETTERS:
        row = [entry(letter, aql, severity) for aql in AQLS]
        assert [cell.ac for cell in row] == sorted(cell.ac for cell in row), letter
    for aql in AQLS:
        column = [entry(letter, aql, severity) for letter in LETTERS]
        assert [cell.n for cell in column] == sorted(cell.n for cell in column), aql
        assert [cell.ac for cell in column] == sorted(cell.ac for cell in column), aql


def test_tightened_is_never_kinder_and_reduced_never_larger_than_normal() -> None:
    for letter in LETTERS:
        for aql in AQLS:
            normal = entry(letter, aql, Severity.NORMAL)
            tightened = entry(letter, aql, Severity.TIGHTENED)
            reduced = entry(letter, aql, Severity.REDUCED)
            at = min(aql / 100, 0.5)
            kind = stats.binom.cdf(tightened.ac, tightened.n, at)
            assert kind <= stats.binom.cdf(normal.ac, normal.n, at) + 1e-12
            assert reduced.n <= normal.n


def test_the_known_plans_come_out() -> None:
    """The README of the data: level II, normal, AQL 2.5; and an arrow with its own n."""
    known = {420: ("H", 50, 3), 1_000: ("J", 80, 5), 3_000: ("K", 125, 7)}
    for size, (letter, n, ac) in known.items():
        found = plan(size, "II", 2.5)
        assert (found.letter, found.n, found.ac, found.re) == (letter, n, ac, ac + 1)
    arrow = plan(40, "II", 1.0)  # D: down to E, with E's own 13 items
    assert (arrow.asked_letter, arrow.letter, arrow.n, arrow.ac) == ("D", "E", 13, 0)
    up = plan(40, "II", 2.5)  # D: up to C, with C's own 5 items
    assert (up.asked_letter, up.letter, up.n, up.ac) == ("D", "C", 5, 0)


def test_a_sample_as_large_as_the_lot_is_the_whole_lot() -> None:
    found = plan(8, "II", 0.65)
    assert (found.n, found.ac, found.is_whole_lot) == (8, 0, True)
    assert not plan(21, "II", 0.65).is_whole_lot


def test_what_the_standard_does_not_have_is_said_with_the_choices() -> None:
    with pytest.raises(AppError, match="not an AQL") as aql:
        plan(420, "II", 3.0)
    assert "2.5" in aql.value.choices
    with pytest.raises(AppError, match="not an inspection level") as level:
        plan(420, "IV", 2.5)
    assert "S-1" in level.value.choices
    with pytest.raises(AppError, match="fewer than two items"):
        plan(1, "II", 2.5)


def test_aqls_are_written_as_the_standard_writes_them() -> None:
    assert [aql_text(a) for a in (0.01, 0.065, 0.1, 0.65, 1.0, 6.5, 10.0, 1000.0)] == [
        "0.010", "0.065", "0.10", "0.65", "1.0", "6.5", "10", "1000",
    ]  # fmt: skip
