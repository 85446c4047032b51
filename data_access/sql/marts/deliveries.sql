-- one row per batch promised to a receiving team.
-- grain: source, batch.
-- dimensions: project, dataset, team, batch, source.
-- label: Deliveries.
-- first day: select min(promised_on) from deliveries
-- last day: select max(greatest(promised_on, delivered_on)) from deliveries
--
-- A day without a time is stored as midnight of its source: delivered_on is then the day as written,
-- which in a reporting zone farther west would be the day before.
with written as (
    select
        delivery.*,
        timezone(coalesce(nullif(upload.zone, ''), 'UTC'), timezone('UTC', delivery.delivered_at))
            as written_at
    from shown_deliveries as delivery
    inner join uploads as upload
        on upload.upload_id = delivery.upload_id
),

placed as (
    select
        *,
        case
            when written_at = date_trunc('day', written_at) then cast(written_at as date)
            else local_day(delivered_at)
        end as delivered_on
    from written
)

select
    source,
    upload_id,
    line,
    named(batch) as batch,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    specification,
    promised_on,
    delivered_at,
    delivered_on,
    coalesce(delivered_on, local_day(vanished_at)) as left_on,
    items_promised,
    items_delivered,
    items_accepted
from placed
order by promised_on, source, batch
