-- stage_history: hours from entering a stage to leaving it, by stage: the percentiles within which
-- 50%, 85% and 95% of its visits lasted, by linear interpolation. n: visits with a known length.
-- Reads visits finished in the window.
select
    cast(stage as varchar) as stage,
    quantile_cont(stage_hours, [0.5, 0.85, 0.95]) as hours,
    count(stage_hours) as n
from scoped
group by stage
order by stage
