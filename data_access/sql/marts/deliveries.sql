-- one row per batch promised to a receiving team.
-- grain: source, batch.
-- dimensions: project, dataset, team, batch, source.
-- label: Deliveries.
-- first day: select min(promised_on) from deliveries
-- last day: select max(greatest(promised_on, delivered_on)) from deliveries
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
from staged_deliveries
order by promised_on, source, batch
