-- one row per event drawn on charts.
-- grain: marked_on, label, filters.
-- dimensions: source.
-- label: Markers.
-- first day: select min(marked_on) from markers
-- last day: select max(marked_on) from markers
select
    source,
    upload_id,
    line,
    marked_on,
    kind,
    label,
    canonical_filters(scope) as filters
from shown_markers
where vanished_at is null
qualify
    row_number() over (
        partition by marked_on, label, canonical_filters(scope)
        order by row_as_of desc, upload_id desc, line desc
    ) = 1
order by marked_on, label, filters
