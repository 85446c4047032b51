"""Review: how far items came by batch, why work was rejected, reviewers and gold without names."""

from __future__ import annotations

from analysis import funnel, leniency, review_steps
from analysis.agreement.desk import looking_back
from analysis.review_steps import BY_BATCH, Batch, Reasons, Steps
from metrics.model import Metric
from metrics.review import (
    DELIVERED_UNACCEPTED,
    ITEMS_ACCEPTED,
    ITEMS_ANNOTATED,
    ITEMS_DELIVERED,
    ITEMS_FIXED,
    ITEMS_REJECTED,
    ITEMS_REVIEWED,
    REJECTIONS,
    REVIEW_COVERAGE,
    SAMPLED_SHARE,
)
from metrics.units import COUNT, PERCENT
from reports.blocks import Block, Cell, Check, Column, Paragraph, Row, Section, Table, sentence
from reports.context import Context, joined

KEY, TITLE = "reviews", "From annotation to acceptance"
_MOST_BATCHES = 6
_HEADS = {
    ITEMS_ANNOTATED.name: "Annotated",
    ITEMS_REVIEWED.name: "Reviewed",
    ITEMS_FIXED.name: "Fixed",
    ITEMS_REJECTED.name: "Rejected",
    ITEMS_ACCEPTED.name: "Accepted",
    ITEMS_DELIVERED.name: "Accepted and delivered",
    DELIVERED_UNACCEPTED.name: "Delivered, not accepted",
}


def section(context: Context) -> Section:
    """The steps of review by batch, the reasons of rejection, and who stands out, unnamed."""
    found = review_steps.steps(context.store, context.asked)
    rejected = review_steps.reasons(context.store, context.asked)
    if not found.first and not rejected.reasons:
        return Section(KEY, TITLE, ())
    coverage = context.judged[REVIEW_COVERAGE.name], context.judged[SAMPLED_SHARE.name]
    why = [f"{rejected.lead}."] if rejected.reasons else []
    told = [f"{found.lead}.", review_steps.against_plan(*coverage), *why, *_people(context)]
    blocks: list[Block] = [Paragraph(sentence(joined(told)))]
    if found.notes:
        blocks.append(Paragraph(sentence(joined(found.notes)), style="note"))
    batches = review_steps.batches(context.store, context.asked)
    if found.first and batches:
        blocks += _batches(found, batches)
    if rejected.reasons:
        blocks += _reasons(context, rejected)
    return Section(KEY, TITLE, tuple(blocks))


def _people(context: Context) -> list[str]:
    """Who stands out among reviewers and on gold items; by name only where names are shown."""
    store, with_names = context.store, not context.store.settings.hide_names
    compared = leniency.leniency(store, context.asked)
    asked = looking_back(context.asked)
    gold = funnel.gold_funnel(store, asked)
    told = []
    if len(compared.reviewers) > 1:
        told.append(f"{leniency.in_words(compared, with_names=with_names)}.")
    if gold.spots:
        told.append(f"{funnel.in_words(gold, with_names=with_names)} ({asked.period.dates}).")
    return told


def _batches(found: Steps, batches: tuple[Batch, ...]) -> list[Block]:
    recorded = [m for m in BY_BATCH if any(m.name in batch.items for batch in batches)]
    table = Table(
        name="reviews",
        caption="How far the items of each batch came",
        columns=(
            Column("Batch", width=1.5, chars=22),
            *(Column(_HEADS[m.name], kind="number", width=0.78, chars=14) for m in recorded),
        ),
        rows=tuple(_batch(batch, recorded) for batch in batches),
        description="One row per batch with the items that came to each step of review.",
        sheet="Reviews",
        note=(
            "Counted are the items first annotated (first reviewed, where no annotation is "
            "recorded) in the period, wherever they stand now."
        ),
        word_rows=_MOST_BATCHES,
    )
    whole = {step.metric.name: step.items for step in found.steps if not step.is_detour}
    checks = [
        Check(f"{metric.label}, all batches", "reviews", _HEADS[metric.name], "sum", float(items))
        for metric in recorded
        if (items := whole.get(metric.name)) is not None
    ]
    return [table, *checks]


def _batch(batch: Batch, recorded: list[Metric]) -> Row:
    numbers = [
        Cell(batch.items[metric.name], unit=COUNT.name)
        if metric.name in batch.items
        else Cell(None, unit=COUNT.name, text="not recorded")
        for metric in recorded
    ]
    return Row((Cell(batch.name), *numbers), key=batch.name)


def _reasons(context: Context, found: Reasons) -> list[Block]:
    unnamed = f"{found.unnamed:,} rejections name no reason." if found.unnamed else ""
    table = Table(
        name="rejections",
        caption=found.lead,
        columns=(
            Column("Reason of rejection", width=3.0, chars=30),
            Column("Rejections", kind="number", width=1.2, chars=12),
            Column("Share", kind="number", width=1.2, chars=10),
            Column("Together with those above", kind="number", width=1.6, chars=24),
        ),
        rows=tuple(
            Row(
                (
                    Cell(reason.name),
                    Cell(reason.rejections, unit=COUNT.name),
                    Cell(reason.share, unit=PERCENT.name),
                    Cell(reason.cumulative, unit=PERCENT.name),
                ),
                key=reason.name,
            )
            for reason in found.reasons
        ),
        description="One row per error type of rejected reviews, most frequent first.",
        sheet="Rejections",
        note=unnamed,
        is_in_word=False,  # Word has the sentence, and the defects by type in another section
    )
    whole = context.judged[REJECTIONS.name].value.value
    named = (whole or 0.0) - found.unnamed
    return [
        table,
        Check("Rejections with a reason", "rejections", "Rejections", "sum", named),
    ]
