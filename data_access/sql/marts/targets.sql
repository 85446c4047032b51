-- one row per target: a metric, where it holds and its first day; the newest statement wins.
-- grain: metric, filters, valid_from.
-- dimensions: source.
-- label: Targets.
-- first day: select min(valid_from) from targets
-- last day: select max(valid_from) from targets
select
    source,
    upload_id,
    line,
    metric,
    canonical_filters(scope) as filters,
    value,
    valid_from
from shown_targets
where vanished_at is null
qualify
    row_number() over (
        partition by metric, canonical_filters(scope), valid_from
        order by row_as_of desc, upload_id desc, line desc
    ) = 1
order by metric, filters, valid_from
