-- krippendorff_alpha: one minus observed over expected disagreement, for nominal answers with
-- ratings missing (Krippendorff, Computing Krippendorff's alpha-reliability, 2011).
-- needs: rating_patterns
-- Both disagreements are worked out within each field and then added up, so that one field alone
-- gives the alpha of that field. Null where nobody ever differs in what they say at all: then
-- nothing can be expected by chance. n: items and fields rated by two people or more.
with shared as (
    select *
    from rating_patterns
    where raters >= 2
),

answers as (
    select
        period,
        segment,
        field_id,
        unnest(codes) as code,
        unnest(counts) * units as ratings
    from shared
),

marginals as (
    select
        period,
        segment,
        field_id,
        code,
        sum(ratings) as ratings
    from answers
    group by period, segment, field_id, code
),

expected as (
    select
        period,
        segment,
        field_id,
        (sum(ratings) * sum(ratings) - sum(ratings * ratings))
        / cast(sum(ratings) - 1 as double) as disagreement
    from marginals
    group by period, segment, field_id
),

observed as (
    select
        period,
        segment,
        field_id,
        sum(units) as units,
        sum(
            cast(
                units
                * cast(raters * raters - list_sum(list_transform(counts, lambda c: c * c)) as double)
                / (raters - 1)
                as decimal(38, 12)
            )
        ) as disagreement
    from shared
    group by period, segment, field_id
)

select
    observed.period as period,
    observed.segment as segment,
    1 - cast(sum(observed.disagreement) as double)
    / nullif(sum(cast(expected.disagreement as decimal(38, 12))), 0) as value,
    cast(sum(observed.units) as bigint) as n
from observed
inner join expected
    on
        expected.period = observed.period
        and expected.segment = observed.segment
        and expected.field_id = observed.field_id
group by observed.period, observed.segment
