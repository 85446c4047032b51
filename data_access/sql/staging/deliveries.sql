-- one row per source and batch of a delivery list, with the day of its handing over.
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
)

select
    *,
    case
        when written_at = date_trunc('day', written_at) then cast(written_at as date)
        else local_day(delivered_at)
    end as delivered_on
from written
