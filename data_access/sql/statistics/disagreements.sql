-- disagreements: items and fields where people differ, the most divided first. Reads ratings; filter
-- by two annotators, or by two answers, to see theirs. One row per unit: item, field, how many people,
-- the share of pairs that agree, who said what
-- (annotators and codes are lists side by side).
with units as (
    select
        source,
        item_id,
        field,
        count(*) as raters,
        count(distinct code) as different,
        max(answered_at) as answered_at,
        list(
            concat(cast(annotator as varchar), ': ', cast(answer as varchar)) order by annotator
        ) as said,
        list(cast(annotator as varchar) order by annotator) as annotators,
        list(code order by annotator) as codes,
        any_value(gold_answer) as gold_answer
    from scoped
    group by source, item_id, field
    having count(*) >= 2 and count(distinct code) > 1
)

select
    cast(source as varchar) as source,
    item_id,
    cast(field as varchar) as field,
    raters,
    different,
    array_to_string(said, '; ') as said,
    annotators,
    codes,
    gold_answer,
    answered_at
from units
order by cast(different as double) / raters desc, raters desc, answered_at desc, item_id, field
limit 500
