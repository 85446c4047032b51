-- one row per annotation, field and label, of each annotation as it stands now: the rows that its
-- newest upload still has. The newest is the upload with the newest row of the annotation, of equal
-- ones the later upload; its rows may differ in their times. An annotation that vanished from its
-- source is left out.
with told as (
    select
        *,
        max(row_as_of) over (partition by source, annotation_id, seen_last) as newest_row
    from shown_annotations
    where vanished_at is null
)

select * exclude (newest_row)
from told
qualify
    rank() over (
        partition by source, annotation_id
        order by newest_row desc, seen_last desc
    ) = 1
