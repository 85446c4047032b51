"""Every colour and size of the house, once: pages, Word, Excel and the theme file follow it.

Colours are hex strings with "#". `LIGHT` and `DARK` are for the page, `PRINT` for Word and Excel.
Orange and light blue belong to signals (worsening, improving), red, amber and green to status
and target lines; everything else is brand blue, ink and greys. Colour never says anything alone:
a shape or a word goes with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Theme = Literal["light", "dark", "print"]
THEMES: tuple[Theme, ...] = ("light", "dark", "print")

DOCUMENT_FONT = "Arial"
# vl-convert draws no text at all, and says nothing, when it knows no family of the list.
CHART_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
PAGE_FONT = "Source Sans, Liberation Sans, Arial, sans-serif"


@dataclass(frozen=True)
class Tone:
    """Text on a tint: a badge, a banner, a status cell. `mark` is its colour as a graphic."""

    text: str
    tint: str
    mark: str


@dataclass(frozen=True)
class Palette:
    """The colours of one theme.

    Attributes:
        background, panel: page, and a slightly raised surface (secondary background).
        ink, ink2, muted: text, quieter text, notes and axis labels.
        rule, grid: borders and lines that carry no data.
        brand, tint: the one accent and its wash (headings, table heads, the data line).
        green, yellow, red, gray: status: on target, near, off, not rated.
        orange, blue: signal: worsening, improving.
        target: the dashed target line and its label.
        band: the expected range behind a line. Decoration: its limits are written beside it.
        quiet: bars that are not the point. Decoration: their values are written beside them.
        categories: what Streamlit's own charts would take (the theme file has the same).
        series: line colours of segments, in the order they are given out; orange comes last, and
            grey is dark enough to be read as a label.
        sequential: light to strong, for heat maps.
        rest: segments without a name of their own.
    """

    background: str
    panel: str
    ink: str
    ink2: str
    muted: str
    rule: str
    grid: str
    brand: str
    tint: str
    link: str
    table_head: str
    table_tint: str
    table_rule: str
    green: Tone
    yellow: Tone
    red: Tone
    gray: Tone
    orange: Tone
    blue: Tone
    target: str
    band: str
    quiet: str
    rest: str
    categories: tuple[str, ...]
    series: tuple[str, ...]
    sequential: tuple[str, ...]


LIGHT = Palette(
    background="#FFFFFF",
    panel="#F3F5F8",
    ink="#101826",  # Streamlit writes captions with 60% of it: a lighter one would be too faint
    ink2="#3D4A5C",
    muted="#5B6677",
    rule="#D5DBE3",
    grid="#E7EBF0",
    brand="#1F4E79",
    tint="#E8EFF6",
    link="#1F4E79",
    table_head="#1F4E79",
    table_tint="#E8EFF6",
    table_rule="#E4E8EE",
    green=Tone("#0B5D34", "#E1F2E8", "#0B5D34"),
    yellow=Tone("#7A4A00", "#FFF0D2", "#7A4A00"),
    red=Tone("#9B1C12", "#FBE4E1", "#9B1C12"),
    gray=Tone("#4A5564", "#ECEFF3", "#7B8794"),
    orange=Tone("#A84300", "#FCEBDD", "#C65102"),
    blue=Tone("#1F4E79", "#E8EFF6", "#0072B2"),
    target="#9B1C12",
    band="#E9EDF2",
    quiet="#B9C4D1",
    rest="#C9D0D9",
    categories=("#1F4E79", "#C65102", "#0F766E", "#7B8794", "#6D28D9", "#4D7C0F"),
    series=("#1F4E79", "#0F766E", "#6D28D9", "#4D7C0F", "#5B6677", "#C65102"),
    sequential=(
        "#F3F7FA",
        "#E0EAF2",
        "#C8D8E6",
        "#AFC6DA",
        "#94B2CC",
        "#799DBD",
        "#5E88AD",
        "#45739B",
        "#305F89",
        "#1F4E79",
    ),
)
PRINT = replace(LIGHT, ink="#1B2433", rule="#C9D0D9", table_rule="#C9D0D9", band="#E4E9EF")
DARK = Palette(
    background="#11161E",
    panel="#1A212C",
    ink="#E6EAF0",
    ink2="#C3CBD6",
    muted="#9AA5B4",
    rule="#303A49",
    grid="#222B38",
    brand="#8AB8F5",
    tint="#172A3E",
    link="#8AB8F5",
    table_head="#9CC7F5",
    table_tint="#1A2737",
    table_rule="#252D39",
    green=Tone("#8BDDB0", "#12301F", "#8BDDB0"),
    yellow=Tone("#F5CB80", "#372A10", "#F5CB80"),
    red=Tone("#FFB1A8", "#3D1B1A", "#FFB1A8"),
    gray=Tone("#B7C0CC", "#252D39", "#8A96A5"),
    orange=Tone("#F8B27F", "#3A2412", "#F59A57"),
    blue=Tone("#9CC7F5", "#172A3E", "#6CB6E8"),
    target="#F0857A",
    band="#1D2632",
    quiet="#4A586C",
    rest="#3B4656",
    categories=("#8AB8F5", "#F59A57", "#5CC6BC", "#9AA6B4", "#B79CF5", "#A3CC6B"),
    series=("#8AB8F5", "#5CC6BC", "#B79CF5", "#A3CC6B", "#9AA6B4", "#F59A57"),
    sequential=(
        "#172A3E",
        "#1F3A56",
        "#284A6D",
        "#325B84",
        "#3E6C9B",
        "#4D7EB1",
        "#5D90C5",
        "#6FA2D7",
        "#7FB0E8",
        "#8AB8F5",
    ),
)
PALETTES: dict[Theme, Palette] = {"light": LIGHT, "dark": DARK, "print": PRINT}


def palette(theme: Theme) -> Palette:
    """The colours of a theme."""
    return PALETTES[theme]


# Sizes in points for documents (GOV.UK and UND advise larger print: `LARGE_PRINT` scales all).
TITLE_PT = 20.0
H1_PT = 14.0
H2_PT = 12.0
BODY_PT = 10.0
TABLE_PT = 9.0
CAPTION_PT = 9.5
NOTE_PT = 9.0
FOOTER_PT = 8.5
EXCEL_PT = 10.0
EXCEL_TITLE_PT = 16.0
LARGE_PRINT = 1.2
MARGIN_IN = 0.75
TEXT_WIDTH_IN = 7.0

# Sizes in CSS pixels, 96 to the inch; pictures are drawn `PNG_SCALE` times as dense (211 dpi).
PX_PER_INCH = 96
PNG_SCALE = 2.2
PRINT_WIDTH = int(TEXT_WIDTH_IN * PX_PER_INCH)
CHART_TEXT_PX = 12
CHART_BOLD_PX = 14
NARROW_PX = 420  # below this width a chart shortens its labels
CONTROL_HEIGHT = 150
TREND_HEIGHT = 230
ROW_STEP = 30
PRINT_ROW_STEP = 24
SPARKLINE_HEIGHT = 52
TARGET_DASH = (6, 3)


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#FFFFFF"), 1)
    21.0
    """
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: str) -> float:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def text_pairs(colors: Palette) -> list[tuple[str, str, str]]:
    """(name, text colour, ground) of all text that is written in this theme."""
    plain = ("ink", "ink2", "muted", "brand", "link", "target", "table_head")
    pairs = [(name, getattr(colors, name), colors.background) for name in plain]
    pairs += [(f"{name} on panel", getattr(colors, name), colors.panel) for name in plain[:4]]
    pairs += [("table head", colors.table_head, colors.table_tint)]
    for name in ("green", "yellow", "red", "gray", "orange", "blue"):
        tone: Tone = getattr(colors, name)
        pairs += [(f"{name} on tint", tone.text, tone.tint)]
        pairs += [(f"{name} on background", tone.text, colors.background)]
    pairs += [(f"series {i}", color, colors.background) for i, color in enumerate(colors.series)]
    # end labels of a chart that carry a signal
    pairs += [
        (f"{n} label", getattr(colors, n).mark, colors.background) for n in ("orange", "blue")
    ]
    return pairs


def graphic_pairs(colors: Palette) -> list[tuple[str, str, str]]:
    """(name, mark colour, ground) of all marks that carry meaning (not band, quiet and rest)."""
    names = ("brand", "target", "muted", "ink2")
    pairs = [(name, getattr(colors, name), colors.background) for name in names]
    pairs += [(f"{n} over band", getattr(colors, n), colors.band) for n in ("brand", "target")]
    for name in ("orange", "blue", "red"):
        mark = getattr(colors, name).mark
        pairs += [(name, mark, colors.background), (f"{name} over band", mark, colors.band)]
    pairs += [("gray", colors.gray.mark, colors.background)]
    pairs += [(f"series {i}", color, colors.background) for i, color in enumerate(colors.series)]
    return pairs
