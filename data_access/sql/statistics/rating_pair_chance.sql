-- rating_pair_chance: as rating_pairs, with by_chance, the share of equal answers that the two
-- people's own shares of answers would give (Cohen 1960). Dearer: filter by the people wanted.
with answered as (
    select
        segment,
        field,
        unit_id,
        annotator,
        code
    from scoped
),

tables as (
    select
        one.segment as segment,
        one.field as field,
        one.annotator as annotator,
        two.annotator as other,
        one.code as code,
        two.code as other_code,
        count(*) as times
    from answered as one
    inner join answered as two
        on
            two.segment = one.segment
            and two.unit_id = one.unit_id
            and two.annotator > one.annotator
    group by
        one.segment, one.field, one.annotator, two.annotator, one.code, two.code
),

sides as (
    select
        segment,
        field,
        annotator,
        other,
        code,
        sum(times) as times,
        false as is_other
    from tables
    group by segment, field, annotator, other, code
    union all
    select
        segment,
        field,
        annotator,
        other,
        other_code as code,
        sum(times) as times,
        true as is_other
    from tables
    group by segment, field, annotator, other, other_code
),

both_sides as (
    select
        segment,
        field,
        annotator,
        other,
        code,
        sum(times) filter (where not is_other) as ones,
        sum(times) filter (where is_other) as others
    from sides
    group by segment, field, annotator, other, code
),

chance as (
    select
        segment,
        field,
        annotator,
        other,
        sum(coalesce(ones, 0)) as shared,
        sum(coalesce(ones * others, 0)) as products
    from both_sides
    group by segment, field, annotator, other
),

agreed as (
    select
        segment,
        field,
        annotator,
        other,
        coalesce(sum(times) filter (where code = other_code), 0) as agreed
    from tables
    group by segment, field, annotator, other
)

select
    chance.segment as segment,
    chance.field as field,
    cast(chance.annotator as varchar) as annotator,
    cast(chance.other as varchar) as other,
    cast(chance.shared as bigint) as shared,
    cast(agreed.agreed as bigint) as agreed,
    cast(chance.products as double) / (chance.shared * chance.shared) as by_chance
from chance
inner join agreed
    on
        agreed.segment = chance.segment
        and agreed.field = chance.field
        and agreed.annotator = chance.annotator
        and agreed.other = chance.other
order by 1, 2, 3, 4
