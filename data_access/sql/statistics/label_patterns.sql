-- label_patterns: per label, how many of the people who answered an item's field gave it. Reads
-- ratings. One row per segment, field, label, raters and present: units, the items like that. Items
-- where nobody gave the label stand with present 0, so that the units of a label add up to those of
-- the field. Where something was drawn or marked, its places are not compared, only whether the
-- label is there.
with units as (
    select
        segment,
        field,
        unit_id,
        count(*) as raters
    from scoped
    group by segment, field, unit_id
),

sizes as (
    select
        segment,
        field,
        raters,
        count(*) as units
    from units
    group by segment, field, raters
),

given as (
    select
        segment,
        field,
        unit_id,
        unnest(labels) as label
    from scoped
),

present as (
    select
        segment,
        field,
        unit_id,
        label,
        count(*) as present
    from given
    group by segment, field, unit_id, label
),

there as (
    select
        present.segment as segment,
        present.field as field,
        present.label as label,
        units.raters as raters,
        present.present as present,
        count(*) as units
    from present
    inner join units
        on
            units.segment = present.segment
            and units.field = present.field
            and units.unit_id = present.unit_id
    group by present.segment, present.field, present.label, units.raters, present.present
),

labels as (
    select distinct
        segment,
        field,
        label
    from there
),

nowhere as (
    select
        labels.segment as segment,
        labels.field as field,
        labels.label as label,
        sizes.raters as raters,
        cast(0 as bigint) as present,
        any_value(sizes.units) - coalesce(sum(there.units), 0) as units
    from labels
    inner join sizes
        on sizes.segment = labels.segment and sizes.field = labels.field
    left join there
        on
            there.segment = labels.segment
            and there.field = labels.field
            and there.label = labels.label
            and there.raters = sizes.raters
    group by labels.segment, labels.field, labels.label, sizes.raters
)

select
    segment,
    cast(field as varchar) as field,
    label,
    raters,
    present,
    cast(units as bigint) as units
from (
    select * from there
    union all
    select * from nowhere
)
where units > 0
order by 1, 2, 3, 4, 5
