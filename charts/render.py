"""PNG pictures for Word: small, the same bytes every time, without any network.

vl-convert carries its own fonts and JavaScript engine. The engine takes about half a second to
start, which `warm_up` can hide. It is asked by one thread at a time: it guards itself with a lock
of its own and may wait for that one while it holds the interpreter's. Two threads at once can so
wait for each other for ever (vl-convert 1.9.0: one compiles, garbage is collected, another asks).
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import vl_convert
from PIL import Image

from charts import spark, tokens
from charts.model import Chart
from charts.tokens import Theme
from metrics.errors import ReportError

_KEPT = 256
_COLORS = 128
_cache: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()
_engine = threading.Lock()  # around every call of vl_convert


def png(chart: Chart, *, scale: float = tokens.PNG_SCALE, width: int | None = None) -> bytes:
    """The chart as a PNG with at most 128 colours, 15 to 20 kB.

    Args:
        chart: filled with data.
        scale: device pixels per CSS pixel; 2.2 is 211 dots per inch.
        width: in CSS pixels; None for the text width of the report.

    Raises:
        ReportError: the chart has no rows (its caller shows an empty state instead).
    """
    if chart.is_empty:
        raise ReportError("A chart without values cannot be drawn.", where=chart.alt)
    key = _key(chart, scale, width)
    found = _recall(key)
    return found if found is not None else _keep(key, _draw(chart, scale, width))


def pngs(charts: Sequence[Chart], *, scale: float = tokens.PNG_SCALE) -> list[bytes]:
    """The charts as PNGs in their order."""
    return [png(chart, scale=scale) for chart in charts]


def sparkline_png(
    values: Sequence[float | None],
    *,
    target: float | None = None,
    signal: str = "",
    theme: Theme = "print",
    scale: float = tokens.PNG_SCALE * 2,
) -> bytes:
    """A sparkline for a table cell as PNG, about 1 ms; b"" when there is no value to draw."""
    svg = spark.sparkline_svg(values, target=target, signal=signal, theme=theme)
    if not svg:
        return b""
    key = hashlib.sha256(f"{svg}{scale}".encode()).hexdigest()
    found = _recall(key)
    if found is not None:
        return found
    with _engine:
        drawn = vl_convert.svg_to_png(svg, scale=scale)
    return _keep(key, _reduced(drawn, tokens.palette(theme).background))


def warm_up() -> None:
    """Start the drawing engine, so that the first report does not wait for it."""
    nothing = {"mark": "point", "data": {"values": [{}]}}
    with _engine:
        vl_convert.vegalite_to_png(nothing, allowed_base_urls=[])


def _key(chart: Chart, scale: float, width: int | None) -> str:
    text = json.dumps([_compiled_key(chart), chart.datasets, scale, width], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _compiled_key(chart: Chart) -> str:
    return json.dumps(chart.spec, sort_keys=True)


def _recall(key: str) -> bytes | None:
    with _lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
        return found


def _keep(key: str, data: bytes) -> bytes:
    with _lock:
        _cache[key] = data
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return data


def _draw(chart: Chart, scale: float, width: int | None) -> bytes:
    vega = json.loads(_compiled(_compiled_key(chart)))
    for data in vega["data"]:
        if data["name"] in chart.datasets:
            data["values"] = chart.datasets[data["name"]]
    if width is not None:
        vega["width"] = width
    with _engine:
        drawn = vl_convert.vega_to_png(vega, scale=scale, allowed_base_urls=[])
    return _reduced(drawn, tokens.palette(chart.theme).background)


@lru_cache(maxsize=64)
def _compiled(template: str) -> str:
    """The template as Vega, with empty data: the compiler runs once per template."""
    spec: dict[str, Any] = json.loads(template)
    empty: dict[str, list[object]] = {name: [] for name in sorted(_names(spec))}
    with _engine:
        return json.dumps(vl_convert.vegalite_to_vega({**spec, "datasets": empty}))


def _names(spec: object) -> set[str]:
    """Names of all datasets that a template mentions."""
    if isinstance(spec, list):
        return {name for part in spec for name in _names(part)}
    if not isinstance(spec, dict):
        return set()
    own = spec.get("data")
    found = {own["name"]} if isinstance(own, dict) and "name" in own else set()
    return found | {name for part in spec.values() for name in _names(part)}


def _reduced(data: bytes, background: str) -> bytes:
    """The picture without transparency and with a palette: a tenth of the size."""
    with Image.open(io.BytesIO(data)) as drawn:
        flat = Image.new("RGB", drawn.size, background)
        flat.paste(drawn, mask=drawn.convert("RGBA").getchannel("A"))
    small = flat.quantize(_COLORS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, format="PNG", compress_level=7)  # 9 takes five times as long for 6% less
    return out.getvalue()
