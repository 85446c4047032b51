-- one row per batch promised to a receiving team.
-- grain: source, batch.
-- dimensions: project, dataset, team, batch, late_reason, source.
-- label: Deliveries.
-- first day: select min(promised_on) from deliveries
-- last day: select max(greatest(promised_on, delivered_on)) from deliveries
--
-- days_to_acceptance is null where the receiver's day lies before that of the delivery.
select
    source,
    upload_id,
    line,
    named(batch) as batch,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(late_reason) as late_reason,
    specification,
    agreed_on,
    promised_on,
    delivered_at,
    delivered_on,
    coalesce(delivered_on, local_day(vanished_at)) as left_on,
    items_promised,
    items_delivered,
    items_accepted,
    accepted_on,
    case
        when accepted_on >= delivered_on then date_diff('day', delivered_on, accepted_on)
    end as days_to_acceptance
from staged_deliveries
order by promised_on, source, batch
