"""What is refused, with the reason and the right call; and what is allowed as a description only."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from evaluation.errors import WrongUse
from evaluation.estimating.columns import as_dates, must_have
from evaluation.estimating.found import Beware, Found
from evaluation.language import _


def refuse_ever_treated(
    children: pd.DataFrame,
    *,
    treated: str,
    on: str,
    arm: str = "arm",
    time_zero: str = "time_zero",
) -> None:
    """Refuse arms that were made by what happened after time zero (immortal time, trap b).

    One row of `children` is one child; the column `on` holds the day of its treatment (missing
    where it had none). Whoever is put among the treated because a treatment came later must have
    lived without an end of follow-up until it did: that time is safe by construction, and makes
    any service look good. Returns nothing where no child is so.

    >>> children = pd.DataFrame({"arm": ["referred", "not"], "referred_on": ["2025-03-01", None],
    ...                          "time_zero": ["2025-03-01", "2025-03-01"]})
    >>> refuse_ever_treated(children, treated="referred", on="referred_on")

    Raises WrongUse where a treated child's day is missing or later than its time zero, or is no
    date; a text has its year first.
    Source: Suissa (2008), Am J Epidemiol 167:492.
    """
    must_have(children, [arm, on, time_zero])
    inside = children[children[arm] == treated]
    days = as_dates(inside[on], on)
    undated = int(days.isna().sum())
    if undated:
        raise WrongUse(
            _(
                "{undated} of {children} children of the arm ‘{arm}’ have no day of treatment, so "
                "nobody can tell whether it came before time zero. Give the day, or leave them out.",
                undated=undated,
                children=len(inside),
                arm=treated,
            )
        )
    later = int((days > as_dates(inside[time_zero], time_zero)).sum())
    if later:
        raise WrongUse(
            _(
                "{later} of {children} children of the arm ‘{arm}’ were treated only after time "
                "zero. The group uses future information: they could not have left follow-up "
                "until then. Form the arms by what was known at time zero, or split the time at "
                "risk at the day of treatment with `following.split`.",
                later=later,
                children=len(inside),
                arm=treated,
            )
        )


def refuse_undated_repeats(
    children: pd.DataFrame, *, days: int | None, followed: str = "followed_days"
) -> None:
    """Refuse a share of children with a repeat where it is not said within how long.

    One row is one child; `followed` is the column of how many days it was followed. A 'repeat
    rate' without a window grows with follow-up, and one whose children were followed for unequal
    times favours whoever came last. Returns nothing where all were followed for `days`.

    >>> refuse_undated_repeats(pd.DataFrame({"followed_days": [182, 365]}), days=182)

    Raises WrongUse otherwise, and names the call that gives the share rightly.
    """
    if days is None:
        raise WrongUse(
            _(
                "A share of children with a repeat says nothing until it is said within how many "
                "days. Name a window: `windowed(at_risk, cohort, days=…, complete_only=True)`."
            )
        )
    must_have(children, [followed])
    short = int((~(children[followed] >= days)).sum())
    if short:
        raise WrongUse(
            _(
                "{short} of {children} children were not followed for all of the {days} days, so a "
                "plain share of repeats compares unequal times. Take those whose window is "
                "complete (`windowed(…, complete_only=True)`), or let each count for as long as "
                "it was followed (`kaplan_meier`).",
                short=short,
                children=len(children),
                days=days,
            )
        )


def described(found: Found) -> Found:
    """A before/after comparison as what it may be: a description, at level 2, and warned of.

    Every figure loses any higher level and any role but 'description', and bears the threat
    'regression_to_the_mean' as not met.

    >>> from evaluation.nouns import Estimate
    >>> told = described(Found(estimates=(Estimate("", "rate_ratio", value=0.5, role="primary"),)))
    >>> told.one().design_level, told.one().role, told.one().unmet
    (2, 'description', ('regression_to_the_mean',))
    """
    threat = "regression_to_the_mean"
    marked = tuple(
        replace(
            one,
            role="description",
            design_level=min(one.design_level or 2, 2),
            met=tuple(code for code in one.met if code != threat),
            unmet=one.unmet if threat in one.unmet else (*one.unmet, threat),
        )
        for one in found
    )
    warning = Beware(
        threat,
        _(
            "This compares the same children before and after, which describes and does not show "
            "an effect: a referral follows a spike, and a fall is to be expected without any "
            "service."
        ),
    )
    return replace(found, estimates=marked, beware=(*found.beware, warning))
