-- path_variants: one row per order of stages that items went through, the most frequent first; the
-- first 200. Reads items completed in the window. n: items. of, variants: items and variants in all.
-- days: median days from the first to the last event. example: one of the items.
select
    cast(path as varchar) as path,
    count(*) as n,
    any_value(visits) as visits,
    sum(count(*)) over () as of,
    count(*) over () as variants,
    cast(quantile_cont(case_days, 0.5) as double) as days,
    min(item_id) as example
from scoped
group by path
order by n desc, cast(path as varchar)
limit 200
