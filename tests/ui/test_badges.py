"""Colors say what the words say."""

from __future__ import annotations

import pytest

from analysis.model import Signal
from metrics.model import Better
from ui.badges import chip_color


@pytest.mark.parametrize(
    ("signal", "change", "better", "expected"),
    [
        (Signal.WORSENING, 3.2, Better.LOWER, "orange"),
        (Signal.WORSENING, -0.4, Better.LOWER, "gray"),  # worse over weeks, better than last week
        (Signal.WORSENING, -33.3, Better.HIGHER, "orange"),
        (Signal.IMPROVING, -2.0, Better.LOWER, "blue"),
        (Signal.IMPROVING, 2.0, Better.LOWER, "gray"),
        (Signal.IMPROVING, 2.0, Better.HIGHER, "blue"),
        (Signal.WORSENING, 0.0, Better.LOWER, "gray"),
        (Signal.ROUTINE, 9.0, Better.LOWER, "gray"),
    ],
)
def test_a_change_is_colored_only_where_it_goes_the_way_of_the_signal(
    signal: Signal, change: float, better: Better, expected: str
) -> None:
    assert chip_color(signal, change, better) == expected
