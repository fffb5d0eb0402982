"""Estimates of the comparison: who is compared, over every window, and the curves."""

from math import exp

from evaluation.nouns import Estimate

ARMS = {"referred": (62, 0.026), "not_referred": (88, 0.041)}
WINDOWS = (182, 90, 365)


def re_missing(measure, group, **others):
    return Estimate(
        "re_missing", measure, group, cohort="discussed", outcome="re_missing", **others
    )


def comparison(high):
    flow = {"discussed": 412, "never_met_trigger": 198, "not_a_child": 11, "already_referred": 31,
            "referred_elsewhere": 14, "short_history": 5, "no_follow_up": 3, "referred": 62, "not_referred": 88}  # fmt: skip
    for reason, children in flow.items():
        yield re_missing("flow", reason, children=children, value=float(children))
    for arm, (children, _hazard) in ARMS.items():
        yield re_missing("children", arm, children=children, value=float(children))
    yield re_missing(
        "crossed_over",
        "not_referred",
        days=182,
        children=37,
        of=79,
        value=37 / 79,
        low=0.3,
        high=0.6,
    )
    yield re_missing("effective_children", "not_referred", days=182, children=79, value=51.3)
    yield re_missing("largest_imbalance_before", "contrast", days=182, children=140, value=0.482)
    yield re_missing("largest_imbalance_after", "contrast", days=182, children=140, value=0.064)
    for days in WINDOWS:
        yield from _window(days, high)
    yield from _curves()


def _window(days, high):
    compared = {
        "days": days,
        "design_level": 3,
        "unmet": ("unmeasured_confounding", "crossing_over", "time_away_not_removed"),
    }
    role = "primary" if days == 182 else "secondary"
    yield re_missing(
        "minimum_detectable_rate_ratio",
        "contrast",
        days=days,
        children=140,
        value=0.53,
        low=0.53,
        high=1.91,
    )
    if days == 365:
        for measure, group in (
            ("rate_ratio", "contrast"),
            ("any_episode", "referred"),
            ("any_episode_difference", "contrast"),
        ):
            yield re_missing(measure, group, role=role, why_not="too_few_children", **compared)
        return
    for arm, (children, hazard) in ARMS.items():
        yield re_missing("days_not_at_risk", arm, days=days, children=children, value=0.0213)
        yield re_missing("episodes_per_100_child_days", arm, children=children - 8, events=140, with_events=40,
                          role=role, value=hazard * 48, low=hazard * 38, high=hazard * 60, **compared)  # fmt: skip
        share = 1 - exp(-hazard * days**0.6)
        yield re_missing("any_episode", arm, children=children, events=int(share * children), role="secondary",
                          value=share, low=share - 0.1, high=share + 0.1, **compared)  # fmt: skip
    yield re_missing(
        "rate_ratio",
        "contrast",
        children=140,
        role=role,
        value=0.784,
        low=0.621,
        high=high,
        **compared,
    )
    yield re_missing(
        "episodes_per_100_children",
        "contrast",
        children=140,
        role=role,
        value=-34.4,
        low=-71.2,
        high=-0.51 if high < 1 else 12.3,
        **compared,
    )
    yield re_missing(
        "any_episode_difference",
        "contrast",
        children=140,
        role="secondary",
        value=-0.13,
        low=-0.27,
        high=0.02,
        **compared,
    )
    yield re_missing(
        "unadjusted_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=1.12,
        low=0.91,
        high=1.43,
        **compared,
    )
    yield re_missing(
        "negative_binomial_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=0.81,
        low=0.63,
        high=1.05,
        **compared,
    )


def _curves():
    for arm, (children, hazard) in ARMS.items():
        for days in sorted({*range(0, 365, 14), 90, 182, 365}):
            free = exp(-hazard * days**0.6)
            at_risk = int(children * free * (1 - days / 450))
            yield re_missing("free_of_episodes", arm, days=days, children=at_risk, design_level=3, role="secondary",
                              value=free, low=max(free - 0.1, 0), high=min(free + 0.1, 1))  # fmt: skip
