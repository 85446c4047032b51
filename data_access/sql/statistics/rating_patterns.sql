-- rating_patterns: how the ratings of an item and field fall on the answers, and how often so.
-- Reads ratings. One row per period, segment, field_id and pattern: codes and counts are lists side
-- by side (which answers were given, by how many people), raters their sum, units the items that
-- have the pattern. Order of people does not matter to it.
-- A field with up to ten answers and 63 people an item is narrow: the counts of a unit are digits of
-- one number, six bits each, so that one grouping does the reduction; of other fields the units are
-- counted one answer at a time. Above its 40th bit, unit_id says which field it is of; the 62nd says
-- that the field is not narrow.
with packed as (
    select
        period,
        segment,
        unit_id,
        sum_no_overflow(cast(1 as bigint) << (6 * code)) as digits
    from scoped
    where unit_id < 4611686018427387904
    group by period, segment, unit_id
),

by_digits as (
    select
        period,
        segment,
        unit_id >> 40 as field_id,
        digits,
        count(*) as units
    from packed
    group by period, segment, unit_id >> 40, digits
),

narrow as (
    select
        period,
        segment,
        field_id,
        list_filter(range(10), lambda code: ((digits >> (6 * code)) & 63) > 0) as codes,
        list_filter(
            list_transform(range(10), lambda code: (digits >> (6 * code)) & 63),
            lambda times: times > 0
        ) as counts,
        units
    from by_digits
),

wide_answers as (
    select
        period,
        segment,
        unit_id,
        code,
        count(*) as times
    from scoped
    where unit_id >= 4611686018427387904
    group by period, segment, unit_id, code
),

wide_units as (
    select
        period,
        segment,
        unit_id,
        list(code order by code) as codes,
        list(times order by code) as counts
    from wide_answers
    group by period, segment, unit_id
),

wide as (
    select
        period,
        segment,
        unit_id >> 40 as field_id,
        codes,
        counts,
        count(*) as units
    from wide_units
    group by period, segment, unit_id >> 40, codes, counts
)

select
    period,
    segment,
    field_id,
    cast(list_sum(counts) as bigint) as raters,
    cast(codes as integer[]) as codes,
    cast(counts as bigint[]) as counts,
    units
from narrow
union all
select
    period,
    segment,
    field_id,
    cast(list_sum(counts) as bigint) as raters,
    cast(codes as integer[]) as codes,
    cast(counts as bigint[]) as counts,
    units
from wide
