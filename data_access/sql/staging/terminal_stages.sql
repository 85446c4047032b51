-- one row per project: the stage at whose finish its items are complete.
--
-- The workspace's setting, else the suggestion: the stage that is the last, and finished, of most
-- of the project's items. Sources marked as closed cases only do not vote.
with ends as (
    select
        coalesce(item.project, '(not recorded)') as project,
        item.stage_now as stage,
        count(*) as items
    from staged_last_stages as item
    where item.has_finished_last
        and item.source not in (select closed.source from closed_case_sources as closed)
    group by coalesce(item.project, '(not recorded)'), item.stage_now
),

suggested as (
    select
        project,
        stage,
        items,
        row_number() over (partition by project order by items desc, stage) as place
    from ends
)

select
    coalesce(chosen.project, suggested.project) as project,
    coalesce(chosen.stage, suggested.stage) as stage,
    suggested.stage as suggested_stage,
    coalesce(suggested.items, 0) as items_ending_there
from (select * from suggested where place = 1) as suggested
full join chosen_terminal_stages as chosen
    on chosen.project = suggested.project
