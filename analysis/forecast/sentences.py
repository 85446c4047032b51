"""What forecasts say, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from analysis import words
from analysis.forecast.desk import Outlook
from analysis.forecast.levers import most
from analysis.forecast.model import Batch, Forecast, Lever
from analysis.forecast.walk_back import FEWEST_BATCHES, Calibration, Held
from analysis.model import Status
from metrics.periods import show_date
from metrics.units import PERCENT, POINTS, round_half_up

LIKELY, EVEN = 0.85, 0.5


def status(forecast: Forecast) -> Status:
    """How safe the promise is: met from 85 of 100 runs on, at risk from 50 on."""
    if forecast.is_done:
        late = forecast.batch.promised_on < forecast.as_of
        return Status.MISSED if late else Status.MET
    if forecast.chance is None:
        return Status.TOO_FEW
    if forecast.chance >= LIKELY:
        return Status.MET
    return Status.AT_RISK if forecast.chance >= EVEN else Status.MISSED


def in_hundred(chance: float) -> str:
    """A chance as runs of 100: "54 of 100 runs"; never all or none of them by rounding alone."""
    rounded = int(round_half_up(chance * 100, 0))
    if rounded == 100 and chance < 1:
        return "more than 99 of 100 runs"
    if rounded == 0 and chance > 0:
        return "fewer than 1 of 100 runs"
    return f"{rounded} of 100 runs"


def answer(forecast: Forecast) -> tuple[str, str]:
    """The forecast of a batch as lead and rest of a banner."""
    batch = forecast.batch
    promise = show_date(batch.promised_on, year=forecast.as_of.year)
    if forecast.is_done:
        items = words.some(batch.promised, "items")
        was = "was" if batch.promised_on < forecast.as_of else "is"
        return (
            f"{batch.batch}: all {items} are accepted",
            f"; only its delivery is missing, which {was} promised for {promise}.",
        )
    if forecast.chance is None:
        return f"{batch.batch}: no date can be given", f". {forecast.why}"
    half, most_runs = _by(forecast, forecast.p50), _by(forecast, forecast.p85)
    return (
        f"{batch.batch}: 50% {half}, 85% {most_runs}",
        f"; the promise of {promise} holds in {in_hundred(forecast.chance)}.",
    )


def _by(forecast: Forecast, day: date | None) -> str:
    return f"by {show_date(day, year=forecast.as_of.year)}" if day else "not within two years"


def evidence(forecast: Forecast, outlook: Outlook) -> str:
    """What the forecast rests on, in one grey line."""
    batch, pace = forecast.batch, outlook.pace
    parts = [f"{batch.accepted:,} of {batch.promised:,} items accepted"]
    if not batch.is_counted:
        parts = [f"{batch.accepted:,} accepted of the {batch.promised:,} items known of it"]
    if forecast.before:
        parts.append(f"{words.some(forecast.before, 'items')} of other batches first")
    if pace is not None:
        history = pace.history
        parts.append(
            f"{history.totals.mean():,.0f} accepted a week over "
            f"{words.some(history.weeks, 'weeks')}"
        )
        if history.returned_share is not None:
            parts.append(f"{PERCENT.show(history.returned_share)} of passes came back")
    if forecast.runs:
        parts.append(f"{forecast.runs:,} runs")
    return " · ".join(parts)


def assumption(outlook: Outlook, as_of: date) -> str:
    """What must hold for the dates to hold."""
    if outlook.pace is None:
        return ""
    history = outlook.pace.history
    text = (
        f"Holds while the next weeks resemble the {history.weeks} weeks since "
        f"{show_date(history.since, year=as_of.year)}, and the work goes to the batch promised "
        "first."
    )
    if not outlook.late:
        text += " How long last items take beyond that is not known yet: too few past batches."
    return " ".join(part for part in (text, outlook.pace.note, _ended(outlook)) if part)


def _ended(outlook: Outlook) -> str:
    """That the source ended before the day asked for; "" when it did not."""
    if outlook.ends_on is None:
        return ""
    return (
        f"The data of this work end on {show_date(outlook.ends_on)}: weeks after that are not "
        "drawn from, and work done since then is not counted."
    )


def lever(found: Sequence[Lever], forecast: Forecast) -> str:
    """The lever with most effect, or that none clearly has one."""
    told = [one for one in found if not one.why_not]
    best = most(tuple(found))
    if not told:
        return ""
    if best is None:
        return (
            "No lever moves it clearly: neither the 85% date nor the chance changes by more than "
            "the luck of the runs."
        )
    alike = [one.name for one in told if _is_alike(one, best)]
    names = words.sentence_case(words.listed(alike))
    would = "would each move" if len(alike) > 1 else "would move"
    return f"{names} {would} it most: {_effect(best, forecast)}, all else equal."


def _is_alike(one: Lever, best: Lever) -> bool:
    """Whether the runs cannot tell two levers apart."""
    luck = 2 * (one.chance_error**2 + best.chance_error**2) ** 0.5
    return one is best or (one.days == best.days and abs(one.chance - best.chance) <= luck)


def _effect(one: Lever, forecast: Forecast) -> str:
    parts = []
    if one.days and one.p85:
        days = words.some(round(abs(one.days)), "days")
        way = "sooner" if one.days < 0 else "later"
        parts.append(f"the 85% date {days} {way}, {_by(forecast, one.p85)}")
    if abs(one.chance) > max(0.005, 2 * one.chance_error) and forecast.chance is not None:
        parts.append(
            f"the promise would hold in {in_hundred(forecast.chance + one.chance)} "
            f"({POINTS.show_change(one.chance)})"
        )
    return words.listed(parts)


def summary(found: Sequence[Forecast]) -> str:
    """How all open batches stand: "Of 9 open batches with a date, 1 is likely late …"."""
    dated = [one for one in found if one.has_date]
    done = [one for one in found if one.is_done]
    parts = []
    if dated:
        late = [one.batch.batch for one in dated if (one.chance or 0.0) < EVEN]
        risky = [one.batch.batch for one in dated if EVEN <= (one.chance or 0.0) < LIKELY]
        first = (
            f"Of {words.some(len(dated), 'batches') if len(dated) != 1 else '1 batch'} with a date"
        )
        kinds = [
            f"{words.number_word(len(names))} {'is' if len(names) == 1 else 'are'} {what} "
            f"({words.listed(names)})"
            for names, what in ((late, "likely late"), (risky, "at risk"))
            if names
        ]
        parts.append(f"{first}, {words.listed(kinds) or 'none is at risk'}.")
    if done:
        names = words.listed(one.batch.batch for one in done)
        verb = "is" if len(done) == 1 else "are"
        parts.append(f"{names} {verb} accepted in full and not delivered yet.")
    lacking = len(found) - len(dated) - len(done)
    if lacking:
        parts.append(f"{words.sentence_case(words.number_word(lacking))} cannot be forecast.")
    return " ".join(parts)


def held(one: Held) -> str:
    """How often one kind of date held, against what was said."""
    said = PERCENT.show(one.said).replace(".0%", "%")
    if one.share is None:
        return f"No {said} date is over yet."
    counts = f"{round(one.share * one.n):,} of {one.n:,} forecasts of {_batches(one.batches)}"
    if one.interval is None:
        return (
            f"Too few to judge the {said} dates: they held in {counts}; at least {FEWEST_BATCHES} "
            "batches are needed."
        )
    low, high = one.interval
    if low > one.said:
        reading = "more often than said, so the dates are cautious"
    elif high < one.said:
        reading = "less often than said, so add time to them"
    else:
        reading = f"as often as said, as far as {_batches(one.batches)} can tell"
    return (
        f"Past {said} dates held in {PERCENT.show(one.share)} of the cases ({counts}; 95% interval "
        f"{PERCENT.show_range(low, high)}): {reading}."
    )


def _batches(count: int) -> str:
    return "1 batch" if count == 1 else f"{count:,} batches"


def after_whom(batch: Batch, outlook: Outlook) -> str:
    """Which batches of the line come first."""
    place = outlook.batches.index(batch)
    names = [one.batch for one in outlook.batches[:place] if one.left]
    return words.listed(names, most=3)


def promise(one: Forecast) -> str:
    """What becomes of the promise, in two words."""
    if one.is_done:
        return "Not delivered yet"
    if one.chance is None:
        return "No date"
    if one.chance >= LIKELY:
        return "Likely held"
    return "At risk" if one.chance >= EVEN else "Likely late"


def promises(found: Calibration) -> str:
    """How the chances of promises came out, in one sentence."""
    likely = [one for one in found.bins if one.low >= 0.8]
    if not likely:
        return "No promise with a chance of 80 of 100 or more is over yet"
    (top,) = likely
    return (
        f"Promises with a chance of 80 of 100 or more held in {PERCENT.show(top.share)} of "
        f"{top.n:,} forecasts of {_batches(top.batches)}"
    )
