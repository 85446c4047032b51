-- one row per annotation, field and label, of each annotation as it stands now: the rows that its
-- newest file still has. An annotation that vanished from its source is left out.
select *
from shown_annotations
where vanished_at is null
qualify row_as_of = max(row_as_of) over (partition by source, annotation_id)
