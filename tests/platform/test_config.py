"""The configuration: options exist, nothing listens or calls outside, colors can be read."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
STATUS = ("green", "yellow", "red", "gray", "orange", "blue")
MODES = ("light", "dark")


def options(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from options(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


@pytest.mark.parametrize(("option", "value"), list(options(CONFIG)))
def test_the_pinned_streamlit_knows_the_option(option: str, value: object) -> None:
    known = config._config_options_template[option]
    assert known.type in (str, type(value)) or isinstance(value, list), option


def test_the_collector_does_not_run_after_every_script() -> None:
    """A hidden option, worth nine tenths of a cached rerun: if it goes, this must be noticed."""
    assert "runner.postScriptGC" in config._config_options_template
    assert CONFIG["runner"]["postScriptGC"] is False


def test_the_server_is_for_this_machine_alone_and_asks_nothing() -> None:
    server = CONFIG["server"]
    assert server["address"] == "127.0.0.1"
    assert set(server["allowedHosts"]) == {"localhost", "127.0.0.1"}
    assert server["showEmailPrompt"] is False
    assert server["headless"] is True
    assert server["enableXsrfProtection"] and server["enableCORS"]
    assert not server["enableStaticServing"] and not server["enableAgentApi"]
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert CONFIG["client"]["disableDataExport"] is True
    assert CONFIG["runner"]["magicEnabled"] is False


def test_no_setting_names_an_address_elsewhere() -> None:
    assert [o for o, value in options(CONFIG) if "://" in str(value)] == []


def channels(color: str) -> list[int]:
    return [int(color[i : i + 2], 16) for i in (1, 3, 5)]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [channel / 255 for channel in channels(color)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_what_the_standard_says() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", STATUS)
def test_status_text_can_be_read_on_its_tint_and_on_the_page(mode: str, name: str) -> None:
    theme = CONFIG["theme"][mode]
    text = theme[f"{name}TextColor"]
    assert contrast(text, theme[f"{name}BackgroundColor"]) >= 4.5
    assert contrast(text, theme["backgroundColor"]) >= 4.5
    assert contrast(theme[f"{name}Color"], theme["backgroundColor"]) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_text_links_and_marks_can_be_read(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    pairs = [
        ("textColor", "backgroundColor"),
        ("textColor", "secondaryBackgroundColor"),
        ("linkColor", "backgroundColor"),
        ("codeTextColor", "codeBackgroundColor"),
        ("dataframeHeaderTextColor", "dataframeHeaderBackgroundColor"),
    ]
    for text, ground in pairs:
        assert contrast(theme[text], theme[ground]) >= 4.5, (text, ground)
    for color in theme["chartCategoricalColors"]:
        assert contrast(color, theme["backgroundColor"]) >= 3, color


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ground", ["backgroundColor", "secondaryBackgroundColor"])
def test_captions_can_be_read(mode: str, ground: str) -> None:
    """Streamlit draws them in the text color at 60 %."""
    theme = CONFIG["theme"][mode]
    pairs = zip(channels(theme["textColor"]), channels(theme[ground]), strict=True)
    faded = "#" + "".join(f"{round(0.6 * ink + 0.4 * paper):02X}" for ink, paper in pairs)
    assert contrast(faded, theme[ground]) >= 4.5


def test_light_and_dark_set_the_same_colors() -> None:
    assert set(CONFIG["theme"]["light"]) == set(CONFIG["theme"]["dark"])
