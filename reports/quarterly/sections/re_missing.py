"""Going missing again: children referred beside like children who were not."""

from __future__ import annotations

from pathlib import Path

from IPython.display import Markdown

from analyses.outcomes import OUTCOMES
from evaluation.drawing import kaplan_meier
from evaluation.language import Language, Text, _
from evaluation.nouns import Figure, Release
from evaluation.wording import (
    Claim,
    can_and_cannot,
    count,
    decimals,
    percent,
    points,
    say,
    two_figures,
)
from reports.cells import counted, notes, value, with_limits
from reports.reading import every, pick, primary
from reports.writing import (
    Block,
    Words,
    bullets,
    callout,
    grid,
    heading,
    page,
    picture,
    plain,
    prose,
    strong,
)

OUTCOME = OUTCOMES["re_missing"]
ARMS = {"referred": _("Referred"), "not_referred": _("Not referred then")}

FLOW = {
    "discussed": _("All children discussed at a meeting"),
    "never_met_trigger": _("Left out: never met the trigger"),
    "not_a_child": _("Left out: 18 or over, or not in the children’s return"),
    "already_referred": _("Left out: referred before, or already supported"),
    "referred_elsewhere": _("Left out: referred to another service at that meeting"),
    "short_history": _("Left out: too little history on record"),
    "no_follow_up": _("Left out: no follow-up on record"),
    "referred": _("Compared: referred at that meeting"),
    "not_referred": _("Compared: not referred at that meeting"),
}

MEASURE = _("Going missing again after a referral to St Giles")


def claim(release: Release) -> Claim:
    """The one claim that this release allows."""
    ratio = primary(release)
    days = None if ratio is None else ratio.days
    return say(
        ratio,
        outcome=OUTCOME.title,
        phrase=OUTCOME.phrase,
        release=release,
        per_100=_figure(release, "episodes_per_100_children", "contrast", days),
        arms=(arm(release, "referred"), arm(release, "not_referred")),
    )


def arm(release: Release, group: str) -> Figure | None:
    """The children of one arm behind the primary comparison; of the whole cohort without one."""
    ratio = primary(release)
    days = None if ratio is None else ratio.days
    rate = _figure(release, "episodes_per_100_child_days", group, days)
    if rate is not None and rate.children is not None:
        return rate
    return _figure(release, "children", group)


def detectable(release: Release) -> Text:
    """What could have been seen at all, in plain words."""
    ratio = primary(release)
    figure = _figure(
        release, "minimum_detectable_rate_ratio", "contrast", None if ratio is None else ratio.days
    )
    if figure is None or figure.low is None or figure.high is None:
        return _("How large a difference could be seen is not known for this quarter.")
    return _(
        "With this many children, only a large difference could be expected to show over {days} "
        "days: a rate ratio of {low} or less, or of {high} or more. Anything nearer to 1 would "
        "probably be missed.",
        days=figure.days or 0,
        low=two_figures(figure.low),
        high=two_figures(figure.high),
    )


def crossed_over(release: Release) -> Text | None:
    """The share of the comparison group that was referred later; None where it is not known."""
    found = next(iter(every(release, section="re_missing", measure="crossed_over")), None)
    if found is None or found.value is None:
        return None
    return _(
        "Of the comparison group, {share} were referred at a later meeting within {days} days. "
        "That makes the two groups more alike, and any difference smaller.",
        share=percent(found.value),
        days=found.days or 0,
    )


def in_brief(release: Release) -> tuple[Text, Words]:
    """The claim, in its headline."""
    return MEASURE, claim(release).headline


def section(release: Release, language: Language) -> Markdown:
    """What could be seen, who was compared, what is seen, and what it cannot say."""
    said = claim(release)
    can, cannot = can_and_cannot(primary(release))
    flow = every(release, section="re_missing", measure="flow")
    return page(
        language,
        heading(2, _("Going missing again")),
        prose(
            _(
                "Do children who are referred to St Giles after repeated missing episodes go "
                "missing less often afterwards than like children who were not referred? Both "
                "groups had met the same trigger on the day from which they are followed."
            )
        ),
        heading(3, _("What could be seen at all")),
        prose(detectable(release)),
        heading(3, _("Who is compared")),
        grid(
            "flow",
            _("From the children discussed to the children compared"),
            [(_("Children"), "left"), (_("Number"), "right")],
            [(FLOW.get(figure.group, Text(figure.group)), counted(figure)) for figure in flow],
        )
        if flow
        else prose(_("This release does not hold who was compared.")),
        notes(flow),
        prose(crossed_over(release)),
        *_arms(release),
        heading(3, _("What the figures show")),
        strong(said.headline),
        prose(*said.sentences),
        *_curves(release),
        *_windows(release),
        *_checks(release),
        callout(
            "note",
            _("What this can and cannot say"),
            prose(_("It can say:")),
            bullets(can),
            prose(_("It cannot say:")),
            bullets(cannot),
        ),
    )


def _figure(release: Release, measure: str, group: str, days: int | None = None) -> Figure | None:
    return pick(release, section="re_missing", measure=measure, group=group, days=days)


def _arms(release: Release) -> list[Block | None]:
    """The two groups beside each other, and how alike weighting made them."""
    ratio = primary(release)
    days = None if ratio is None else ratio.days
    rows, used = [], []
    for group, title in ARMS.items():
        rate = _figure(release, "episodes_per_100_child_days", group, days)
        away = _figure(release, "days_not_at_risk", group, days)
        children = arm(release, group)
        used += [children, away, rate]
        rows.append(
            (
                title,
                counted(children),
                value(away, percent),
                with_limits(rate, two_figures),
            )
        )
    before, after = (
        _figure(release, f"largest_imbalance_{when}", "contrast") for when in ("before", "after")
    )
    effective = _figure(release, "effective_children", "not_referred")
    return [
        grid(
            "groups",
            _(
                "The two groups, children whose {days} days are complete",
                days=count(days) if days else "…",
            ),
            [
                (_("Group"), "left"),
                (_("Children"), "right"),
                (_("Days missing or away"), "right"),
                (_("Episodes per 100 days at risk (interval, 95%)"), "right"),
            ],
            rows,
        ),
        notes(used),
        prose(
            _(
                "The comparison group is weighted to be like the children referred. Largest "
                "difference in what is recorded, in standard deviations: {before} before "
                "weighting, {after} after (below 0.10 is good). Weighting leaves the comparison "
                "group worth {children} children.",
                before=value(before, decimals),
                after=value(after, decimals),
                children=value(effective, count),
            )
        )
        if after is not None and after.value is not None
        else None,
    ]


def _curves(release: Release) -> list[Block | None]:
    """The survival picture; its numbers stand in the data section."""
    curves = {group: points_of(release, group) for group in ARMS}
    if not any(figure.value is not None for figures in curves.values() for figure in figures):
        return []
    last = max(figure.days or 0 for figures in curves.values() for figure in figures)
    ticks = (0, *(days for days in OUTCOME.windows_days if days <= last))

    def draw(to: Path, language: Language) -> None:
        kaplan_meier.draw(
            tuple(
                kaplan_meier.Curve(
                    plain(title, language),
                    tuple((f.days or 0, f.value, f.low, f.high) for f in curves[group]),
                    tuple(
                        counted(_figure(release, "free_of_episodes", group, day)) for day in ticks
                    ),
                )
                for group, title in ARMS.items()
            ),
            to,
            ticks=ticks,
            x_title=plain(_("Days since the meeting"), language),
            y_title=plain(_("Children with no missing episode yet"), language),
            at_risk_title=plain(_("Children still followed and with none yet"), language),
        )

    return [
        picture(
            "survival",
            _("Children with no missing episode yet, by days since the meeting"),
            _("Two curves that start with all children and fall in steps. {shares}", shares=_at_the_end(curves)),
            draw,
        ),
        prose(
            _(
                "Days in this picture are calendar days. Shaded: intervals (95%). A curve stops "
                "where fewer than 10 children are still followed. The numbers stand in {table}.",
                table="@tbl-survival",
            )
        ),
    ]  # fmt: skip


def points_of(release: Release, group: str) -> tuple[Figure, ...]:
    """One arm's curve, in order of days."""
    found = every(release, section="re_missing", measure="free_of_episodes")
    return tuple(sorted((f for f in found if f.group == group), key=lambda f: f.days or 0))


def _at_the_end(curves: dict[str, tuple[Figure, ...]]) -> Text:
    """What the curves show on the last day on which both are shown."""
    shown = [{f.days: f.value for f in figures if f.value} for figures in curves.values()]
    both = sorted(set(shown[0]) & set(shown[1]), key=lambda days: days or 0)
    if not both:
        return _("They are never both shown on one day.")
    return _(
        "On day {days}, {referred} of the children referred and {others} of the comparison group "
        "had no missing episode yet.",
        days=both[-1] or 0,
        referred=percent(shown[0][both[-1]]),
        others=percent(shown[1][both[-1]]),
    )


def _windows(release: Release) -> list[Block | None]:
    """The same comparison over every window; only the primary one may carry a claim."""
    ratios = sorted(
        every(release, section="re_missing", measure="rate_ratio"), key=lambda f: f.days or 0
    )
    rows, used = [], []
    for ratio in ratios:
        shares = [_figure(release, "any_episode", group, ratio.days) for group in ARMS]
        gap = _figure(release, "any_episode_difference", "contrast", ratio.days)
        used += [ratio, *shares, gap]
        rows.append(
            (
                _("{days} days (the plan’s own)", days=ratio.days or 0)
                if ratio.role == "primary"
                else _("{days} days", days=ratio.days or 0),
                with_limits(ratio, two_figures),
                *(value(share, percent) for share in shares),
                with_limits(gap, points),
            )
        )
    if not rows:
        return []
    return [
        grid(
            "windows",
            _("The comparison over shorter and longer times"),
            [
                (_("Window"), "left"),
                (_("Rate ratio (interval, 95%)"), "right"),
                (_("Any episode: referred"), "right"),
                (_("Any episode: not referred then"), "right"),
                (_("Difference, points (interval, 95%)"), "right"),
            ],
            rows,
        ),
        notes(used),
    ]


def _checks(release: Release) -> list[Block | None]:
    """The primary ratio reached by other roads."""
    ratio = primary(release)
    if ratio is None:
        return []
    others = {
        _("As planned: weighted"): ratio,
        _("Not adjusted at all"): _figure(release, "unadjusted_rate_ratio", "contrast", ratio.days),
        _("Adjusted by a negative binomial model"): _figure(
            release, "negative_binomial_rate_ratio", "contrast", ratio.days
        ),
    }
    return [
        grid(
            "checks",
            _("The same rate ratio reached by other roads, {days} days", days=ratio.days or 0),
            [(_("How"), "left"), (_("Rate ratio (interval, 95%)"), "right")],
            [(title, with_limits(figure, two_figures)) for title, figure in others.items()],
        ),
        notes(others.values()),
    ]
