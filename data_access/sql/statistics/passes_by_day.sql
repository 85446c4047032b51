-- passes_by_day: how reviews ended, per line of work (`segment`) and day. Reads reviews.
-- rejected: reviews that sent an item back. first_reviews: items reviewed for the first time.
-- first_accepted: those of them accepted as they stood.
select
    segment,
    reviewed_on as day,
    count(*) filter (where outcome = 'rejected') as rejected,
    count(*) filter (where is_first_review) as first_reviews,
    count(*) filter (where is_first_review and outcome = 'accepted') as first_accepted
from scoped
group by segment, reviewed_on
order by segment, reviewed_on
