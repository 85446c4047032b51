"""Plumbline: the menu, the shared filters, one pinned snapshot and the chosen page.

`python start.py` runs it behind serve.py; `streamlit run app.py` works too.
A new page is one file under pages/ and one line here. Pages have no icons: the browser would fetch
an icon of the open page from the web for its tab.
"""

from __future__ import annotations

import streamlit as st

from ui import frame

WEEKLY_REPORT = st.Page(
    "pages/now/weekly_report.py",
    title="Weekly report",
    help="Check the week, write the commentary, download Word and Excel.",
)
REQUIREMENTS = st.Page(
    "pages/delivery/requirements.py",
    title="Requirements",
    help="What was asked, the checks agreed on beforehand, and whether they hold now.",
)
CAPACITY = st.Page(
    "pages/operations/capacity.py",
    title="Capacity",
    help="Whether the hours assigned for next week are enough for what arrives.",
)
IMPROVEMENTS = st.Page(
    "pages/delivery/improvements.py",
    title="Improvements",
    help="What was changed, and what its measure did since.",
)
MENU = {
    "Now": [
        st.Page(
            "pages/now/this_week.py",
            title="This week",
            default=True,
            help="The one-screen answer: what is off, since when, and what to decide.",
        ),
        WEEKLY_REPORT,
        st.Page(
            "pages/now/issue_desk.py",
            title="Issue desk",
            help="Which issues need somebody now: triage, clocks, escalation, closure.",
        ),
    ],
    "Operations": [
        st.Page(
            "pages/operations/bottlenecks.py",
            title="Bottlenecks",
            help="Where items wait, and what would change if they did not.",
        ),
        CAPACITY,
        st.Page(
            "pages/operations/flow.py",
            title="Flow",
            help="What comes in and leaves, what is in progress, and what grows old.",
        ),
        st.Page(
            "pages/operations/stages.py",
            title="Stages",
            help="The ways items take from stage to stage, how long they wait, where they return.",
        ),
        st.Page(
            "pages/operations/trends.py",
            title="Trends",
            help="Any measure over time, split by team, dataset or stage.",
        ),
        st.Page(
            "pages/operations/issues.py",
            title="Issues",
            help="What was raised, what was solved and what is past due.",
        ),
    ],
    "Delivery": [
        st.Page(
            "pages/delivery/deliveries.py",
            title="Deliveries",
            help="What was promised, what arrived, what was accepted, how late and why.",
        ),
        st.Page(
            "pages/delivery/delivery_forecast.py",
            title="Delivery forecast",
            help="When open batches will be accepted, and how far such dates were right.",
        ),
        REQUIREMENTS,
        IMPROVEMENTS,
    ],
    "Quality": [
        st.Page(
            "pages/quality/quality_outcomes.py",
            title="Quality outcomes",
            help="What reviewers accept, fix and reject, by dataset and by reviewer.",
        ),
        st.Page(
            "pages/quality/agreement.py",
            title="Agreement",
            help="Whether people give the same answers, and where they do not.",
        ),
        st.Page(
            "pages/quality/reviews.py",
            title="Reviews",
            help="How far items came from annotation to acceptance, and what holds them.",
        ),
        st.Page(
            "pages/quality/annotators.py",
            title="Annotators",
            help="Gold accuracy, agreement and honest lead time, with n and intervals.",
        ),
        st.Page(
            "pages/quality/control_charts.py",
            title="Control charts",
            help="Is a change more than routine, and will the target be met?",
        ),
        st.Page(
            "pages/quality/sampling_desk.py",
            title="Sampling desk",
            help="Draw a sample of a lot, enter what was found, accept the lot or not.",
        ),
    ],
    "Data": [
        st.Page(
            "pages/data/upload.py",
            title="Upload",
            help="Add this week's extracts. Nothing changes until you accept.",
        ),
        st.Page(
            "pages/data/definitions.py",
            title="Definitions",
            help="Every measure and every extract, in words and in SQL.",
        ),
        st.Page(
            "pages/data/guides.py",
            title="Guides",
            help="How things are done here, and how to read what is shown.",
        ),
    ],
}

frame.run(
    st.navigation(MENU, position="top"),
    without_filters=[*MENU["Data"], REQUIREMENTS, CAPACITY, IMPROVEMENTS],
    without_slices=[WEEKLY_REPORT],
    titles=[page.title for group in MENU.values() for page in group],
)
