"""Agreement on files that nobody of this project wrote, against the published answers."""

import csv
import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from analysis.agreement.alpha import alpha
from analysis.agreement.gwet import (
    brennan_prediger,
    conger,
    fleiss,
    fleiss_1971,
    gwet_ac,
    percent_agreement,
)
from analysis.agreement.labels import label_agreement
from analysis.agreement.patterns import presence
from tests.analysis.agreement_making import rater_patterns

FOLDER = os.environ.get("REAL_EXTRACTS_DIR", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="REAL_EXTRACTS_DIR is not set")


def read(name):
    with (Path(FOLDER) / "agreement" / name).open(encoding="utf-8") as file:
        rows = [line[1:] for line in list(csv.reader(file))[1:]]
    values = sorted({float(cell) for row in rows for cell in row if cell})
    codes = [[values.index(float(cell)) if cell else -1 for cell in row] for row in rows]
    return rater_patterns(codes, [str(value) for value in values], tuple(values))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("krippendorff_canonical_15x3.csv", (0.691358, 0.806721, 0.810845, 0.808944)),
        ("cac.raw4raters.csv", (0.743421, 0.815388, 0.849107, 0.797403)),
    ],
)
def test_alpha_of_the_published_tables(name, expected):
    levels = ("nominal", "ordinal", "interval", "ratio")
    found = [alpha(read(name).patterns, level, resamples=0).value for level in levels]
    assert found == pytest.approx(expected, abs=5e-7)


def test_gwets_table_has_his_coefficients_and_standard_error():
    raters = read("cac.raw4raters.csv")
    patterns = raters.patterns
    found = [
        percent_agreement(patterns).value,
        fleiss(patterns).value,
        gwet_ac(patterns).value,
        conger(raters).value,
        brennan_prediger(patterns).value,
    ]
    # the fleiss kappa is published as .76117, which is .761169 rounded
    assert found == pytest.approx([0.81818, 0.76117, 0.77544, 0.76282, 0.77273], abs=5e-6)
    assert gwet_ac(patterns).standard_error == pytest.approx(0.14295, abs=5e-6)
    assert (gwet_ac(patterns).n_units, gwet_ac(patterns).n_raters) == (11, 4)


def test_fleiss_of_his_psychiatric_patients():
    patterns = read("fleiss1971_psychiatric_30x6_raw.csv").patterns
    assert fleiss_1971(patterns, resamples=0).value == pytest.approx(0.430245, abs=5e-7)
    assert alpha(patterns, resamples=0).value == pytest.approx(0.43341, abs=5e-6)
    assert brennan_prediger(patterns, resamples=0).value == pytest.approx(0.444444, abs=5e-7)


def path_patterns(path):
    """How many of those with any taxonomy gave the path, task by task."""
    tasks = json.loads((Path(FOLDER) / "label_studio" / "team_01.json").read_text("utf-8"))
    seen = Counter()
    for task in tasks:
        given = [
            {"/".join(each) for result in results for each in result["value"]["taxonomy"]}
            for annotation in task["annotations"]
            if (results := [r for r in annotation["result"] if r["type"] == "taxonomy"])
        ]
        seen[len(given), sum(path in paths for paths in given)] += 1
    rows = [(n, k, units) for (n, k), units in seen.items()]
    return presence(*np.array(rows).T, raters=3)


@pytest.mark.parametrize(
    ("path", "by_alpha", "by_ac1", "raw", "low", "high"),
    [
        ("Killed/Feloniously Killed", 0.70234, 0.86327, 0.90625, 0.55, 0.80),
        ("Situation/Encounter", 0.50423, 0.59193, 0.77604, 0.38, 0.63),
        ("Assaulted/Injured", 0.10388, 0.25544, 0.59375, 0.01, 0.21),
    ],
)
def test_labels_of_a_real_team_have_the_known_agreement(path, by_alpha, by_ac1, raw, low, high):
    found = label_agreement(path, path_patterns(path))
    assert found.alpha.value == pytest.approx(by_alpha, abs=5e-6)
    assert found.ac1.value == pytest.approx(by_ac1, abs=5e-6)
    assert found.percent.value == pytest.approx(raw, abs=5e-6)
    assert found.alpha.low == pytest.approx(low, abs=0.03)
    assert found.alpha.high == pytest.approx(high, abs=0.03)
    assert found.withheld == ""
