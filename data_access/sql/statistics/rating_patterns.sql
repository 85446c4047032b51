-- rating_patterns: how the ratings of an item and field fall on the answers, and how often so.
-- Reads ratings. One row per period, segment, field and pattern: codes and counts are lists side by
-- side (which answers were given, by how many people), raters their sum, units the items that have
-- the pattern. Order of people does not matter to it.
-- Up to ten answers and 63 people, the counts of a unit are digits of one number, six bits each, so
-- that one grouping does the reduction; other units are counted one answer at a time.
with fields as (
    select
        field,
        max(code) < 10 as is_narrow
    from scoped
    group by field
),

packed as (
    select
        period,
        segment,
        field,
        unit_id,
        count(*) as raters,
        sum_no_overflow(
            case when code < 10 then cast(1 as bigint) << (6 * code) else 0 end
        ) as digits
    from scoped
    group by period, segment, field, unit_id
),

by_digits as (
    select
        period,
        segment,
        field,
        raters,
        digits,
        count(*) as units
    from packed
    group by period, segment, field, raters, digits
),

crowd as (
    select coalesce(max(raters), 0) >= 64 as is_there
    from by_digits
),

narrow as (
    select
        by_digits.period as period,
        by_digits.segment as segment,
        by_digits.field as field,
        by_digits.raters as raters,
        list_filter(range(10), lambda code: ((by_digits.digits >> (6 * code)) & 63) > 0) as codes,
        list_filter(
            list_transform(range(10), lambda code: (by_digits.digits >> (6 * code)) & 63),
            lambda times: times > 0
        ) as counts,
        by_digits.units as units
    from by_digits
    inner join fields
        on fields.field = by_digits.field
    where fields.is_narrow and by_digits.raters < 64
),

wide_fields as (
    select
        fields.field as field,
        fields.is_narrow as is_narrow
    from fields
    cross join crowd
    where not fields.is_narrow or crowd.is_there
),

wide_units as (
    select
        scoped.period as period,
        scoped.segment as segment,
        scoped.unit_id as unit_id
    from scoped
    inner join wide_fields
        on wide_fields.field = scoped.field
    group by scoped.period, scoped.segment, scoped.unit_id
    having not bool_and(wide_fields.is_narrow) or count(*) >= 64
),

wide_answers as (
    select
        scoped.period as period,
        scoped.segment as segment,
        scoped.field as field,
        scoped.unit_id as unit_id,
        scoped.code as code,
        count(*) as times
    from scoped
    inner join wide_units
        on
            wide_units.period = scoped.period
            and wide_units.segment = scoped.segment
            and wide_units.unit_id = scoped.unit_id
    group by scoped.period, scoped.segment, scoped.field, scoped.unit_id, scoped.code
),

wide_patterns as (
    select
        period,
        segment,
        field,
        unit_id,
        sum(times) as raters,
        list(code order by code) as codes,
        list(times order by code) as counts
    from wide_answers
    group by period, segment, field, unit_id
),

wide as (
    select
        period,
        segment,
        field,
        raters,
        codes,
        counts,
        count(*) as units
    from wide_patterns
    group by period, segment, field, raters, codes, counts
)

select
    period,
    segment,
    field,
    cast(raters as bigint) as raters,
    cast(codes as integer[]) as codes,
    cast(counts as bigint[]) as counts,
    units
from narrow
union all
select
    period,
    segment,
    field,
    cast(raters as bigint) as raters,
    cast(codes as integer[]) as codes,
    cast(counts as bigint[]) as counts,
    units
from wide
