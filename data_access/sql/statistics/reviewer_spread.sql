-- reviewer_spread: how far reviewers' acceptance rates lie apart, as a standard deviation weighted
-- by reviews, over the reviewers with at least 10 reviews in the period and segment.
-- Null when fewer than two reviewers have that many. n: the reviews of those reviewers.
-- Squares are summed as decimals, so that the sum does not depend on the order of reviewers.
with reviewers as (
    select
        period,
        segment,
        reviewer,
        cast(count(*) as double) as reviews,
        cast(count(*) filter (where outcome = 'accepted') as double) as accepted
    from scoped
    where reviewer <> '(not recorded)'
    group by period, segment, reviewer
    having count(*) >= 10
),

pooled as (
    select
        period,
        segment,
        count(*) as reviewers,
        sum(reviews) as reviews,
        sum(accepted) / sum(reviews) as rate
    from reviewers
    group by period, segment
),

apart as (
    select
        reviewers.period as period,
        reviewers.segment as segment,
        sum(
            cast(
                reviewers.reviews
                * (reviewers.accepted / reviewers.reviews - pooled.rate)
                * (reviewers.accepted / reviewers.reviews - pooled.rate)
                as decimal(28, 15)
            )
        ) as squares
    from reviewers
    inner join pooled
        on pooled.period = reviewers.period and pooled.segment = reviewers.segment
    group by reviewers.period, reviewers.segment
)

select
    pooled.period as period,
    pooled.segment as segment,
    case when pooled.reviewers >= 2 then sqrt(cast(apart.squares as double) / pooled.reviews) end
        as value,
    cast(pooled.reviews as bigint) as n
from pooled
inner join apart
    on apart.period = pooled.period and apart.segment = pooled.segment
