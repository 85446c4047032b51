"""The life of every item: one row per visit to a stage, from intake to delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sample_data import plants as planted
from sample_data import world
from sample_data.plants import Plant
from sample_data.working_time import DAY, Hours, Seconds, WorkingClock, arrivals, seconds

Ints = NDArray[np.int64]
_ROUNDS = 3  # annotation and first review at most so often; the last round is never rejected
_WAIT_SHAPE = 1.2
_LEAD_MONDAY = planted.LEAD_IN - timedelta(days=planted.LEAD_IN.weekday())
_FIRST_BATCH = 4  # the batches before it were filled before the log begins
_WEEKS = 29  # the clock runs on past the end, so that open work has a future


@dataclass(frozen=True)
class Draws:
    """Every random number of the simulation, drawn before any plant looks at one.

    Attributes:
        arrived: when each item enters its first stage.
        dataset: index into `world.DATASETS`.
        team, second: uniform numbers that choose the team, and whether there is a second review.
        wait, touch: per visit slot and item, with mean and median 1.
        who, verdict, error, severity, sampled: uniform numbers per visit slot and item.
    """

    arrived: Seconds
    dataset: Ints
    team: Hours
    second: Hours
    wait: Hours
    touch: Hours
    who: Hours
    verdict: Hours
    error: Hours
    severity: Hours
    sampled: Hours


_SLOTS = 2 * _ROUNDS + 6


def draw(seed: int) -> Draws:
    """The random numbers of a seed, the same with and without plants."""
    rng = np.random.default_rng([seed, 22])
    arrived = arrivals(rng, _LEAD_MONDAY, _WEEKS - 2, a_week=world.ITEMS_A_WEEK)
    arrived = arrived[arrived >= seconds(planted.LEAD_IN)]
    n = arrived.size
    shares = [dataset.share for dataset in world.DATASETS]
    shape = (_SLOTS, n)
    return Draws(
        arrived=arrived,
        dataset=rng.choice(len(shares), size=n, p=shares),
        team=rng.random(n),
        second=rng.random(n),
        wait=rng.gamma(_WAIT_SHAPE, 1 / _WAIT_SHAPE, shape),
        touch=rng.lognormal(0.0, 0.45, shape),
        who=rng.random(shape),
        verdict=rng.random(shape),
        error=rng.random(shape),
        severity=rng.random(shape),
        sampled=rng.random(shape),
    )


def chosen(uniform: Hours, shares: Hours) -> Ints:
    """The index that each uniform number picks; shares are one row, or one row a number."""
    edges = np.cumsum(np.atleast_2d(shares), axis=1)
    return np.asarray(np.minimum((uniform[:, None] >= edges).sum(axis=1), edges.shape[1] - 1))


def batch_of(dataset: world.Dataset, when: Seconds) -> Ints:
    """The number of the batch that items of a dataset belong to, by when they arrived."""
    start = seconds(_LEAD_MONDAY) - 7 * DAY * dataset.phase
    return np.asarray((when - start) // (7 * DAY * dataset.weeks_a_batch) + _FIRST_BATCH)


def batch_ends(dataset: world.Dataset, number: int) -> date:
    """The day after the last arrival of a batch."""
    weeks = dataset.weeks_a_batch * (number - _FIRST_BATCH + 1) - dataset.phase
    return _LEAD_MONDAY + timedelta(weeks=weeks)


def batch_name(dataset: world.Dataset, number: int) -> str:
    """What a batch is called, like RAD-B07."""
    return f"{dataset.prefix}-B{number:02d}"


def promised_on(dataset: world.Dataset, number: int) -> date:
    """The day a batch is promised for."""
    return batch_ends(dataset, number) + timedelta(days=dataset.promised_after)


class Simulation:
    """All visits of all items, with a future past the clock that no extract shows."""

    def __init__(self, seed: int, plants: frozenset[Plant]) -> None:
        """Draw the numbers and name each item's dataset, team and batch."""
        self.draws = draw(seed)
        self.plants = plants
        self._clock = WorkingClock(_LEAD_MONDAY, _WEEKS + 6)
        self._parts: list[pd.DataFrame] = []
        self._slot = 0
        names = np.array([dataset.name for dataset in world.DATASETS])
        self.items = pd.DataFrame(
            {
                "dataset": names[self.draws.dataset],
                "team": self._teams(),
                "arrived": self.draws.arrived,
            }
        )
        self._number_items()

    def _teams(self) -> NDArray[np.object_]:
        found = np.empty(self.draws.arrived.size, dtype=object)
        for index, dataset in enumerate(world.DATASETS):
            mine = self.draws.dataset == index
            teams = np.array([team for team, _ in dataset.teams], dtype=object)
            shares = np.array([share for _, share in dataset.teams])
            found[mine] = teams[chosen(self.draws.team[mine], shares)]
        return found

    def _number_items(self) -> None:
        for name in ("item_id", "batch", "project"):
            self.items[name] = ""
        self.items["due"] = 0
        for dataset in world.DATASETS:
            mine = self.items["dataset"] == dataset.name
            numbers = batch_of(dataset, self.draws.arrived[mine])
            promises = {
                n: seconds(promised_on(dataset, n)) + 17 * 3600
                for n in sorted(set(numbers.tolist()))
            }
            self.items.loc[mine, "project"] = dataset.project
            self.items.loc[mine, "item_id"] = [
                f"{dataset.prefix}-{number:05d}" for number in range(1, int(mine.sum()) + 1)
            ]
            self.items.loc[mine, "batch"] = [batch_name(dataset, n) for n in numbers.tolist()]
            self.items.loc[mine, "due"] = [promises[n] for n in numbers.tolist()]

    def visits(self) -> pd.DataFrame:
        """One row per visit, in the order of entering; `round` counts from 1 within an item.

        Columns: item (row of `items`), stage, assignee, entered, started, finished (seconds),
        outcome, annotator (who made the work reviewed), error, severity, sampled (uniform).
        """
        everyone = np.arange(self.draws.arrived.size)
        when = self._visit(world.INTAKE, everyone, self.draws.arrived.copy())
        who = np.full(everyone.size, "", dtype=object)
        open_items = everyone
        for number in range(_ROUNDS):
            is_last = number == _ROUNDS - 1
            open_items = self._annotate_and_review(open_items, when, who, may_reject=not is_last)
        second = everyone[self.draws.second < world.SECOND_REVIEW_SHARE]
        rejected = self._review(world.SECOND_REVIEW, second, when, who, may_reject=True)
        when[rejected], back = self._adjudicate(rejected, when[rejected])
        self._annotate_and_review(back, when, who, may_reject=False)
        self._visit(world.DELIVERY, everyone, when)
        found = pd.concat(self._parts, ignore_index=True)
        return found.sort_values(["entered", "item"], kind="stable", ignore_index=True)

    def _annotate_and_review(
        self, items: Ints, when: Seconds, who: NDArray[np.object_], *, may_reject: bool
    ) -> Ints:
        when[items] = self._visit(world.ANNOTATION, items, when[items])
        who[items] = self._parts[-1]["assignee"]
        return self._review(world.FIRST_REVIEW, items, when, who, may_reject=may_reject)

    def _review(
        self,
        stage: world.Stage,
        items: Ints,
        when: Seconds,
        who: NDArray[np.object_],
        *,
        may_reject: bool,
    ) -> Ints:
        """The items rejected; `when` moves on."""
        slot = self._slot
        when[items] = self._visit(stage, items, when[items])
        share = self._rejected_share(stage, items, when[items]) if may_reject else np.zeros(1)
        verdict = self.draws.verdict[slot][items]
        is_rejected = verdict < share
        is_fixed = verdict >= 1 - self._fixed_share(items)
        self._parts[-1]["outcome"] = np.select(
            [is_rejected, is_fixed], ["rejected", "fixed"], "accepted"
        )
        self._parts[-1]["annotator"] = who[items]
        return np.asarray(items[is_rejected])

    def _rejected_share(self, stage: world.Stage, items: Ints, when: Seconds) -> Hours:
        share = np.array([dataset.rejected for dataset in world.DATASETS])[
            self.draws.dataset[items]
        ]
        if stage is world.SECOND_REVIEW:
            share = share * 0.9
        if Plant.REJECTIONS in self.plants:
            names = self.items["dataset"].to_numpy()[items]
            is_hit = (names == planted.REJECTIONS_DATASET) & (
                when >= seconds(planted.REJECTIONS_SINCE)
            )
            share = np.where(is_hit, share * planted.REJECTIONS_FACTOR, share)
        return share

    def _fixed_share(self, items: Ints) -> Hours:
        share = np.full(items.size, world.FIXED_SHARE)
        if Plant.BAD_LOT in self.plants:
            share[self.items["batch"].to_numpy()[items] == planted.BAD_BATCH] = (
                planted.BAD_LOT_FIXED
            )
        return share

    def _adjudicate(self, items: Ints, when: Seconds) -> tuple[Seconds, Ints]:
        slot = self._slot
        when = self._visit(world.ADJUDICATION, items, when)
        is_back = self.draws.verdict[slot][items] < world.RETURNED_SHARE
        self._parts[-1]["outcome"] = np.where(is_back, "returned", "settled")
        return when, items[is_back]

    def _visit(self, stage: world.Stage, items: Ints, entered: Seconds) -> Seconds:
        """The moments the items leave the stage; the visits are kept in `_parts`."""
        slot, self._slot = self._slot, self._slot + 1
        assignee, factor = self._people(stage, self.draws.who[slot][items], items, entered)
        wait = self.draws.wait[slot][items] * stage.wait * factor
        started = self._clock.after(entered, wait)
        touch = self.draws.touch[slot][items] * self._touch(stage, items)
        finished = np.maximum(started + 60, self._clock.after(started, touch))
        self._parts.append(
            pd.DataFrame(
                {
                    "item": items,
                    "stage": stage.name,
                    "assignee": assignee,
                    "entered": entered,
                    "started": started,
                    "finished": finished,
                    "outcome": "done",
                    "annotator": "",
                    "error": self.draws.error[slot][items],
                    "severity": self.draws.severity[slot][items],
                    "sampled": self.draws.sampled[slot][items],
                }
            )
        )
        return np.asarray(finished)

    def _touch(self, stage: world.Stage, items: Ints) -> Hours:
        if stage is not world.ANNOTATION:
            return np.full(items.size, stage.touch)
        return np.array([d.touch for d in world.DATASETS])[self.draws.dataset[items]]

    def _people(
        self, stage: world.Stage, uniform: Hours, items: Ints, entered: Seconds
    ) -> tuple[NDArray[np.object_], Hours]:
        """Who does each visit, and by which factor its wait is longer than usual."""
        if stage is world.SECOND_REVIEW:
            return self._second_reviewers(uniform, entered)
        if stage is not world.ANNOTATION:
            people = np.array(stage.people, dtype=object)
            even = np.full(people.size, 1 / people.size)
            return people[chosen(uniform, even)], np.ones(items.size)
        found = np.empty(items.size, dtype=object)
        teams = self.items["team"].to_numpy()[items]
        for team, names in world.ANNOTATORS.items():
            mine = teams == team
            people = np.array(names, dtype=object)
            found[mine] = people[chosen(uniform[mine], np.full(len(names), 1 / len(names)))]
        return found, np.ones(items.size)

    def _second_reviewers(
        self, uniform: Hours, entered: Seconds
    ) -> tuple[NDArray[np.object_], Hours]:
        people = np.array(world.SECOND_REVIEWERS, dtype=object)
        even = np.full(people.size, 1 / people.size)
        index = chosen(uniform, even)
        factor = np.ones(uniform.size)
        if Plant.OVERLOAD in self.plants:
            is_on = entered >= seconds(planted.OVERLOAD_SINCE)
            mine = planted.OVERLOAD_SHARE
            others = (1 - mine) / (people.size - 1)
            uneven = np.where(people == planted.OVERLOADED, mine, others)
            index = np.where(is_on, chosen(uniform, uneven), index)
            # the peers have less to do: the stage as a whole waits as long as before
            spared = (1 - mine * planted.OVERLOAD_WAIT) / (1 - mine)
            is_hers = people[index] == planted.OVERLOADED
            factor = np.where(is_on, np.where(is_hers, planted.OVERLOAD_WAIT, spared), 1.0)
        if Plant.QUEUE in self.plants:
            weeks = (entered - seconds(planted.QUEUE_SINCE)) / (7 * DAY)
            factor = factor * (1 + planted.QUEUE_GROWTH_A_WEEK * np.maximum(0.0, weeks))
        return people[index], factor
