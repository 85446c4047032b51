-- one row per item, field and annotator: the person's newest answer that was not skipped.
-- code: of the answer within its field, from 0, by its labels; equal codes are equal sets of labels.
-- is_correct: whether the labels are those of the gold answer; null where there is none, of a gold
-- answer itself, and of whoever gave it.
-- unit_id: of the item and field; above its 40th bit stands the number of the field, and the 62nd
-- says that the field has more than ten answers or more than 63 people on an item. unit_raters: how
-- many people rated the unit. unit_place: of the person among them, from 0. rater_id: the number of
-- the person; both A to Z.
-- grain: source, item_id, field, annotator.
-- dimensions: project, dataset, team, batch, field, annotator, answer, source.
-- label: Ratings.
-- first day: select min(answered_on) from ratings
-- last day: select max(rated_on) from ratings
with gold as (
    select
        source,
        item_id,
        field,
        arg_max(labels, (answered_at, changed_at, annotation_id)) as labels,
        arg_max(coalesce(annotator, ''), (answered_at, changed_at, annotation_id)) as given_by
    from staged_answers
    where is_gold
    group by source, item_id, field
),

newest as (
    select *
    from staged_answers
    where annotator is not null
    qualify
        row_number() over (
            partition by source, item_id, field, annotator
            order by answered_at desc, changed_at desc, annotation_id desc
        ) = 1
),

rated as (
    select
        newest.*,
        gold.labels as gold_labels,
        gold.given_by as gold_by,
        max(newest.answered_at) over unit as rated_at,
        count(*) over unit as unit_raters,
        row_number() over (
            partition by newest.source, newest.item_id, newest.field
            order by newest.annotator
        ) - 1 as unit_place,
        dense_rank() over (order by newest.annotator) as rater_id,
        dense_rank() over (
            order by newest.source, newest.item_id, newest.field
        ) as unit_number,
        dense_rank() over (order by newest.field) as field_number,
        dense_rank() over (partition by newest.field order by newest.labels) - 1 as code
    from newest
    left join gold
        on
            gold.source = newest.source
            and gold.item_id = newest.item_id
            and gold.field = newest.field
    window unit as (partition by newest.source, newest.item_id, newest.field)
),

counted as (
    select
        *,
        max(code) over field_ratings >= 10
        or max(unit_raters) over field_ratings >= 64 as is_wide
    from rated
    window field_ratings as (partition by field)
)

select
    source,
    upload_id,
    line,
    annotation_id,
    item_id,
    case when is_wide then 4611686018427387904 else 0 end
    + cast(field_number as bigint) * 1099511627776
    + unit_number as unit_id,
    cast(unit_raters as integer) as unit_raters,
    cast(unit_place as integer) as unit_place,
    cast(rater_id as integer) as rater_id,
    named(project) as project,
    named(dataset) as dataset,
    named(team) as team,
    named(batch) as batch,
    named(field) as field,
    field_type,
    named(annotator) as annotator,
    list_text(labels, '+') as answer,
    cast(code as integer) as code,
    labels,
    number,
    is_gold,
    list_text(gold_labels, '+') as gold_answer,
    case
        when gold_labels is not null and not is_gold and annotator <> gold_by
            then labels = gold_labels
    end as is_correct,
    answered_at,
    local_day(answered_at) as answered_on,
    local_day(rated_at) as rated_on
from counted
order by rated_at, source, item_id, field, annotator
