"""Templates: valid Vega-Lite, free of numbers, equal for equal kinds, fed by every dataset."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import altair as alt
import pyarrow as pa
import pytest

from charts import trend
from charts.model import Chart
from charts.tokens import DARK, LIGHT, PRINT, THEMES, Theme
from charts.vega import SHADES, shade, shade_color
from metrics.flow import ARRIVALS
from tests.charts.samples import every_kind, steady, values

KINDS = list(every_kind("light"))


def parts(node: Any) -> list[dict[str, Any]]:
    """Every object in a spec."""
    if isinstance(node, list):
        return [part for item in node for part in parts(item)]
    if not isinstance(node, dict):
        return []
    return [node, *(part for item in node.values() for part in parts(item))]


def data_names(chart: Chart) -> set[str]:
    return {p["data"]["name"] for p in parts(chart.spec) if "name" in p.get("data", {})}


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_filled_chart_is_valid_vega_lite(kind: str, theme: Theme) -> None:
    alt.Chart.from_dict(every_kind(theme)[kind].filled(), validate=True)


def test_the_schema_check_can_fail() -> None:
    broken = every_kind("light")["bars"].filled()
    broken = {**broken, "layer": [{**broken["layer"][0], "mark": {"type": "no such mark"}}]}
    with pytest.raises(Exception, match="no such mark"):
        alt.Chart.from_dict(broken, validate=True)


@pytest.mark.parametrize("kind", KINDS)
def test_template_and_data_name_the_same_datasets(kind: str) -> None:
    chart = every_kind("light")[kind]
    assert data_names(chart) == set(chart.datasets)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_field_a_layer_reads_is_in_its_rows(kind: str, theme: Theme) -> None:
    chart = every_kind(theme)[kind]
    for layer in chart.spec["layer"]:
        rows = chart.datasets[layer["data"]["name"]]
        fields = {p["field"] for p in parts(layer.get("encoding", {})) if "field" in p}
        for row in rows:
            assert fields <= set(row), (layer["data"], fields - set(row))


@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_names_its_data_and_none_brings_its_own(kind: str) -> None:
    chart = every_kind("light")[kind]
    assert all("name" in layer["data"] for layer in chart.spec["layer"])
    assert all("url" not in part and "values" not in part.get("data", {})
               for part in parts(chart.spec))  # fmt: skip


def test_new_numbers_leave_the_template_as_it_is() -> None:
    """Then the browser keeps the drawn view; a changed template is drawn anew."""
    one, two = (
        trend(ARRIVALS, values(ARRIVALS, steady(middle, 90)), theme="light", target=middle)
        for middle in (900.0, 40_000.0)
    )
    assert one.spec is two.spec
    assert one.datasets != two.datasets


@pytest.mark.parametrize("kind", KINDS)
def test_a_click_selects_under_the_name_pick_except_on_paper(kind: str) -> None:
    def picks(theme: Theme) -> list[str]:
        spec = every_kind(theme)[kind].spec
        return [p["name"] for p in parts(spec) if "select" in p and "name" in p]

    assert picks("print") == []
    assert picks("light") == picks("dark") == ([] if kind == "sparkline" else ["pick"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_gets_the_same_rows_as_arrow(kind: str) -> None:
    chart = every_kind("dark")[kind]
    spec = chart.for_page()
    for name, sent in spec["datasets"].items():
        table = pa.ipc.open_stream(io.BytesIO(sent)).read_all()
        rows = chart.datasets[name]
        assert table.num_rows == len(rows)
        if rows:
            assert table.to_pylist() == [{k: row[k] for k in rows[0]} for row in rows]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_survives_json(kind: str) -> None:
    """Issued reports keep their charts as JSON."""
    chart = every_kind("print")[kind]
    assert json.loads(json.dumps(chart.filled())) == json.loads(json.dumps(chart.filled()))
    again = Chart(**json.loads(json.dumps(vars(chart) | {"spec": chart.spec})))
    assert again.filled() == chart.filled()


def test_the_data_are_the_same_in_every_theme() -> None:
    """Colours are the template's: what the numbers say does not depend on light or dark."""
    light, dark = every_kind("light"), every_kind("dark")
    for kind in KINDS:
        assert light[kind].datasets == dark[kind].datasets
        assert light[kind].spec != dark[kind].spec


def test_a_shade_is_a_color_of_its_theme() -> None:
    assert shade_color(shade("series 5"), "light") == LIGHT.series[5]
    assert shade_color(shade("orange"), "dark") == DARK.orange.mark
    assert {shade_color(i, "print") for i in range(len(SHADES))} <= set(
        re.findall("#.{6}", str(PRINT))
    )


def test_the_name_of_a_chart_does_not_change_with_its_numbers() -> None:
    """Streamlit makes the name part of the spec; a changed spec is drawn anew."""
    names = {
        trend(ARRIVALS, values(ARRIVALS, steady(middle, 90)), theme="light").name
        for middle in (900.0, 40_000.0)
    }
    assert names == {"Items received by week, chart"}
    assert all(len(chart.name) > 5 for chart in every_kind("light").values())
