-- rating_pairs: how often two people gave the same answer, over all fields. Reads ratings. One row
-- per segment and pair (annotator before other, A to Z): shared items, agreed.
-- What a person said is one number of 20 bits, the person above its 4th bit and the answer below. The
-- two or three people on a unit are the digits of one number, so that one grouping tells them all;
-- units with more people, and those of wide fields (see ratings), are joined with themselves.
with units as (
    select
        segment,
        unit_id,
        cast(
            sum_no_overflow(((cast(rater_id as bigint) << 4) + code) << (20 * unit_place)) as bigint
        ) as digits
    from scoped
    where unit_raters between 2 and 3
        and unit_id < 4611686018427387904
    group by segment, unit_id
),

slots as (
    select
        segment,
        digits & 1048575 as one,
        (digits >> 20) & 1048575 as two
    from units
    union all
    select
        segment,
        digits & 1048575 as one,
        digits >> 40 as two
    from units
    union all
    select
        segment,
        (digits >> 20) & 1048575 as one,
        digits >> 40 as two
    from units
),

in_slots as (
    select
        segment,
        one >> 4 as one,
        two >> 4 as two,
        count(*) as shared,
        count(*) filter (where one & 15 = two & 15) as agreed
    from slots
    where one > 0 and two > 0
    group by segment, one >> 4, two >> 4
),

joined as (
    select
        first.segment as segment,
        first.rater_id as one,
        second.rater_id as two,
        count(*) as shared,
        count(*) filter (where first.code = second.code) as agreed
    from scoped as first
    inner join scoped as second
        on
            second.unit_id = first.unit_id
            and second.segment = first.segment
            and second.rater_id > first.rater_id
    where
        (first.unit_raters > 3 or first.unit_id >= 4611686018427387904)
        and (second.unit_raters > 3 or second.unit_id >= 4611686018427387904)
    group by first.segment, first.rater_id, second.rater_id
),

counted as (
    select
        segment,
        one,
        two,
        sum(shared) as shared,
        sum(agreed) as agreed
    from (
        select * from in_slots
        union all
        select * from joined
    ) as both_ways
    group by segment, one, two
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
    cast(counted.shared as bigint) as shared,
    cast(counted.agreed as bigint) as agreed
from counted
inner join people as first
    on first.rater_id = counted.one
inner join people as second
    on second.rater_id = counted.two
order by 1, 2, 3
