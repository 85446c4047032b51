"""A page with one chart of every kind, for the browser test; not a page of the app."""

from __future__ import annotations

import streamlit as st

from charts import sparkline_svg, trend
from charts.tokens import Theme
from metrics.flow import ARRIVALS
from tests.charts.samples import every_kind, steady, values

theme: Theme = "dark" if st.context.theme.type == "dark" else "light"
middle = st.selectbox("Middle", [900, 40_000])
charts = every_kind(theme)
charts["changing"] = trend(
    ARRIVALS, values(ARRIVALS, steady(middle, 90)), theme=theme, target=float(middle)
)
for name, chart in charts.items():
    with st.container(border=True, key=f"box-{name}"):
        pick = {} if name == "sparkline" else {"on_select": "rerun", "selection_mode": "pick"}
        event = st.vega_lite_chart(
            None, chart.for_page(), theme=None, key=name, alt=chart.name, **pick
        )
        if pick:
            st.text(f"picked {list(event.selection.pick)}")
with st.container(width=220, key="box-svg"):
    st.image(sparkline_svg(steady(34, 2, 13), theme=theme, target=36), alt="A sparkline")
