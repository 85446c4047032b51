"""The colours: readable everywhere, and the same in the theme file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import astuple
from pathlib import Path

import pytest

from charts import tokens
from charts.tokens import DARK, LIGHT, PRINT, THEMES, Palette, Tone, contrast, palette

CONFIG = Path(__file__).parents[2] / ".streamlit" / "config.toml"


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast("#FFFFFF", "#000000") == pytest.approx(21)
    # worked by hand from the definition: 0.2126*1 for pure red, (1+.05)/(.2126+.05)
    assert contrast("#FF0000", "#FFFFFF") == pytest.approx(1.05 / 0.2626, abs=1e-3)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
def test_all_text_has_a_contrast_of_4_5(theme: tokens.Theme) -> None:
    weak = {
        name: round(contrast(text, ground), 2)
        for name, text, ground in tokens.text_pairs(palette(theme))
        if contrast(text, ground) < 4.5
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_all_marks_that_carry_meaning_have_a_contrast_of_3(theme: tokens.Theme) -> None:
    weak = {
        name: round(contrast(mark, ground), 2)
        for name, mark, ground in tokens.graphic_pairs(palette(theme))
        if contrast(mark, ground) < 3
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_every_color_is_six_hex_digits(theme: tokens.Theme) -> None:
    flat = str(astuple(palette(theme)))
    assert len(re.findall(r"#[0-9A-F]{6}\b", flat)) == flat.count("#")


@pytest.mark.parametrize("colors", [LIGHT, DARK, PRINT])
def test_orange_belongs_to_worsening_and_so_is_given_to_a_segment_last(colors: Palette) -> None:
    assert colors.series[-1] == colors.orange.mark
    assert len(set(colors.series)) == 6


# what the theme file calls a colour: what we call it
NAMES = {
    "primaryColor": "brand", "backgroundColor": "background", "textColor": "ink",
    "secondaryBackgroundColor": "panel", "linkColor": "link", "borderColor": "rule",
    "dataframeBorderColor": "table_rule", "dataframeHeaderTextColor": "table_head",
    "dataframeHeaderBackgroundColor": "table_tint",
}  # fmt: skip


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_file_has_the_same_colors(theme: tokens.Theme) -> None:
    told = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][theme]
    colors = palette(theme)
    assert {name: told[name] for name in NAMES} == {
        name: getattr(colors, field) for name, field in NAMES.items()
    }
    for name in ("green", "yellow", "red", "gray", "orange", "blue"):
        tone: Tone = getattr(colors, name)
        found = (told[f"{name}TextColor"], told[f"{name}BackgroundColor"], told[f"{name}Color"])
        assert found == (tone.text, tone.tint, tone.mark), name
    assert told["chartCategoricalColors"] == list(colors.categories)
    assert told["chartSequentialColors"] == list(colors.sequential)
