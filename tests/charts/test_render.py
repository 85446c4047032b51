"""Pictures for Word: ink where it should be, small, the same bytes, nothing fetched."""

from __future__ import annotations

import hashlib
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import vl_convert

from charts import bars, control, render, stage_profile, tokens, trend
from charts.tokens import PRINT, THEMES, Theme, palette
from metrics.errors import ReportError
from metrics.flow import ARRIVALS
from metrics.units import COUNT
from tests.charts.samples import JUDGED, NASTY, every_kind, painted, picture, split, steady, values

ROOT = Path(__file__).parents[2]
KINDS = list(every_kind("print"))
COLORS = {  # colours that must be seen, by kind
    "characteristic": ("brand", "ink"),
    "control": ("brand", "band", "target"),
    "cumulative": ("brand", "quiet", "rest"),
    "process": ("brand", "band", "target"),
    "ewma": ("brand", "band", "target"),
    "cusum": ("band",),
    "trend": ("brand", "target"),
    "split": ("brand", "target", "rest"),
    "bars": ("quiet",),
    "profile": ("quiet", "ink"),
    "intervals": ("brand", "target"),
    "funnel": ("brand", "muted"),
    "matrix": ("band",),
    "scatter": ("ink", "ink2"),
    "ages": ("brand", "ink2"),
    "sparkline": ("target",),
}


@pytest.fixture
def fresh() -> Iterator[None]:
    """Nothing is remembered of what other tests drew."""
    render._cache.clear()
    yield
    render._cache.clear()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("kind", KINDS)
def test_no_picture_is_blank(kind: str, theme: Theme) -> None:
    chart = every_kind(theme)[kind]
    image = picture(render.png(chart, scale=2))
    colors = palette(theme)
    for name in COLORS[kind]:
        assert painted(image, getattr(colors, name)) > 100, name
    if kind not in ("trend", "split", "cumulative", "scatter"):
        assert painted(image, colors.orange.mark) > 100, "orange"
    least = 0.2 if kind in ("matrix", "cumulative") else 0.5
    assert painted(image, colors.background) > image.width * image.height * least


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [340, 672])
def test_a_picture_has_the_size_that_is_told(kind: str, width: int) -> None:
    chart = every_kind("print")[kind]
    image = picture(render.png(chart, scale=1, width=width))
    assert image.width == width
    assert abs(image.height - chart.height) <= 6


def test_a_word_has_ink() -> None:
    """vl-convert draws no text, and says nothing, when it knows no font of the list."""

    def ink(font: str) -> int:
        spec = {"data": {"values": [{}]}, "mark": {"type": "text", "text": "Turnaround"},
                "config": {"font": font, "background": "#FFFFFF"}}  # fmt: skip
        image = picture(vl_convert.vegalite_to_png(spec, scale=2, allowed_base_urls=[]))
        return image.width * image.height - painted(image, "#FFFFFF") - painted(image, "#DDDDDD")

    assert ink(tokens.CHART_FONT) > 300
    assert ink(tokens.PAGE_FONT) > 300
    assert ink("No Such Family") < 100  # so the check above can fail


@pytest.mark.parametrize("kind", ["control", "split", "bars", "profile", "intervals"])
def test_labels_are_drawn(kind: str) -> None:
    """The same picture with a font that nobody has loses its ink."""
    chart = every_kind("print")[kind]
    config = {**chart.spec["config"], "font": "No Such Family"}
    mute = type(chart)(**{**vars(chart), "spec": {**chart.spec, "config": config}})
    shades = (PRINT.ink, PRINT.ink2, PRINT.muted)
    with_text, without = (
        sum(painted(picture(render.png(one, scale=2)), shade) for shade in shades)
        for one in (chart, mute)
    )
    assert with_text > without + 500


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_is_small_and_has_no_transparency(kind: str) -> None:
    png = render.png(every_kind("print")[kind])
    assert len(png) < 45_000
    assert png[25] == 3, "a palette picture"
    assert b"tRNS" not in png


def test_the_usual_figure_has_20_kb() -> None:
    figures = every_kind("print") | {"control": control(JUDGED, theme="print")}
    sizes = {kind: len(render.png(figures[kind])) for kind in ("control", "profile", "intervals")}
    assert max(sizes.values()) < 20_000, sizes


def test_reducing_colors_keeps_the_tokens() -> None:
    """Fewer colours turned a red target line brown once."""
    image = picture(render.png(every_kind("print")["control"]))
    for color in (PRINT.target, PRINT.brand, PRINT.band, PRINT.orange.mark, PRINT.background):
        assert painted(image, color, near=1) > 50, color


# Two reports at once, while collecting garbage lets other threads in at any moment.
AT_ONCE = """
import gc, threading, time
from charts import render
from tests.charts.samples import every_kind
charts = [chart for theme in ("print", "light", "dark") for chart in every_kind(theme).values()]
gc.callbacks.append(lambda *_: time.sleep(0.001))
gc.set_threshold(5)
both = [threading.Thread(target=render.pngs, args=(each,)) for each in (charts, charts[::-1])]
[thread.start() for thread in both]
[thread.join() for thread in both]
print("drawn", len(render._cache))
"""


def test_two_reports_at_once_do_not_wait_for_each_other_for_ever() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.strip() == f"drawn {3 * len(KINDS)}", done.stderr[-2000:]


@pytest.mark.usefixtures("fresh")
def test_the_same_chart_gives_the_same_bytes_at_once_and_in_other_processes() -> None:
    charts = list(every_kind("print").values())
    with ThreadPoolExecutor(4) as pool:
        first = list(pool.map(render.png, charts))
    render._cache.clear()
    again = [render.png(chart) for chart in reversed(charts)][::-1]
    assert first == again
    code = (
        "import hashlib; from charts import render; from tests.charts.samples import every_kind;"
        "print(hashlib.sha256(b''.join(render.png(c) for c in every_kind('print').values()))"
        ".hexdigest())"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PATH": "/usr/bin"},
    )
    assert other.stdout.strip() == hashlib.sha256(b"".join(first)).hexdigest()


@pytest.mark.usefixtures("fresh")
def test_a_drawn_picture_is_remembered_and_the_memory_is_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[str] = []
    real = render._draw
    monkeypatch.setattr(render, "_draw", lambda c, *rest: (drawn.append(c.kind), real(c, *rest))[1])
    chart, other = every_kind("print")["bars"], every_kind("print")["profile"]
    assert render.png(chart) == render.png(every_kind("print")["bars"])
    assert drawn == ["bars"]
    monkeypatch.setattr(render, "_KEPT", 1)
    render.png(other)
    assert len(render._cache) == 1


def test_the_compiled_template_paints_what_the_whole_spec_paints() -> None:
    """Filling compiled templates is a short cut: it must not change a pixel."""
    for kind, chart in every_kind("print").items():
        whole = vl_convert.vegalite_to_png(chart.filled(), scale=1, allowed_base_urls=[])
        expected = picture(render._reduced(whole, PRINT.background))
        assert picture(render.png(chart, scale=1)).tobytes() == expected.tobytes(), kind


def test_a_chart_without_rows_is_refused() -> None:
    with pytest.raises(ReportError):
        render.png(bars([], COUNT, theme="print", what="Items"))


@pytest.mark.parametrize(
    "chart",
    [
        trend(ARRIVALS, values(ARRIVALS, [1234.0]), theme="print"),
        trend(ARRIVALS, values(ARRIVALS, [5.0] * 5), theme="print", target=5.0),
        trend(ARRIVALS, values(ARRIVALS, [0.0, 0.0]), theme="print"),
        trend(ARRIVALS, values(ARRIVALS, [-5.0, -2.0, 3.0]), theme="print"),
        trend(ARRIVALS, values(ARRIVALS, steady(9, 3, 5000), grain="day"), theme="print",
              grain="day"),
        trend(ARRIVALS, split(40), theme="print"),
        trend(ARRIVALS, values(ARRIVALS, [1.0, 2.0], segment=NASTY), theme="print"),
        bars([{"segment": NASTY, "value": -1.0}, {"segment": "", "value": 2.0}], COUNT,
             theme="print", what=NASTY),
        stage_profile([{"segment": "a", "value": 0.0, "baseline": 0.0}], COUNT, theme="print",
                      what="One stage"),
    ],
    ids=["one", "equal", "zero", "below", "5000", "40 lines", "nasty line", "nasty bar", "nothing"],
)  # fmt: skip
def test_odd_numbers_and_names_are_drawn(chart) -> None:
    image = picture(render.png(chart, scale=1))
    marks = image.width * image.height - painted(image, PRINT.background)
    assert marks > 200


def test_a_sparkline_picture_has_line_target_and_point() -> None:
    png = render.sparkline_png([30.0, 31.0, 33.0, 44.6], target=36.0, signal="worsening")
    image = picture(png)
    assert painted(image, PRINT.orange.mark) > 50
    assert painted(image, PRINT.target) > 50
    assert len(png) < 4_000
    assert render.sparkline_png([None]) == b""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine and the list of what it was asked."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'[{"a": 1}]')

        def log_message(self, *args) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", asked
    server.shutdown()
    server.server_close()


def test_nothing_is_fetched_even_when_a_spec_asks_for_it(listener: tuple[str, list[str]]) -> None:
    url, asked = listener
    chart = every_kind("print")["bars"]
    layer = {"data": {"url": url + "rows.json"}, "mark": "point",
             "encoding": {"x": {"field": "a", "type": "quantitative"}}}  # fmt: skip
    spec = {**chart.spec, "layer": [*chart.spec["layer"], layer]}
    with pytest.raises(ValueError, match=r"not allowed|denied|External data"):
        render.png(type(chart)(**{**vars(chart), "spec": spec}))
    assert asked == []
