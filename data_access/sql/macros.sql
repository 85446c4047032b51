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

-- A list of names as one text that no other list gives: joined by a sign between spaces, a name that
-- could be read as several in quotes, with the quotes inside it doubled. Labels of an answer are
-- joined by "+", the stages of a path by "→".
create or replace temp macro list_text(names, sign) as
    array_to_string(
        list_transform(
            names,
            lambda name:
            case
                when
                    starts_with(name, '"')
                    or starts_with(name, sign || ' ')
                    or ends_with(name, ' ' || sign)
                    or contains(name, ' ' || sign || ' ')
                    then '"' || replace(name, '"', '""') || '"'
                else name
            end
        ),
        ' ' || sign || ' '
    );

-- Minutes since midnight of a time like 08:00.
create or replace temp macro minutes_of(clock) as
    cast(string_split(clock, ':')[1] as integer) * 60
    + cast(string_split(clock, ':')[2] as integer);

-- What a zone's clock shows, as UTC.
create or replace temp macro utc_of(shown, zone) as
    timezone('UTC', timezone(zone, shown));

-- Working time up to a moment, in microseconds, from the row of staged_working_days for its day;
-- null before the calendar begins.
create or replace temp macro worked_at(moment, begins_at, worked_before, spans) as
    case
        when moment >= begins_at
            then worked_before + coalesce(
                list_sum(
                    list_transform(
                        spans,
                        lambda span:
                        greatest(
                            0, date_diff('microsecond', span[1], least(moment, span[2]))
                        )
                    )
                ),
                0
            )
    end;

-- Working hours between two moments whose calendar hours are known; null where these are, or where
-- no calendar holds.
create or replace temp macro business_hours(calendar_hours, since_worked, until_worked) as
    case
        when calendar_hours is not null
            then cast((until_worked - since_worked) / 3600000000.0 as decimal(18, 9))
    end;
