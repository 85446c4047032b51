"""Grammar and decimals."""

import pytest

from analysis import words
from metrics.catalog import METRICS, metric
from metrics.units import HOURS, PERCENT


def test_a_part_and_its_whole_are_both_words_or_both_digits():
    assert words.x_of_y(3, 8) == "three of eight"
    assert words.x_of_y(3, 12) == "3 of 12"
    assert words.x_of_y(0, 8) == "none of eight"
    assert words.x_of_y(1, 1) == "one of one"


@pytest.mark.parametrize(
    ("plural", "one"),
    [("deliveries", "delivery"), ("issues", "issue"), ("visits", "visit"), ("items", "item"),
     ("reviews", "review"), ("reopenings", "reopening"), ("weeks", "week"),
     ("Tuesdays", "Tuesday")],
)  # fmt: skip
def test_one_of_a_kind(plural, one):
    assert words.some(1, plural) == f"1 {one}"
    assert words.some(2000, plural) == f"2,000 {plural}"


def test_every_metric_counts_something_that_has_a_singular():
    for each in METRICS.values():
        assert words.singular(each.n_of) != each.n_of


def test_lists_are_cut_and_the_rest_is_counted():
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(["a", "b", "c", "d", "e", "f", "g"]) == "a, b, c, d, e and 2 more"
    assert words.listed([]) == ""


def test_a_gap_is_never_shown_as_nothing():
    assert words.gap_text(HOURS, 0.004) == "0.004\xa0h"
    assert words.gap_text(HOURS, -8.6) == "8.6\xa0h"
    assert words.gap_text(PERCENT, 0.1) == "10.0\xa0pts"
    assert words.gap_text(HOURS, 0.0) == "0.0\xa0h"


def test_numbers_that_are_the_same_need_no_decimals():
    assert words.decimals_apart(metric("queue_time"), 8.5, [8.5]) == 0
    assert words.decimals_apart(metric("queue_time"), 8.5, [8.5000004]) == 4
