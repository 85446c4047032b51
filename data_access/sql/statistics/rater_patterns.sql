-- rater_patterns: who gave which answer on the same item, and on how many items so. Reads ratings.
-- One row per field and pattern: annotators and codes are lists side by side, units the items like
-- that. At most 200,001 patterns: more are for the reader to refuse.
with units as (
    select
        field,
        unit_id,
        list(cast(annotator as varchar) order by annotator) as annotators,
        list(code order by annotator) as codes
    from scoped
    group by field, unit_id
)

select
    cast(field as varchar) as field,
    annotators,
    codes,
    count(*) as units
from units
group by field, annotators, codes
order by units desc, field, annotators, codes
limit 200001
