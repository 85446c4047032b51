"""The overlap sample: items that three people annotate, with what each of them answered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data import plants as planted
from sample_data import world
from sample_data.plants import Plant
from sample_data.questions import OVERLAPS, Field, Overlap
from sample_data.working_time import DAY, Hours, Seconds, WorkingClock, seconds

Ints = NDArray[np.int64]
PEOPLE = 3  # per item
_GOLD_SHARE = 0.15  # of the items: the right answer is known
_SKIPPED_SHARE, _EMPTY_SHARE = 0.015, 0.007  # of the annotations
_IDLE_SHARE, _IDLE_SECONDS = 0.038, 9_000.0  # left open: so many seconds more at the median
_UPDATED_SHARE, _REVIEWED_SHARE = 0.08, 0.10
_DELAY_HOURS = 7.0  # working hours until the next of the three is done, at the mean
_SKILL = (0.05, 0.07)  # share of errors of a person, over all items
_HARDNESS = 4.0  # shape: the errors of an item vary by half of their mean
_MOST_ERRORS = 0.6
_WEEKS = 40


@dataclass(frozen=True)
class Annotations:
    """The overlap sample, past the clock too.

    Attributes:
        made: one row per annotation in the order they were made: annotation_id, item_id, project,
            dataset, batch, team, annotator ("" for a gold answer), project_number (in the
            tool), created, updated (seconds), lead_time_seconds, is_skipped, is_gold, last_action,
            reviewer, outcome ("" where nobody reviewed it), reviewed (seconds), agreement (of the
            item, 0-1; NaN with fewer than two answers).
        answers: one row per annotation, field and label: annotation (row of `made`), field,
            field_type, label, number (NaN unless a rating).
    """

    made: pd.DataFrame
    answers: pd.DataFrame


def annotations_of(
    items: pd.DataFrame, visits: pd.DataFrame, seed: int, plants: frozenset[Plant]
) -> Annotations:
    """Annotate the overlap sample of every dataset in `OVERLAPS`.

    Args:
        items, visits: of the simulation; the first of three annotations is the item's first visit.
        seed: of the sample.
        plants: what to plant.
    """
    first = visits[visits["stage"] == world.ANNOTATION.name].drop_duplicates("item")
    found = [
        _Project(overlap, items, first, np.random.default_rng([seed, 40 + number]), plants).all()
        for number, overlap in enumerate(OVERLAPS)
    ]
    sizes = np.cumsum([0, *(len(one.made) for one in found)])
    made = pd.concat([one.made for one in found], ignore_index=True)
    answers = pd.concat(
        [
            one.answers.assign(annotation=one.answers["annotation"] + offset)
            for one, offset in zip(found, sizes, strict=False)
        ]
    )
    order = np.argsort(made["created"].to_numpy(), kind="stable")
    place = np.argsort(order)
    answers["annotation"] = place[answers["annotation"]]
    answers = answers.sort_values("annotation", kind="stable", ignore_index=True)
    return Annotations(made.iloc[order].reset_index(drop=True), answers)


class _Project:
    """The overlap sample of one dataset: arrays of items × three people."""

    def __init__(
        self,
        overlap: Overlap,
        items: pd.DataFrame,
        first: pd.DataFrame,
        rng: np.random.Generator,
        plants: frozenset[Plant],
    ) -> None:
        """Choose the items and the people, and draw what does not depend on the answers."""
        self.overlap, self.plants, self.rng = overlap, plants, rng
        mine = first[items["dataset"].to_numpy()[first["item"]] == overlap.dataset]
        week = (mine["finished"].to_numpy() - seconds(planted.FIRST_DAY)) // (7 * DAY)
        place = pd.Series(rng.random(len(mine))).groupby(week).rank().to_numpy()
        chosen = mine[place <= overlap.items_a_week]
        self.items = items.iloc[chosen["item"]].reset_index(drop=True)
        self.shape = (len(chosen), PEOPLE)
        self._choose_people(chosen["assignee"].to_numpy())
        self.created = self._times(chosen["finished"].to_numpy())
        self.is_skipped = rng.random(self.shape) < _SKIPPED_SHARE
        self.is_empty = ~self.is_skipped & (rng.random(self.shape) < _EMPTY_SHARE)
        self.is_gold = rng.random(len(chosen)) < _GOLD_SHARE
        self.hardness = rng.gamma(_HARDNESS, 1 / _HARDNESS, len(chosen))

    def _choose_people(self, first: NDArray[np.object_]) -> None:
        dataset = next(one for one in world.DATASETS if one.name == self.overlap.dataset)
        self.team_of = {name: team for team, _ in dataset.teams for name in world.ANNOTATORS[team]}
        self.people = np.array(list(self.team_of), dtype=object)
        order = self.rng.random((first.size, self.people.size))
        order[self.people == first[:, None]] = -1.0  # whose visit it was comes first
        self.who = np.argsort(order, axis=1)[:, :PEOPLE]

    def _times(self, first: Seconds) -> Seconds:
        """When each of the three is handed in: the first at the visit's end, then the others."""
        clock = WorkingClock(planted.LEAD_IN - (planted.FIRST_DAY - planted.LEAD_IN), _WEEKS)
        waits = np.cumsum(self.rng.exponential(_DELAY_HOURS, self.shape), axis=1)
        waits -= waits[:, :1]
        return np.stack([clock.after(first, waits[:, slot]) for slot in range(PEOPLE)], axis=1)

    def all(self) -> Annotations:
        """Everything about the project, gold answers last."""
        given = [self._answer(field) for field in self.overlap.fields]
        made = self._made(_agreement([codes for _, codes in given], self._is_answered))
        answers = [
            self._rows(field, truth, codes)
            for field, (truth, codes) in zip(self.overlap.fields, given, strict=True)
        ]
        return Annotations(made, pd.concat(answers, ignore_index=True))

    @property
    def _is_answered(self) -> NDArray[np.bool_]:
        return ~(self.is_skipped | self.is_empty)

    def _answer(self, field: Field) -> tuple[Ints, Ints]:
        """The right answer of every item, and what each of the three answered."""
        rng, n = self.rng, len(self.items)
        truth = rng.choice(field.shares.size, size=n, p=field.shares)
        skill = rng.uniform(*_SKILL, self.people.size)
        leaning = rng.gamma(4.0, 0.25, (self.people.size, 1, field.shares.size))
        confusion = field.near[None] * leaning
        confusion = confusion / confusion.sum(axis=2, keepdims=True)
        is_wrong, which = rng.random(self.shape), rng.random(self.shape)
        errors = skill[self.who] * self.hardness[:, None]
        errors = np.minimum(self._planted_errors(field, truth, errors), _MOST_ERRORS)
        edges = np.cumsum(confusion[self.who, truth[:, None]], axis=2)
        other = np.minimum((which[..., None] >= edges).sum(axis=2), field.shares.size - 1)
        if self._is_planted(Plant.AMBIGUOUS) and field.name == planted.AMBIGUOUS_FIELD:
            is_it = field.codes(planted.AMBIGUOUS_LABEL)[truth]
            other[is_it] = np.flatnonzero(field.codes(planted.AMBIGUOUS_BESIDE))[0]
        return truth, np.where(is_wrong < errors, other, truth[:, None])

    def _is_planted(self, plant: Plant) -> bool:
        where = {
            Plant.CARELESS: planted.CARELESS_DATASET, Plant.AMBIGUOUS: planted.AMBIGUOUS_DATASET,
            Plant.BAD_LOT: planted.BAD_LOT_DATASET, Plant.GUIDELINE: planted.GUIDELINE_DATASET,
        }  # fmt: skip
        return plant in self.plants and self.overlap.dataset == where[plant]

    def _planted_errors(self, field: Field, truth: Ints, errors: Hours) -> Hours:
        """The chance of an error of each item and person, with what is planted."""
        errors = errors.copy()
        if self._is_planted(Plant.CARELESS):
            is_hers = self.people[self.who] == planted.CARELESS
            errors[is_hers & self._is_careless_time] = planted.CARELESS_ERRORS
        if self._is_planted(Plant.BAD_LOT):
            is_bad = (self.items["batch"] == planted.BAD_BATCH).to_numpy()
            errors[is_bad] = planted.BAD_LOT_ERRORS
        if self._is_planted(Plant.AMBIGUOUS) and field.name == planted.AMBIGUOUS_FIELD:
            errors[field.codes(planted.AMBIGUOUS_LABEL)[truth]] = planted.AMBIGUOUS_ERRORS
        if self._is_planted(Plant.GUIDELINE) and field.name == planted.GUIDELINE_FIELD:
            errors[self.created >= seconds(planted.GUIDELINE_SINCE)] += planted.GUIDELINE_ERRORS
        return errors

    @property
    def _is_careless_time(self) -> NDArray[np.bool_]:
        return np.asarray(self.created >= seconds(planted.CARELESS_SINCE))

    def _rows(self, field: Field, truth: Ints, codes: Ints) -> pd.DataFrame:
        """The answers to one field, a row per label."""
        is_answered = self._is_answered.ravel()
        gold = codes.size + np.arange(int(self.is_gold.sum()))
        rows = pd.DataFrame(
            {
                "annotation": np.concatenate([np.flatnonzero(is_answered), gold]),
                "field": field.name,
                "field_type": field.type,
                "label": np.concatenate([codes.ravel()[is_answered], truth[self.is_gold]]),
            }
        )
        labels = pd.Series(field.answers)
        rows["label"] = labels.iloc[rows["label"]].to_numpy()
        rows = rows.explode("label", ignore_index=True)
        rows["number"] = (
            rows["label"].astype(float) if field.type == "rating" else np.nan
        )  # fmt: skip
        return rows

    def _made(self, agreement: Hours) -> pd.DataFrame:
        """One row per annotation: items × people in order, then the gold answers."""
        n = len(self.items)
        names = self.people[self.who]
        item = np.repeat(np.arange(n), PEOPLE)
        ids = self.items["item_id"].to_numpy()
        slots = np.tile(["-A1", "-B1", "-C1"], n)
        made = pd.DataFrame(
            {
                "annotation_id": ids[item] + slots,
                "annotator": names.ravel(),
                "team": [self.team_of[name] for name in names.ravel()],
                "created": self.created.ravel(),
                "is_skipped": self.is_skipped.ravel(),
                "is_gold": False,
                **self._circumstances(),
            }
        )
        gold = pd.DataFrame(
            {
                "annotation_id": ids[self.is_gold] + "-G",
                "annotator": "", "team": "", "created": self.created[self.is_gold, -1],
                "is_skipped": False, "is_gold": True, "last_action": "imported",
                "updated": self.created[self.is_gold, -1], "lead_time_seconds": np.nan,
                "reviewer": "", "outcome": "", "reviewed": 0,
            }
        )  # fmt: skip
        found = pd.concat([made, gold], ignore_index=True)
        item = np.concatenate([item, np.flatnonzero(self.is_gold)])
        of_item = self.items[["item_id", "project", "dataset", "batch"]].iloc[item]
        return found.assign(
            **{name: of_item[name].to_numpy() for name in of_item},
            agreement=agreement[item],
            project_number=self.overlap.number,
        )

    def _circumstances(self) -> dict[str, NDArray[np.generic]]:
        """Lead time, changes and reviews of every annotation."""
        rng, size = self.rng, self.is_skipped.size
        lead = rng.lognormal(np.log(self.overlap.seconds), 0.7, size)
        idle = rng.lognormal(np.log(_IDLE_SECONDS), 1.0, size) + 3600
        lead += np.where(rng.random(size) < _IDLE_SHARE, idle, 0.0)
        later = rng.exponential(0.4 * DAY, size).astype(np.int64) + 600
        is_updated = rng.random(size) < _UPDATED_SHARE
        is_reviewed = (rng.random(size) < _REVIEWED_SHARE) & ~self.is_skipped.ravel()
        verdict = rng.choice(["accepted", "fixed", "rejected"], size=size, p=[0.86, 0.06, 0.08])
        reviewers = np.array(world.FIRST_REVIEWERS)
        reviewer = reviewers[rng.integers(0, reviewers.size, size)]
        created = self.created.ravel()
        said = np.where(verdict == "fixed", "fixed_and_accepted", verdict)
        action = np.select(
            [self.is_skipped.ravel(), is_reviewed, is_updated],
            ["skipped", said, "updated"],
            "submitted",
        )
        return {
            "last_action": action,
            "updated": created + np.where(is_updated | is_reviewed, later, 0),
            "lead_time_seconds": np.round(lead, 3),
            "reviewer": np.where(is_reviewed, reviewer, ""),
            "outcome": np.where(is_reviewed, verdict, ""),
            "reviewed": np.where(is_reviewed, created + later, 0),
        }


def _agreement(answers: list[Ints], is_answered: NDArray[np.bool_]) -> Hours:
    """Of each item the share of equal pairs over people and fields; NaN without a pair."""
    agreed, pairs = np.zeros(len(is_answered)), np.zeros(len(is_answered))
    for codes in answers:
        for one in range(PEOPLE):
            for two in range(one + 1, PEOPLE):
                is_pair = is_answered[:, one] & is_answered[:, two]
                agreed += is_pair & (codes[:, one] == codes[:, two])
                pairs += is_pair
    return np.where(pairs > 0, agreed / np.maximum(pairs, 1), np.nan)
