"""Real annotation exports and rating tables through the browser; their published answers come out.

The files are nobody's of this project: they are read from REAL_EXTRACTS_DIR. The answers are those
of their README.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.test_real_uploads import cli
from tests.browsing import accept_file, browsing, heard, visit
from tests.serving import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not os.environ.get("REAL_EXTRACTS_DIR"), reason="REAL_EXTRACTS_DIR is not set"
    ),
]

FILES = (
    "label_studio/team_01.json",
    "label_studio/team_10.json",
    "label_studio/csv_test.json",
    "label_studio/csv_test2.json",
    "label_studio/csv_test2_result.csv",
    "label_studio/csv_test_history.json",
    "label_studio/json_min_source.json",
    "agreement/krippendorff_canonical_15x3.csv",
    "agreement/cac.raw4raters.csv",
    "agreement/fleiss1971_psychiatric_30x6_raw.csv",
)
ANSWERS = {  # (metric, source) → value, and the digits it is published with
    ("annotations_done", "team_01"): (389, 0),
    ("gold_annotations", "team_01"): (130, 0),
    ("empty_annotations", "team_01"): (4, 0),
    ("tool_agreement", "team_01"): (0.712835, 6),
    ("lead_time_p50", "team_01"): (155.287, 3),
    ("lead_time_p95", "team_01"): (683.889, 3),
    ("annotations_done", "team_10"): (463, 0),
    ("tool_agreement", "team_10"): (0.76664, 5),
    ("lead_time_p50", "team_10"): (273.208, 3),
    ("lead_time_p95", "team_10"): (22723.973, 3),
    ("reviews_done", "team_10"): (305, 0),
    ("annotations_done", "csv_test"): (2, 0),
    ("reviews_done", "csv_test"): (2, 0),
}
COEFFICIENTS = {  # source → (coefficient, kind) → value, and the digits it is published with
    "krippendorff_canonical_15x3": {
        ("Krippendorff's alpha", "nominal"): (0.691358, 6),
        ("Krippendorff's alpha", "ordinal"): (0.806721, 6),
        ("Krippendorff's alpha", "interval"): (0.810845, 6),
        ("Krippendorff's alpha", "ratio"): (0.808944, 6),
    },
    "cac.raw4raters": {
        ("Krippendorff's alpha", "nominal"): (0.743421, 6),
        ("Krippendorff's alpha", "ordinal"): (0.815388, 6),
        ("Krippendorff's alpha", "interval"): (0.849107, 6),
        ("Krippendorff's alpha", "ratio"): (0.797403, 6),
        ("Fleiss' kappa", "identity"): (0.76117, 5),
        ("Gwet's AC1", "identity"): (0.77544, 5),
        ("Conger's kappa", "identity"): (0.76282, 5),
        ("Brennan-Prediger kappa", "identity"): (0.77273, 5),
        ("Percent agreement", "identity"): (0.81818, 5),
    },
    "fleiss1971_psychiatric_30x6_raw": {
        ("Fleiss' kappa", "identity"): (0.430245, 6),
        ("Krippendorff's alpha", "nominal"): (0.43341, 5),
        ("Brennan-Prediger kappa", "identity"): (0.444444, 6),
    },
}
LABELS = {  # path → alpha, AC1, percent agreement, the interval of alpha by bootstrap
    "Killed/Feloniously Killed": (0.70234, 0.86327, 0.90625, (0.55, 0.80)),
    "Situation/Encounter": (0.50423, 0.59193, 0.77604, (0.38, 0.63)),
    "Assaulted/Injured": (0.10388, 0.25544, 0.59375, (0.01, 0.21)),
}
BOOTSTRAP_ERROR = 0.025  # of an end published with two digits, from other draws


@pytest.fixture(scope="module")
def uploaded(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with the real files in it, sent by browser."""
    home = tmp_path_factory.mktemp("annotations")
    extracts = Path(os.environ["REAL_EXTRACTS_DIR"])
    with serving(home) as server, browsing(browser) as page:
        visit(page, f"{server}/upload")
        for name in FILES:
            accept_file(page, extracts / name)
        assert heard(page).console_errors == []
    return home


def told(home: Path, *arguments: str) -> list[dict[str, Any]]:
    values: list[dict[str, Any]] = json.loads(cli(home, *arguments, "--json"))["values"]
    return values


def test_counts_and_times_are_the_published_ones(uploaded: Path) -> None:
    found = {
        (metric, source): round(
            float(told(uploaded, "value", metric, "--where", f"source={source}")[0]["value"]),
            digits,
        )
        for (metric, source), (_, digits) in ANSWERS.items()
    }
    assert found == {key: published for key, (published, _) in ANSWERS.items()}


def test_reviews_and_last_actions_are_the_published_ones(uploaded: Path) -> None:
    def split(metric: str, by: str) -> dict[str, float]:
        rows = told(uploaded, "value", metric, "--by", by, "--where", "source=team_10")
        return {row["segment"]: row["value"] for row in rows}

    assert split("reviews_done", "outcome") == {"accepted": 266, "rejected": 39}
    assert split("annotations_done", "last_action") == {
        "accepted": 240, "deleted_review": 164, "rejected": 39, "updated": 20,
    }  # fmt: skip


@pytest.mark.parametrize("source", COEFFICIENTS)
def test_coefficients_are_the_published_ones(uploaded: Path, source: str) -> None:
    rows = told(uploaded, "agreement", "--where", f"source={source}")
    found = {(row["coefficient"], row["kind"]): row for row in rows}
    for key, (published, digits) in COEFFICIENTS[source].items():
        assert round(found[key]["value"], digits) == published, key
        assert found[key]["low"] < found[key]["value"] < found[key]["high"], key
    if source == "cac.raw4raters":
        assert round(found["Gwet's AC1", "identity"]["standard_error"], 5) == 0.14295


def test_each_path_of_the_taxonomy_has_the_published_agreement(uploaded: Path) -> None:
    rows = told(uploaded, "agreement", "Category", "--labels", "--where", "source=team_01")
    found = {row["label"]: row for row in rows}
    for path, (alpha, ac1, percent, (low, high)) in LABELS.items():
        row = found[path]
        assert (round(row["alpha"], 5), round(row["ac1"], 5)) == (alpha, ac1)
        assert round(row["percent_agreement"], 5) == percent
        assert abs(row["low"] - low) < BOOTSTRAP_ERROR, path
        assert abs(row["high"] - high) < BOOTSTRAP_ERROR, path


def test_the_page_shows_what_the_command_line_says(uploaded: Path, browser: Browser) -> None:
    with serving(uploaded) as server, browsing(browser) as page:
        here = "workspace=own&dates=2022-10-01..2026-12-31&where=Source%3A+cac.raw4raters"
        visit(page, f"{server}/agreement?{here}")
        for text in ("0.74", "0.78", "81.8%", "0.76", "0.77"):
            expect(page.get_by_text(text, exact=True).first).to_be_visible()
        assert heard(page).console_errors == []
