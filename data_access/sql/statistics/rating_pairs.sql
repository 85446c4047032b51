-- rating_pairs: how often two people gave the same answer, over all fields. Reads ratings. One row
-- per pair (annotator before other, A to Z): shared items, agreed. There is no split: a second key
-- would make the join of the ratings with themselves half as dear again.
with counted as (
    select
        first.rater_id as one,
        second.rater_id as two,
        count(*) as shared,
        count(*) filter (where first.code = second.code) as agreed
    from scoped as first
    inner join scoped as second
        on
            second.unit_id = first.unit_id
            and second.rater_id > first.rater_id
    where
        -- the last person on a unit is never first of two, the first person never second
        first.unit_place < first.unit_raters - 1
        and second.unit_place > 0
    group by first.rater_id, second.rater_id
),

people as (
    select
        rater_id,
        cast(any_value(annotator) as varchar) as annotator
    from scoped
    group by rater_id
)

select
    first.annotator as annotator,
    second.annotator as other,
    counted.shared as shared,
    counted.agreed as agreed
from counted
inner join people as first
    on first.rater_id = counted.one
inner join people as second
    on second.rater_id = counted.two
order by 1, 2
