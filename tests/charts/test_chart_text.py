"""Labels: harmless, cut to fit."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from charts.text import ELLIPSIS, NO_NAME, clean, cut, width

ANY = st.text(max_size=200)


@given(ANY)
def test_clean_text_is_one_line_without_control_characters(raw: str) -> None:
    text = clean(raw)
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in text)
    assert text == clean(text)
    assert text == text.strip() != ""


@given(ANY, st.floats(30, 300))
def test_a_cut_text_fits_and_says_that_it_was_cut(raw: str, most: float) -> None:
    text = cut(raw, most, 12)
    assert width(text, 12) <= most
    assert text == clean(raw) or text.endswith(ELLIPSIS)


def test_text_that_fits_is_not_touched() -> None:
    assert cut("Second review", 200, 12) == "Second review"
    assert cut("Pathology batch 2", 72, 12) == "Pathology" + ELLIPSIS


def test_nothing_to_show_gets_a_name() -> None:
    assert clean("") == clean(" \n\x00 ") == NO_NAME


def test_wide_scripts_count_double() -> None:
    assert width("東京", 12) == 24
    assert width("ab", 12) < 14
