-- percent_agreement: the share of pairs of people who gave the same answer, averaged over the items
-- and fields rated by two people or more (Gwet, Handbook of Inter-Rater Reliability, 4th ed.).
-- needs: rating_patterns
-- n: items and fields rated by two people or more.
select
    period,
    segment,
    cast(
        sum(
            cast(
                units
                * cast(list_sum(list_transform(counts, lambda c: c * (c - 1))) as double)
                / (raters * (raters - 1))
                as decimal(38, 15)
            )
        ) as double
    ) / sum(units) as value,
    cast(sum(units) as bigint) as n
from rating_patterns
where raters >= 2
group by period, segment
