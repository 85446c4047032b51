"""Ratios of agreement: our statistics inside the database against libraries outside of it.

    python bench/agreement.py [MILLIONS]

On 10 million ratings, 3 an item, 5 answers, 4% missing; pairs of people among 200 annotators. Times
are medians of 3 to 9 rounds in which the sides take turns; every side starts from the same table in
the same DuckDB and ends with the same number, which is compared.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import krippendorff
import numpy as np
import pandas as pd
from scipy import sparse
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from analysis.agreement.gwet import fleiss
from analysis.agreement.patterns import Patterns
from bench.ratios import line, side_by_side
from data_access.compile import query, table_query
from data_access.duck import connect
from data_access.question import Query, Question
from metrics.annotation import KRIPPENDORFF_ALPHA
from metrics.periods import Period
from metrics.scope import scope

WINDOW = Period(date(2026, 1, 1), date(2027, 1, 1))
QUESTION = Question((KRIPPENDORFF_ALPHA,), scope(WINDOW), date(2027, 1, 1))
ANSWERS, PEOPLE = 5, 200
PAIRED = "select unit_id - (1::bigint << 40) as unit_id, rater_id - 1 as person, code from ratings"


def table(con: duckdb.DuckDBPyConnection, rows: int) -> None:
    """The mart `ratings`: the columns that the statistics read, in the order of the mart."""
    con.execute("create type field as enum ('finding')")
    people = ", ".join(f"'P{number:03d}'" for number in range(PEOPLE))
    con.execute(f"create type person as enum ({people})")
    con.execute(
        f"""
        create table ratings as
        with made as (
            select i, i // 3 as unit, hash(i // 3) % {PEOPLE} as first from range({rows}) as r(i)
        ),
        rated as (
            select
                unit,
                case i % 3
                    when 0 then first
                    when 1 then (first + 1 + hash(unit + 1) % 99) % {PEOPLE}
                    else (first + 100 + hash(unit + 2) % 100) % {PEOPLE}
                end as person,
                (case when hash(i) % 10 < 7 then hash(unit) % {ANSWERS}
                    else hash(i + 7) % {ANSWERS} end)::integer as code
            from made
            where hash(i * 31) % 100 >= 4
        )
        select
            (1::bigint << 40) + unit as unit_id,
            (count(*) over (partition by unit))::integer as unit_raters,
            (row_number() over (partition by unit order by person) - 1)::integer as unit_place,
            (person + 1)::integer as rater_id,
            'finding'::field as field,
            ('P' || lpad(person::varchar, 3, '0'))::person as annotator,
            code,
            date '2026-01-01' + (unit * 364 // ({rows} // 3))::integer as rated_on
        from rated
        order by unit, person
        """
    )


def ask(con: duckdb.DuckDBPyConnection, asked: Query) -> list[tuple[object, ...]]:
    """The answer of one of the app's own queries."""
    return con.cursor().execute(asked.text, dict(asked.bound)).fetchall()


def pivot(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Item by place of the rater among the three, as a library wants it; NaN where none."""
    return _wide(con, "ratings")


def _wide(con: duckdb.DuckDBPyConnection, name: str) -> pd.DataFrame:
    text = (
        "select unit_id, code, "
        "row_number() over (partition by unit_id order by annotator) as place "
        f"from {name}"
    )
    frame = con.cursor().execute(text).df()
    return frame.pivot(index="unit_id", columns="place", values="code")  # noqa: PD010 - unique


def alpha(con: duckdb.DuckDBPyConnection) -> None:
    """Alpha against the bare grouping of the same rows, and against krippendorff."""
    found: dict[str, float] = {}
    asked = query(QUESTION)

    def ours() -> None:
        ((value, _n),) = ask(con, asked)
        found["ours"] = float(value)  # type: ignore[arg-type]

    def bare() -> None:
        con.cursor().execute(
            "select count(*) from (select unit_id, count(*) from ratings group by unit_id)"
        ).fetchall()

    def library() -> None:
        codes = pivot(con).to_numpy(dtype=float).T
        found["library"] = krippendorff.alpha(codes, level_of_measurement="nominal")

    seconds = side_by_side({"ours": ours, "bare": bare}, runs=9)
    print(line("Alpha / bare group by item", seconds["ours"], seconds["bare"], 1.5))
    seconds = side_by_side({"ours": ours, "library": library}, runs=3, warm=0)
    print(line("Alpha / pandas pivot + krippendorff", seconds["ours"], seconds["library"], 1 / 8))
    assert abs(found["ours"] - found["library"]) < 1e-9, found


def kappa(con: duckdb.DuckDBPyConnection) -> None:
    """Fleiss' kappa against statsmodels, on the items that all three rated."""
    con.execute(
        "create or replace table whole as select * from ratings where unit_id in "
        "(select unit_id from ratings group by unit_id having count(*) = 3)"
    )
    found: dict[str, float] = {}
    asked = table_query("rating_patterns", QUESTION)
    text = asked.text.replace("from ratings", "from whole").replace("ratings.*", "whole.*")

    def ours() -> None:
        rows = con.cursor().execute(text, dict(asked.bound)).fetchall()
        counts = np.zeros((len(rows), ANSWERS), dtype=np.int64)
        for at, (*_, codes, times, _units) in enumerate(rows):
            counts[at, codes] = times
        units = np.array([row[-1] for row in rows])
        names = tuple(map(str, range(ANSWERS)))
        told = fleiss(Patterns(names, counts, units, PEOPLE), resamples=0)
        found["ours"] = told.value or 0.0

    def library() -> None:
        codes = _wide(con, "whole").to_numpy()
        found["library"] = fleiss_kappa(aggregate_raters(codes)[0])

    seconds = side_by_side({"ours": ours, "library": library}, runs=3, warm=0)
    print(line("Fleiss / pivot + statsmodels", seconds["ours"], seconds["library"], 1 / 10))
    assert abs(found["ours"] - found["library"]) < 1e-9, found


def pairs(con: duckdb.DuckDBPyConnection) -> None:
    """The matrix of all pairs of people: shared and equal answers, against scipy and pandas."""
    found: dict[str, tuple[int, int, int]] = {}
    asked = table_query("rating_pairs", QUESTION)

    def ours() -> None:
        rows = ask(con, asked)
        shared, agreed = sum(row[2] for row in rows), sum(row[3] for row in rows)  # type: ignore[misc]
        found["ours"] = (len(rows), shared, agreed)  # type: ignore[assignment]

    def by_scipy() -> None:
        frame = con.cursor().execute(PAIRED).df()
        person, unit = frame["person"].to_numpy(), frame["unit_id"].to_numpy()
        ones = np.ones(len(frame), dtype=np.int32)
        units = int(unit.max()) + 1
        rated = sparse.csr_matrix((ones, (person, unit)), shape=(PEOPLE, units))
        shared = (rated @ rated.T).toarray()
        agreed = np.zeros_like(shared)
        for code in range(ANSWERS):
            has = (frame["code"] == code).to_numpy()
            said = sparse.csr_matrix((ones[has], (person[has], unit[has])), shape=(PEOPLE, units))
            agreed += (said @ said.T).toarray()
        upper = np.triu_indices(PEOPLE, 1)
        found["scipy"] = (
            int((shared[upper] > 0).sum()), int(shared[upper].sum()), int(agreed[upper].sum())
        )  # fmt: skip

    def by_pandas() -> None:
        frame = con.cursor().execute(PAIRED).df()
        both = frame.merge(frame, on="unit_id")
        both = both[both["person_x"] < both["person_y"]]
        both["same"] = both["code_x"] == both["code_y"]
        table = both.groupby(["person_x", "person_y"])["same"].agg(["size", "sum"])
        found["pandas"] = (len(table), int(table["size"].sum()), int(table["sum"].sum()))

    sides = {"ours": ours, "scipy": by_scipy, "pandas": by_pandas}
    seconds = side_by_side(sides, runs=3, warm=0)
    best = min(seconds["scipy"], seconds["pandas"])
    print(
        f"Pairs: ours {seconds['ours']:.2f} s, scipy {seconds['scipy']:.2f} s, "
        f"pandas {seconds['pandas']:.2f} s"
    )
    print(line("Pairs of 200 people / best library", seconds["ours"], best, 1 / 4))
    assert found["ours"] == found["scipy"] == found["pandas"], found


def main() -> None:
    """Print every ratio."""
    millions = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    con = connect(None, temp=Path(tempfile.mkdtemp(prefix="bench-")))
    table(con, int(millions * 1e6))
    print(f"duckdb {duckdb.__version__}, {millions:g} million ratings, medians of 3 to 9 rounds")
    alpha(con)
    kappa(con)
    pairs(con)


if __name__ == "__main__":
    main()
