-- Words that staging and marts share. `local_day` is made beside, for the reporting zone.

-- Hours between two times, exact to a billionth so that sums do not depend on their order;
-- null when the clocks run backwards.
create or replace temp macro hours_between(since, until) as
    case
        when until >= since
            then cast(date_diff('microsecond', since, until) / 3600000000.0 as decimal(18, 9))
    end;

-- The same in days of 24 hours.
create or replace temp macro days_between(since, until) as
    case
        when until >= since
            then cast(date_diff('microsecond', since, until) / 86400000000.0 as decimal(18, 9))
    end;

-- A dimension's value, never null and never blank.
create or replace temp macro named(value) as
    coalesce(nullif(trim(cast(value as varchar)), ''), '(not recorded)');

-- Filters as targets and markers write them, in one spelling: "dataset=CT; team=Radiology".
create or replace temp macro canonical_filters(written) as
    array_to_string(
        list_sort(
            list_distinct(
                list_filter(
                    list_transform(
                        string_split(coalesce(written, ''), ';'),
                        lambda part: regexp_replace(trim(part), '\s*=\s*', '=')
                    ),
                    lambda part: part <> '' and lower(part) <> 'all'
                )
            )
        ),
        '; '
    );

-- A list of labels as one text that no other list gives: joined by " + ", a label that could be read
-- as several in quotes, with the quotes inside it doubled.
create or replace temp macro answer_text(labels) as
    array_to_string(
        list_transform(
            labels,
            lambda label:
            case
                when regexp_matches(label, '^"|^\+ | \+$| \+ ')
                    then '"' || replace(label, '"', '""') || '"'
                else label
            end
        ),
        ' + '
    );
