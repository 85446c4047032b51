"""What a card by slice says of slices without a value."""

from __future__ import annotations

import pytest

from metrics.quality import FIRST_PASS_ACCEPTANCE
from ui import cards

FEW = FIRST_PASS_ACCEPTANCE.min_rows - 1


def row(n: int, withheld: str) -> cards.Row:
    return {"segment": f"T{n}", "value": None, "n": n, "withheld": withheld}


def test_each_reason_why_slices_have_no_value_is_said_with_its_count() -> None:
    rows = [
        {"segment": "A", "value": 0.5, "n": 90, "withheld": ""},
        row(FEW, "Too few rows."), row(1, "Too few rows."), row(0, "No data before 1 Nov 2026."),
    ]  # fmt: skip
    told = cards._small(FIRST_PASS_ACCEPTANCE, "team", rows, 8)
    assert f"2 withheld, fewer than {FEW + 1} {FIRST_PASS_ACCEPTANCE.n_of}" in told
    assert "1 without a value (No data before 1 Nov 2026)" in told


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "No row lies in this window and these filters."),
        ([row(FEW, "Too few rows.")], "Every team has fewer than"),
        ([row(0, "Not recorded.")] * 2, "Not recorded."),
    ],
)
def test_a_card_without_any_value_says_the_reason_of_its_values(
    rows: list[cards.Row], said: str
) -> None:
    assert cards._nothing(FIRST_PASS_ACCEPTANCE, "team", rows).replace("\\", "").startswith(said)
