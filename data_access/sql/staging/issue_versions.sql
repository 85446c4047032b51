-- one row per version of an issue, beside what the version before it said. Where an export has no
-- status category, the status has that of the other exports of its source, if they agree. A label
-- written twice is one label, and their order says nothing.
with categories as (
    select
        source,
        status,
        min(status_category) as status_category
    from history_issues
    where status is not null and status_category is not null
    group by source, status
    having min(status_category) = max(status_category)
),

filled as (
    select
        version.*,
        coalesce(
            version.status_category,
            categories.status_category,
            case when version.resolved_at is not null then 'Done' end
        ) as category
    from shown_history_issues as version
    left join categories
        on categories.source = version.source and categories.status = version.status
)

select
    source,
    issue_key,
    version,
    replay_order,
    upload_id,
    line,
    created_at,
    updated_at,
    resolved_at,
    category_changed_at,
    status,
    category,
    resolved_at is not null or coalesce(category = 'Done', false) as is_done,
    due_on,
    type,
    array_to_string(
        list_sort(
            list_distinct(
                list_filter(
                    list_transform(string_split(labels, ','), lambda label: trim(label)),
                    lambda label: label <> ''
                )
            )
        ),
        ', '
    ) as labels,
    story_points,
    assignee,
    lag(status) over (partition by source, issue_key order by version) as status_before,
    lag(category) over (partition by source, issue_key order by version) as category_before
from filled
