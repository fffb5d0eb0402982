"""The comparison of the release: its claim, what could be seen, and its figures in tables."""

from __future__ import annotations

from analyses.outcomes import OUTCOMES
from evaluation.language import Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import Claim, count, decimals, percent, points, say, two_figures
from reports.cells import counted, part, tabled, value, with_limits
from reports.reading import every, pick, primary
from reports.writing import Block, prose

OUTCOME = OUTCOMES["re_missing"]
ARMS = {"referred": _("Referred"), "not_referred": _("Not referred then")}


def claim(release: Release) -> Claim:
    """The one claim that this release allows."""
    return say(
        primary(release),
        outcome=OUTCOME.title,
        phrase=OUTCOME.phrase,
        release=release,
        per_100=at(release, "episodes_per_100_children", "contrast", days_of(release)),
        arms=(children_of(release, "referred"), children_of(release, "not_referred")),
        co_primary=co_primary(release),
    )


def co_primary(release: Release) -> Figure | None:
    """The plan's other main figure; None where the release does not hold it."""
    found = (f for f in release.figures if (f.role, f.measure) == ("co_primary", "rate_ratio"))
    return next(found, None)


def at(release: Release, measure: str, group: str, days: int | None = None) -> Figure | None:
    """One figure of the comparison."""
    return pick(
        release,
        section="re_missing",
        measure=measure,
        cohort="discussed",
        outcome="re_missing",
        group=group,
        days=days,
    )


def all_of(release: Release, measure: str) -> tuple[Figure, ...]:
    """All figures of one measure of the comparison."""
    return every(
        release, section="re_missing", measure=measure, cohort="discussed", outcome="re_missing"
    )


def days_of(release: Release) -> int | None:
    """The days of the plan's own window, as the release has it."""
    ratio = primary(release)
    return None if ratio is None else ratio.days


def children_of(release: Release, arm: str) -> Figure | None:
    """The children of one arm whose primary window is complete; of the whole arm without one."""
    rate = at(release, "episodes_per_100_child_days", arm, days_of(release))
    if rate is not None and rate.children is not None:
        return rate
    return at(release, "children", arm)


def detectable(release: Release) -> Text:
    """The smallest difference that could be expected to show, as a reader pictures it."""
    figure = at(release, "minimum_detectable_rate_ratio", "contrast", days_of(release))
    if figure is None or figure.low is None or figure.high is None:
        return _("How large a difference could be seen is not known for this quarter.")
    return _(
        "With this many children, only a large difference could be expected to show over {days} "
        "days: {less} fewer episodes for each day at risk, or {more} more. A smaller one would "
        "probably be missed.",
        days=figure.days or 0,
        less=percent(1 - figure.low),
        more=percent(figure.high - 1),
    )


def as_ratios(release: Release) -> Text | None:
    """The same as rate ratios, for those who read the tables."""
    figure = at(release, "minimum_detectable_rate_ratio", "contrast", days_of(release))
    if figure is None or figure.low is None or figure.high is None:
        return None
    return _(
        "As rate ratios: {low} or less, or {high} or more. They come from the plan’s values and "
        "the number of children, not from the result.",
        low=two_figures(figure.low),
        high=two_figures(figure.high),
    )


def crossed_over(release: Release) -> Text | None:
    """The share of the comparison group that was referred later; None where it is not known."""
    found = next(iter(all_of(release, "crossed_over")), None)
    if found is None or found.value is None:
        return None
    return _(
        "Of the comparison group, {share} were referred at a later meeting within {days} days. "
        "That makes the two groups more alike, and any difference smaller.",
        share=percent(found.value),
        days=found.days or 0,
    )


def groups(release: Release) -> list[Block | None]:
    """The two groups beside each other, and how alike weighting made them."""
    days = days_of(release)
    rows, used = [], []
    for arm, title in ARMS.items():
        children = children_of(release, arm)
        away = at(release, "days_not_at_risk", arm, days)
        rate = at(release, "episodes_per_100_child_days", arm, days)
        used += [children, away, rate]
        rows.append((title, counted(children), part(away), with_limits(rate, two_figures)))
    return [
        *tabled(
            "groups",
            _("The two groups: children whose {days} days are complete", days=days)
            if days
            else _("The two groups"),
            [
                (_("Group"), "left"),
                (_("Children"), "right"),
                (_("Days missing or away"), "right"),
                (_("Episodes per 100 days at risk (interval, 95%)"), "right"),
            ],
            rows,
            used,
        ),
        _alike(release),
    ]


def _alike(release: Release) -> Block | None:
    days = days_of(release)
    before = at(release, "largest_imbalance_before", "contrast", days)
    after = at(release, "largest_imbalance_after", "contrast", days)
    if after is None or after.value is None:
        return None
    return prose(
        _(
            "The comparison group is weighted to be like the children referred. Largest difference "
            "in what is recorded, in standard deviations: {before} before weighting, {after} after "
            "(below 0.10 is good). Weighting leaves the comparison group worth {children} children.",
            before=value(before, decimals),
            after=value(after, decimals),
            children=value(at(release, "effective_children", "not_referred", days), count),
        )
    )


def windows(release: Release) -> list[Block | None]:
    """The comparison over every window; only the plan's own may carry a claim."""
    ratios = sorted(all_of(release, "rate_ratio"), key=lambda f: f.days or 0)
    if not ratios:
        return []
    gaps = [at(release, "any_episode_difference", "contrast", ratio.days) for ratio in ratios]
    return [
        *tabled(
            "windows",
            _("Shorter and longer times: rate ratio, and children with any missing episode"),
            [
                (_("Window"), "left"),
                (_("Rate ratio (interval, 95%)"), "right"),
                (_("Any: difference in points (interval, 95%)"), "right"),
            ],
            [
                (_window(ratio), with_limits(ratio, two_figures), with_limits(gap, points))
                for ratio, gap in zip(ratios, gaps, strict=True)
            ],
            [*ratios, *gaps],
        ),
        prose(
            _(
                "The plan draws its conclusion from its own window alone. The other times are shown "
                "beside it, and no conclusion is drawn from them: whoever looks at many figures "
                "finds one that stands out by chance."
            )
        ),
    ]


def _window(ratio: Figure) -> Text:
    days = ratio.days or 0
    if ratio.role == "primary":
        return _("{days} days (the plan’s own)", days=days)
    return _("{days} days", days=days)


def checks(release: Release) -> list[Block | None]:
    """The primary ratio reached by other roads."""
    ratio = primary(release)
    if ratio is None:
        return []
    roads = {
        _("As planned: weighted"): ratio,
        _("Not adjusted at all"): at(release, "unadjusted_rate_ratio", "contrast", ratio.days),
        _("Adjusted by a negative binomial model"): at(
            release, "negative_binomial_rate_ratio", "contrast", ratio.days
        ),
    }
    return [
        *tabled(
            "checks",
            _("The same rate ratio reached in other ways, {days} days", days=ratio.days or 0),
            [(_("How"), "left"), (_("Rate ratio (interval, 95%)"), "right")],
            [(title, with_limits(figure, two_figures)) for title, figure in roads.items()],
            roads.values(),
        ),
    ]
