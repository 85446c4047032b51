-- one row per version of a visit, of items that more than one upload tells of, with the places in
-- the replay of the upload that brought it (since_order) and of the one that ended it (until_order,
-- null while it holds). A visit also ends with the upload that corrected it away (visits.sql).
with retold as (
    select
        source,
        item_id,
        bool_or(is_newest and vanished_at is null) as is_there
    from history_work_log
    group by source, item_id
    having min(replay_order) < max(replay_order) or bool_or(vanished_at is not null)
),

versions as (
    select
        log.*,
        retold.is_there,
        coalesce(log.entered_at, log.event_at) as came_at,
        case when log.entered_at is null then log.event_at else log.finished_at end as ended_at,
        lead(log.replay_order) over (
            partition by log.source, log.item_id, log.stage, coalesce(log.entered_at, log.event_at)
            order by log.version
        ) as next_order
    from history_work_log as log
    inner join retold
        on retold.source = log.source and retold.item_id = log.item_id
),

corrected as (
    select
        version.source,
        version.item_id,
        version.stage,
        version.came_at,
        min(upload.replay_order) as gone_order
    from versions as version
    inner join uploads as upload
        on upload.extract = 'work_log'
            and upload.source = version.source
            and upload.coverage = 'everything'
            and upload.as_of = version.vanished_at
            and upload.replay_order > version.replay_order
    where version.is_there
    group by version.source, version.item_id, version.stage, version.came_at
)

select
    version.source,
    version.item_id,
    version.stage,
    version.version,
    version.came_at,
    version.started_at,
    version.ended_at,
    coalesce(
        version.entered_at is not null
        and version.ended_at < greatest(version.started_at, version.entered_at),
        false
    ) as has_bad_finish,
    version.upload_id,
    version.line,
    version.replay_order as since_order,
    coalesce(version.next_order, corrected.gone_order) as until_order
from versions as version
left join corrected
    on corrected.source = version.source
        and corrected.item_id = version.item_id
        and corrected.stage = version.stage
        and corrected.came_at = version.came_at
