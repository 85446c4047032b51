-- rating_pairs: how often two people gave the same answer, over all fields. Reads ratings. One row
-- per segment and pair (annotator before other, A to Z): shared items, agreed.
-- What a person said is one number, the person above its 32nd bit and the answer below. Of up to three
-- people on a unit, smallest, largest and sum tell all three; units with more are joined with
-- themselves.
with said as (
    select
        segment,
        unit_id,
        unit_raters,
        cast(rater_id as bigint) * 4294967296 + code as said
    from scoped
),

units as (
    select
        segment,
        min(said) as low,
        max(said) as high,
        sum_no_overflow(said) as total
    from said
    where unit_raters < 4
    group by segment, unit_id
),

pairs as (
    select
        segment,
        low as one,
        high as two
    from units
    where low < high
    union all
    select
        segment,
        low as one,
        total - low - high as two
    from units
    where total > low + high
    union all
    select
        segment,
        total - low - high as one,
        high as two
    from units
    where total > low + high
    union all
    select
        first.segment as segment,
        first.said as one,
        second.said as two
    from said as first
    inner join said as second
        on
            second.unit_id = first.unit_id
            and second.segment = first.segment
            and second.said > first.said
    where first.unit_raters > 3 and second.unit_raters > 3
),

counted as (
    select
        segment,
        one >> 32 as one,
        two >> 32 as two,
        count(*) as shared,
        count(*) filter (where one & 4294967295 = two & 4294967295) as agreed
    from pairs
    group by segment, one >> 32, two >> 32
),

people as (
    select
        rater_id,
        cast(any_value(annotator) as varchar) as annotator
    from scoped
    group by rater_id
)

select
    counted.segment as segment,
    first.annotator as annotator,
    second.annotator as other,
    counted.shared as shared,
    counted.agreed as agreed
from counted
inner join people as first
    on first.rater_id = counted.one
inner join people as second
    on second.rater_id = counted.two
order by 1, 2, 3
