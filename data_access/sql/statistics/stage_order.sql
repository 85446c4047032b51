-- stage_order: the stages in the order in which items come to them: by the mean time of entry. Over
-- the same items that is the order of the process. Reads the visits of items completed in the window.
select
    cast(stage as varchar) as stage,
    avg(epoch(entered_at)) as mean_entry
from scoped
group by stage
order by mean_entry, stage
