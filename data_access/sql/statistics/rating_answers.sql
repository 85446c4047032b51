-- rating_answers: what the codes of a field stand for. Reads ratings. One row per segment, field and
-- code: answer, number (null unless it is numeric), labels (those of a set), ratings, units with it.
select
    segment,
    cast(field as varchar) as field,
    code,
    cast(any_value(answer) as varchar) as answer,
    any_value(number) as number,
    any_value(labels) as labels,
    any_value(field_type) as field_type,
    count(*) as ratings,
    count(distinct unit_id) as units
from scoped
group by segment, field, code
order by segment, field, code
