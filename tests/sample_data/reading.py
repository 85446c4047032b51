"""The written sample read by pandas alone: nothing of the app or of the generator's inside."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

WEEKS = pd.period_range("2026-05-18", "2026-11-15", freq="W-SUN")
_LOG_TIMES = ["Entered", "Started", "Finished"]


def _all(folder: Path, extract: str, key: list[str]) -> pd.DataFrame:
    """The newest version of every row over all files, rows that no contract accepts left out."""
    parts = [pd.read_csv(path, dtype=str) for path in sorted(folder.glob(f"{extract}_*.csv"))]
    return pd.concat(parts).drop_duplicates(key, keep="last")


@lru_cache(maxsize=4)
def visits(folder: Path) -> pd.DataFrame:
    found = _all(folder, "work_log", ["Task", "Stage", "Entered"]).dropna(subset=["Task", "Stage"])
    for name in _LOG_TIMES:
        found[name] = pd.to_datetime(found[name], errors="coerce").dt.tz_localize(None)
    found = found.dropna(subset=["Entered"]).reset_index(drop=True)
    found["queue"] = (found["Started"] - found["Entered"]).dt.total_seconds() / 3600
    found["touch"] = (found["Finished"] - found["Started"]).dt.total_seconds() / 3600
    done = found[found["Stage"] == "Delivery"].set_index("Task")["Finished"]
    found["Completed"] = found["Task"].map(done)
    return found


def items(log: pd.DataFrame) -> pd.DataFrame:
    first = log.sort_values("Entered").groupby("Task").first()
    found = first[["Project", "Dataset", "Team", "Batch", "Entered", "Completed"]].copy()
    found["turnaround"] = (found["Completed"] - found["Entered"]).dt.total_seconds() / 3600
    found["visits"] = log.groupby("Task").size()
    return found.reset_index()


@lru_cache(maxsize=4)
def reviews(folder: Path) -> pd.DataFrame:
    found = _all(folder, "reviews", ["Review"])
    found = found[found["Outcome"] != "pending"].copy()
    found["Reviewed at"] = pd.to_datetime(found["Reviewed at"])
    return found


def deliveries(folder: Path) -> pd.DataFrame:
    found = _all(folder, "deliveries", ["Batch"])
    found["Promised on"] = pd.to_datetime(found["Promised on"])
    found["Delivered at"] = pd.to_datetime(found["Delivered at"])
    return found


def issues(folder: Path, *, week: int) -> pd.DataFrame:
    found = pd.read_csv(folder / f"issues_2026-W{week:02d}.csv", dtype=str)
    for name in ("Created", "Updated", "Resolved", "Due date"):
        found[name] = pd.to_datetime(found[name], format="%d/%b/%y %I:%M %p")
    return found.set_index("Issue key")


def by_week(values: pd.Series, when: pd.Series, how: str) -> pd.Series:
    """One aggregate a week, W21 to W46; weeks without rows are 0 for counts, else missing."""
    found = values.groupby(when.dt.to_period("W-SUN")).agg(how).reindex(WEEKS)
    return found.fillna(0) if how in ("size", "sum") else found


def level(entered: pd.Series, left: pd.Series) -> pd.Series:
    """How many are in at the end of each week."""
    ends = [week.end_time for week in WEEKS]
    return pd.Series(
        [int(((entered <= end) & ~(left <= end)).sum()) for end in ends], index=WEEKS
    )  # fmt: skip


def xmr_flags_last(series: pd.Series) -> bool:
    """Whether the last week is out of line: outside limits, 7 on a side, 6 moves one way.

    Natural process limits of Wheeler, Understanding Variation (2nd ed., 2000), from the weeks
    before the last one; moving ranges above 3.27 times their mean are left out once.
    """
    values = series.dropna().to_numpy(dtype=float)
    if values.size < 13:
        return False
    before, now = values[:-1], values[-1]
    ranges = np.abs(np.diff(before))
    ranges = ranges[ranges <= 3.267 * ranges.mean()]
    mean, width = before.mean(), 2.66 * ranges.mean()
    last = values[-7:]
    is_run = bool((last > mean).all() or (last < mean).all())
    steps = np.diff(last)
    return bool(abs(now - mean) > width or is_run or (steps > 0).all() or (steps < 0).all())


@lru_cache(maxsize=4)
def annotations(folder: Path) -> pd.DataFrame:
    """One row per annotation, field and label, as text; "" for nothing."""
    (path,) = folder.glob("annotations_*.csv")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def answers(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per item, field and person: the answer as a text of sorted labels, gold beside it."""
    labelled = rows[(rows["label"] != "") & (rows["is_skipped"] == "no")]
    key = ["dataset", "batch", "item_id", "field", "annotator", "created_at", "is_gold"]
    found = labelled.groupby(key)["label"].agg(lambda labels: " + ".join(sorted(labels)))
    found = found.rename("answer").reset_index()
    gold = found[found["is_gold"] == "yes"].set_index(["item_id", "field"])["answer"].rename("gold")
    return found[found["is_gold"] == "no"].join(gold, on=["item_id", "field"])


def pairs(answered: pd.DataFrame) -> pd.DataFrame:
    """One row per item, field and two people (A to Z): one, two, answer_one, answer_two, agree."""
    key = ["dataset", "batch", "item_id", "field"]
    found = answered.merge(answered, on=key, suffixes=("_one", "_two"))
    found = found[found["annotator_one"] < found["annotator_two"]].copy()
    found["agree"] = found["answer_one"] == found["answer_two"]
    found["at"] = pd.to_datetime(found[["created_at_one", "created_at_two"]].max(axis=1))
    found["pair"] = found["annotator_one"] + " and " + found["annotator_two"]
    return found
