"""What the overlap sample asks: its datasets, their fields, the answers and how common each is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sample_data.working_time import Hours

_PAIRED_SHARE = 0.3  # of the items of a taxonomy: two labels


@dataclass(frozen=True)
class Field:
    """One question.

    Attributes:
        name: what it is called.
        type: choice, taxonomy (one label or two) or rating.
        labels: label → share of the items that have it; of a rating in order.
    """

    name: str
    type: str
    labels: tuple[tuple[str, float], ...]

    @cached_property
    def answers(self) -> tuple[tuple[str, ...], ...]:
        """Every answer that may be given: its labels."""
        names = [name for name, _ in self.labels]
        single = [(name,) for name in names]
        if self.type != "taxonomy":
            return tuple(single)
        pairs = [(one, two) for place, one in enumerate(names) for two in names[place + 1 :]]
        return (*single, *pairs)

    @cached_property
    def shares(self) -> Hours:
        """How common each answer is."""
        share = dict(self.labels)
        weights = np.array([np.prod([share[name] for name in one]) for one in self.answers])
        is_pair = np.array([len(one) == 2 for one in self.answers])
        if is_pair.any():
            weights[is_pair] *= _PAIRED_SHARE / weights[is_pair].sum()
            weights[~is_pair] *= (1 - _PAIRED_SHARE) / weights[~is_pair].sum()
        return np.asarray(weights / weights.sum())

    @cached_property
    def near(self) -> Hours:
        """Answers × answers: how likely the second is given for the first by mistake."""
        apart = np.array([[self._apart(one, two) for two in self.answers] for one in self.answers])
        weights = np.where(apart == 1, 1.0, np.where(apart == 2, 0.5, 0.0)) * self.shares
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _apart(self, one: tuple[str, ...], two: tuple[str, ...]) -> int:
        """Steps from one answer to another; 0 for itself, 9 for what is never mistaken."""
        if self.type == "rating":
            steps = abs(self.answers.index(one) - self.answers.index(two))
            return steps if steps <= 1 else 9
        if self.type == "choice":
            return int(one != two)
        steps = len(set(one) ^ set(two))
        return steps if steps <= 2 else 9

    def codes(self, *labels: str) -> NDArray[np.bool_]:
        """Which answers are exactly these labels."""
        return np.array([one == labels for one in self.answers])


@dataclass(frozen=True)
class Overlap:
    """The overlap sample of a dataset: items that three people annotate.

    Attributes:
        dataset: its name.
        items_a_week: how many are chosen of those first annotated in a week.
        seconds: the median lead time.
        number: of the project in the annotation tool.
        fields: the questions.
    """

    dataset: str
    items_a_week: int
    seconds: float
    number: int
    fields: tuple[Field, ...]


_RATING = (("1", 0.06), ("2", 0.14), ("3", 0.30), ("4", 0.32), ("5", 0.18))
OVERLAPS = (
    Overlap(
        "Chest X-ray findings", 24, 190.0, 3101,
        (
            Field("Finding", "choice", (
                ("No finding", 0.44), ("Opacity", 0.22), ("Effusion", 0.15), ("Nodule", 0.11),
                ("Pneumothorax", 0.08),
            )),
            Field("Location", "taxonomy", (
                ("Left lung/Upper zone", 0.22), ("Left lung/Lower zone", 0.26),
                ("Right lung/Upper zone", 0.24), ("Right lung/Lower zone", 0.28),
            )),
            Field("Image quality", "rating", _RATING),
        ),
    ),
    Overlap(
        "Discharge notes", 24, 260.0, 3102,
        (
            Field("Follow-up", "choice", (
                ("No follow-up", 0.36), ("Clinic visit", 0.26), ("Phone call", 0.16),
                ("New medication", 0.13), ("Home care", 0.09),
            )),
            Field("Topics", "taxonomy", (
                ("Medication/Changed", 0.32), ("Diagnosis/New", 0.28), ("Tests/Pending", 0.22),
                ("Social/Home support", 0.18),
            )),
        ),
    ),
    Overlap(
        "Tumor margins", 12, 330.0, 3103,
        (
            Field("Margin", "choice", (
                ("Clear", 0.50), ("Close", 0.23), ("Positive", 0.17), ("Not assessable", 0.10),
            )),
        ),
    ),
)  # fmt: skip
