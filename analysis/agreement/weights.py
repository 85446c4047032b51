"""How much of a full agreement two different answers count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from analysis.agreement.patterns import FloatArray

Weights = Literal["identity", "linear", "quadratic", "ordinal"]


def weights(kind: Weights, answers: int, values: Sequence[float] | None = None) -> FloatArray:
    """Answers × answers: 1 on the diagonal, 0 for no agreement at all.

    Linear and quadratic go by the distance of the values, or of the places where there are none;
    ordinal goes by the places: by value, or as the answers stand where they have no values.

    Source: Gwet 2014, Handbook of Inter-Rater Reliability, 4th ed., 3.5; Cohen 1968, Psychological
    Bulletin 70:213.

    >>> weights("linear", 3).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if kind == "identity" or answers < 2:
        return np.eye(answers)
    places = np.arange(answers, dtype=float)
    scale = places if values is None else np.asarray(values, dtype=float)
    if kind == "ordinal":
        scale = np.argsort(np.argsort(scale)).astype(float)
    apart = np.abs(scale[:, None] - scale[None, :])
    if kind == "quadratic":
        apart = apart**2
    if kind == "ordinal":
        apart = apart * (apart + 1) / 2  # pairs among the answers from one to the other
    alike: FloatArray = 1.0 - apart / apart.max()
    return alike
