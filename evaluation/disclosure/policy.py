"""The policy of a release, and the grids that its numbers stand on."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

Scale = Literal[
    "count", "share", "curve", "filled", "share_of_days", "points", "rate", "ratio", "median",
    "mean", "limits", "decimal",
]  # fmt: skip
"""What a value is, which decides its grid:

    count           children or episodes              to the nearest 5
    share           part of some children             whole per cent, from counts on a base
    curve           share still free at a fixed day   as share; cut where few are at risk
    filled          part of some records              whole per cent; open where few are over
    share_of_days   part of some days                 whole per cent, 1% to 99%
    points          difference of two shares          whole points
    rate            events over children and time     as ratio, from rounded counts
    mean            events for each child or session  as ratio, from rounded counts
    ratio           ratio, or a rate from a model     two significant figures; hundredths to 2
    median          the value of one child or two     whole below 10, to the nearest 5 above
    limits          a chart's centre and limits       whole per cent, as wide as the rounded count
    decimal         a measure of likeness             two decimals
"""

SCALES: dict[str, Scale] = {
    "effective_children": "count",
    "flow": "count",
    "trials": "count",
    "referred_later": "filled",
    "weight_of_staying": "ratio",
    "weighted_rate_ratio": "ratio",
    "modelled_rate_ratio": "ratio",
    "doubly_robust_rate_ratio": "ratio",
    "other_trigger_rate_ratio": "ratio",
    "matched_rate_ratio": "ratio",
    "andersen_gill_hazard_ratio": "ratio",
    "pwp_total_hazard_ratio": "ratio",
    "pwp_gap_hazard_ratio": "ratio",
    "self_controlled_rate_ratio": "ratio",
    "e_value": "ratio",
    "without_most_frequent_rate_ratio": "ratio",
    "by_grade_rate_ratio": "ratio",
    "days_free_of_episodes_difference": "ratio",
    "mean_episodes_difference": "ratio",
    "mean_episodes_ratio": "ratio",
    "one_definition_rate_ratio": "ratio",
    "no_place_free_rate_ratio": "ratio",
    "two_services_rate_ratio": "ratio",
    "every_meeting_rate_ratio": "ratio",
    "days_with_other_service": "share_of_days",
    "interview_offered": "filled",
    "interview_done": "filled",
    "interview_done_in_time": "filled",
    "any_episode": "share",
    "free_of_episodes": "curve",
    "filled": "filled",
    "days_not_at_risk": "share_of_days",
    "any_episode_difference": "points",
    "rate_ratio": "ratio",
    "rate_ratio_at_look": "ratio",
    "unadjusted_rate_ratio": "ratio",
    "negative_binomial_rate_ratio": "ratio",
    "minimum_detectable_rate_ratio": "ratio",
    "episodes_per_100_child_days": "rate",
    "episodes_per_100_children": "ratio",
    "episodes_per_100_children_at_look": "ratio",
    "before_after": "rate",
    "school_told": "share",
    "school_told_limits": "limits",
    "anyone_told": "share",
    "median_hours_until_told": "median",
    "another_incident": "share",
    "further_incidents": "mean",
    "trend_ratio": "ratio",
    "level_ratio": "ratio",
    "slope_ratio": "ratio",
    "share_fitted": "ratio",
    "share_expected": "ratio",
    "pearson_dispersion": "ratio",
    "autocorrelation": "decimal",
    "ljung_box_p": "decimal",
    "had_within": "share",
    "median_wait_days": "median",
    "ended": "share",
    "sessions_attended": "filled",
    "engaged_adjusted": "share",
    "engaged_shrunk": "share",
    "engaged_difference": "points",
    "bowker": "ratio",
    "stuart_maxwell": "ratio",
    "higher_band_odds_ratio": "ratio",
    "cost_per_child_reached": "ratio",
    "cost_per_planned_closure": "ratio",
    "sessions_held": "count",
    "minutes": "count",
    "sessions_cancelled": "filled",
    "first_attendances": "filled",
    "attendances_per_session": "mean",
    "attendances_per_session_limits": "ratio",
    "smd_before": "decimal",
    "smd_after": "decimal",
    "variance_ratio_before": "ratio",
    "variance_ratio_after": "ratio",
    "effective_referred": "count",
    "largest_weight_share": "decimal",
    "mean_events": "ratio",
    "dispersion": "ratio",
    "events_of_most_frequent_fifth": "filled",
    "proportional_hazards_p": "decimal",
    "first_episode_hazard_ratio": "ratio",
    "filled_before": "filled",
    "largest_imbalance_before": "decimal",
    "largest_imbalance_after": "decimal",
}
"""The measures that are neither a plain count nor a part of `of`. One that is not here and is
neither of those is refused: nobody has said how it may leave."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a profile lets out.

    `fewest_children`: a figure from fewer distinct children is withheld (none at all, 0, may be
    said). `base`: counts are rounded to its multiples. `percentage_base`: no percentage of a
    smaller rounded base. `fewest_at_risk`: a survival curve is cut below. `figures`: significant
    figures of ratios and rates. `dominant`: events of which one child had a larger part are
    withheld. `watermarked`: every page must say that it is not for the public.
    """

    name: str
    fewest_children: int = 8
    base: int = 5
    percentage_base: int = 20
    fewest_at_risk: int = 10
    figures: int = 2
    dominant: float = 0.5
    watermarked: bool = False

    @property
    def tells_all(self) -> bool:
        """True where nothing is kept back: then 0% and 100% may be said too."""
        return self.fewest_children <= 1

    def few(self, count: float | None) -> bool:
        """True of a count that would point at children: at least one, fewer than the threshold."""
        return count is not None and 0 < round(count) < self.fewest_children

    def count(self, count: float) -> int:
        """To the nearest multiple of the base, halves upward."""
        return int((count + self.base / 2) // self.base * self.base)

    def share_of(self, share: float, rounded_base: int) -> float:
        """A share as whole per cent, by way of the rounded count that it stands for."""
        if self.base == 1:
            return round(share, 2) + 0.0
        return round(self.count(share * rounded_base) / rounded_base, 2)

    def ratio(self, value: float) -> float:
        """To the policy's significant figures, and to hundredths at least below 2.

        With two figures alone 0.97 would be told, and 1.03 as 1.0: whether an interval holds 'no
        difference' could not be seen. A zero has no sign.
        """
        hundredths = 1 <= abs(value) < 2
        return float(f"{value:.{max(self.figures, 3 if hundredths else 0)}g}") + 0.0

    def median(self, value: float) -> float:
        """A whole number; from twice the base on a multiple of it, so that it is no one child's."""
        return float(self.count(value) if value >= 2 * self.base else round(value))


PUBLIC = Policy("public")
"""For anybody. Counts of 1 to 7 children are withheld and the rest rounded to 5."""

INTERNAL = Policy(
    "internal", fewest_children=1, base=1, percentage_base=1, fewest_at_risk=1, figures=3,
    dominant=1.0, watermarked=True,
)  # fmt: skip
"""For those who hold the children's records: exact counts, nothing withheld, watermarked. With a
threshold of their own: `replace(INTERNAL, fewest_children=5, base=5)`."""


def wilson(part: int, base: int, confidence: float) -> tuple[float, float]:
    """Wilson's limits, from the rounded counts that a reader sees.

    Limits from the exact counts would give the exact counts away. The formula is Wilson (1927);
    `evaluation.estimating` holds the one for analyses, tested against R, and a test here holds
    this one to it.
    """
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, weight = part / base, z * z / base
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * (share * (1 - share) / base + weight / (4 * base)) ** 0.5
    return round(max(0.0, centre - half), 2), round(min(1.0, centre + half), 2)
