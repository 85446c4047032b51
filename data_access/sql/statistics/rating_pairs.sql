-- rating_pairs: how often two people gave the same answer. Reads ratings. One row per segment, field
-- and pair (annotator before other, A to Z): shared items, agreed.
select
    one.segment as segment,
    cast(one.field as varchar) as field,
    cast(one.annotator as varchar) as annotator,
    cast(two.annotator as varchar) as other,
    count(*) as shared,
    count(*) filter (where one.code = two.code) as agreed
from scoped as one
inner join scoped as two
    on
        two.unit_id = one.unit_id
        and two.segment = one.segment
        and two.annotator > one.annotator
group by one.segment, one.field, one.annotator, two.annotator
order by 1, 2, 3, 4
