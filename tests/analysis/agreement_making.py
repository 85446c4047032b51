"""Answers as a matrix (items × people, −1 missing), in the forms the code and the oracles take."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis.agreement.patterns import RaterPatterns


def rater_patterns(codes, answers, values=None):
    """The patterns of a matrix, each with how many items look like that."""
    seen, units = np.unique(np.asarray(codes), axis=0, return_counts=True)
    raters = tuple(f"p{i}" for i in range(seen.shape[1]))
    return RaterPatterns(raters, tuple(answers), seen, units, values)


def long(codes, answers):
    """The same as a long frame: item, annotator, answer."""
    rows = [
        (item, f"p{person}", answers[code])
        for item, given in enumerate(np.asarray(codes).tolist())
        for person, code in enumerate(given)
        if code >= 0
    ]
    return pd.DataFrame(rows, columns=["item", "annotator", "answer"])


@st.composite
def matrices(draw, *, raters=(2, 5), answers=(1, 5), items=(1, 14), missing=True):
    """Random answers with gaps, ties and, with one answer, no difference at all."""
    r, k = draw(st.integers(*raters)), draw(st.integers(*answers))
    code = st.integers(-1 if missing else 0, k - 1)
    row = st.lists(code, min_size=r, max_size=r)
    return k, np.array(draw(st.lists(row, min_size=items[0], max_size=items[1])))
