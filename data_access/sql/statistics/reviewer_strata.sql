-- reviewer_strata: how often each reviewer accepted work as it stood, among work that is alike.
-- Reads reviews. One row per segment, reviewer, dataset and review stage: reviews, accepted.
-- Reviews whose reviewer nobody recorded are left out.
select
    segment,
    cast(reviewer as varchar) as reviewer,
    cast(dataset as varchar) as dataset,
    cast(review_stage as varchar) as review_stage,
    count(*) as reviews,
    count(*) filter (where outcome = 'accepted') as accepted
from scoped
where reviewer <> '(not recorded)'
group by segment, reviewer, dataset, review_stage
order by 1, 2, 3, 4
