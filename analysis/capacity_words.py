"""Capacity in words: which stage asks for more hours than it has, and who is assigned too many."""

from __future__ import annotations

from dataclasses import replace

from analysis import words
from analysis.capacity import ALL_TEAMS, Capacity, PersonLoad, StageLoad, moved
from metrics.units import EN_DASH, HOURS, PERCENT

WHOLE_HOURS = replace(HOURS, decimals=0)
WHOLE_PERCENT = replace(PERCENT, decimals=0)


def name(load: StageLoad) -> str:
    """The stage, with its team where it is not all of them."""
    return load.stage if load.team == ALL_TEAMS else f"{load.stage} ({load.team})"


def state(load: StageLoad) -> str:
    """One word or two, with a shape."""
    if load.arrivals is None:
        return "○ Too few weeks"
    if load.demand is None:
        return "○ Hours not recorded"
    if load.supply <= 0:
        return "○ Nobody assigned"
    if load.is_over:
        return "■ Over capacity"
    return "▲ Too close to call" if load.is_close else "● Enough"


def use_text(load: StageLoad) -> str:
    """Demand over supply with its interval: "143% (95% interval 135–151%)"."""
    use = load.use
    if use is None:
        return ""
    text = WHOLE_PERCENT.show(use.value)
    if use.low is None or use.high is None:
        return text
    return f"{text} (95% interval {WHOLE_PERCENT.show_range(use.low, use.high)})"


def stages_sentence(found: Capacity) -> tuple[str, str]:
    """What next week asks for that is not there: the part in bold, and the rest."""
    judged = [load for load in found.stages if load.use is not None]
    over = [load for load in judged if load.is_over]
    if not judged:
        return "Nothing can be compared.", (
            " Demand needs two whole weeks of arrivals and touch hours in the work log, supply an "
            "assignment plan whose stages are spelled as in the work log."
        )
    if not over:
        return "No stage asks for more hours than it is assigned", f" in {found.week.label}."
    first = over[0]
    needs = WHOLE_HOURS.show(first.demand.value if first.demand else None)
    rest = (
        f" in {found.week.short} at the current arrival rate, and {WHOLE_HOURS.show(first.supply)} "
        f"are assigned: {use_text(first)}."
    )
    if len(over) > 1:
        rest += f" Also over: {words.listed(name(load) for load in over[1:])}."
    return f"{name(first)} needs {needs}", rest


def people_sentence(found: Capacity) -> str:
    """How many people are assigned more than they have."""
    known = [one for one in found.people if one.capacity is not None]
    over = [one for one in known if one.over > 0]
    unknown = len(found.people) - len(known)
    is_one = len(over) == 1
    text = f"{len(over):,} {'person is' if is_one else 'people are'} over-allocated in "
    text += f"{found.week.short}, of {len(known):,} with a known capacity."
    if unknown:
        text += f" Of {unknown:,} more the plan gives no capacity, so nothing is said."
    return text


def where(one: PersonLoad) -> str:
    """Their assignments with hours: "Second review 38 h; Guideline group 8 h"."""
    return "; ".join(f"{place} {WHOLE_HOURS.show(hours)}" for place, hours in one.where)


def moved_sentence(one: StageLoad, other: StageLoad) -> str:
    """What one person going from the first stage to the second would change."""
    after = moved(one, other)
    if after is None:
        return f"Nobody is assigned to {name(one)}."
    hours = WHOLE_HOURS.show(after[1].supply - other.supply)
    told = []
    for before, now in ((other, after[1]), (one, after[0])):
        then = WHOLE_PERCENT.show(before.use.value) if before.use else "unknown"
        new = WHOLE_PERCENT.show(now.use.value) if now.use else "nobody left"
        told.append(f"{name(before)} would go from {then} to {new}")
    return f"One person moved ({hours}): {words.listed(told)} of its hours, all else equal."


def basis(found: Capacity) -> str:
    """What demand is worked out from."""
    gap = found.weeks.gap
    if not found.weeks.whole:
        return f"No whole week of arrivals is known{f': {gap}' if gap else ''}."
    dates = found.weeks.window.dates.replace(EN_DASH, f" {EN_DASH} ")
    told = f"Arrivals of {dates}, {_whole_weeks(found)}, with the interval of their mean."
    return f"{told} Other weeks do not count: {gap}." if gap else told


def weeks_used(found: Capacity) -> str:
    """Which weeks of arrivals count, in a few words."""
    last = "" if found.weeks.gap else "last "
    return f"the {last}{_whole_weeks(found)} of the work log"


def _whole_weeks(found: Capacity) -> str:
    count = len(found.weeks.whole)
    return f"{words.number_word(count)} whole {'week' if count == 1 else 'weeks'}"
