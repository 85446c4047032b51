-- rating_people: who rated. Reads ratings. One row per segment, field and annotator: ratings.
select
    segment,
    cast(field as varchar) as field,
    cast(annotator as varchar) as annotator,
    count(*) as ratings
from scoped
group by segment, field, annotator
order by segment, field, annotator
