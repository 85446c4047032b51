-- gwet_ac1: agreement beyond chance where chance is the luck of those who do not know the answer
-- (Gwet, Computing inter-rater reliability and its variance in the presence of high agreement,
-- British Journal of Mathematical and Statistical Psychology 61, 2008).
-- needs: rating_patterns
-- Chance is worked out within each field from all its ratings, of single raters too, and weighted by
-- the items shared there. One answer alone gives 1. n: items and fields rated by two or more.
with answers as (
    select
        period,
        segment,
        field_id,
        units,
        raters,
        unnest(codes) as code,
        unnest(counts) as times
    from rating_patterns
),

totals as (
    select
        period,
        segment,
        field_id,
        sum(units) as units,
        coalesce(sum(units) filter (where raters >= 2), 0) as shared,
        sum(
            cast(
                case
                    when raters >= 2
                        then
                            units
                            * cast(
                                list_sum(list_transform(counts, lambda c: c * (c - 1))) as double
                            )
                            / (raters * (raters - 1))
                    else 0
                end
                as decimal(38, 15)
            )
        ) as agreed
    from rating_patterns
    group by period, segment, field_id
),

prevalence as (
    select
        answers.period as period,
        answers.segment as segment,
        answers.field_id as field_id,
        answers.code as code,
        cast(
            sum(
                cast(answers.units * cast(answers.times as double) / answers.raters as decimal(38, 15))
            ) as double
        ) / any_value(totals.units) as share
    from answers
    inner join totals
        on
            totals.period = answers.period
            and totals.segment = answers.segment
            and totals.field_id = answers.field_id
    group by answers.period, answers.segment, answers.field_id, answers.code
),

chance as (
    select
        period,
        segment,
        field_id,
        case
            when count(*) > 1
                then
                    cast(sum(cast(share * (1 - share) as decimal(38, 18))) as double)
                    / (count(*) - 1)
            else 0
        end as agreed
    from prevalence
    group by period, segment, field_id
),

pooled as (
    select
        totals.period as period,
        totals.segment as segment,
        sum(totals.shared) as shared,
        cast(sum(totals.agreed) as double) / nullif(sum(totals.shared), 0) as agreed,
        cast(sum(cast(totals.shared * chance.agreed as decimal(38, 12))) as double)
        / nullif(sum(totals.shared), 0) as by_chance
    from totals
    inner join chance
        on
            chance.period = totals.period
            and chance.segment = totals.segment
            and chance.field_id = totals.field_id
    group by totals.period, totals.segment
)

select
    period,
    segment,
    (agreed - by_chance) / (1 - by_chance) as value,
    cast(shared as bigint) as n
from pooled
