-- net_flow: items that came in minus items that left. n: both together.
select
    period,
    segment,
    sum(step) as value,
    count(*) as n
from scoped
group by period, segment
