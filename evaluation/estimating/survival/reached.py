"""The day by which a share of children have had an event of one kind, where others can come first."""

from __future__ import annotations

from dataclasses import replace

from evaluation.estimating.found import Found
from evaluation.estimating.survival._quantiles import must_be_shares, reached
from evaluation.estimating.survival._told import known
from evaluation.estimating.survival.incidence import Incidence


def day_reached(found: Incidence, cause: object, *, share: float = 0.5) -> Found:
    """The day by which `share` of all children have had an event of one kind, for each group.

    Of all of them, those who had another kind first included, who never will. So it may not be
    reached at all ('not_reached'), however long one waits. Limits are the days on which the
    limits of the incidence pass the share.

    >>> from evaluation.estimating.survival import cumulative_incidence
    >>> kinds = ["seen", "seen", "declined", "seen", "no", "no"]
    >>> found = cumulative_incidence([3, 5, 6, 9, 9, 9], kinds, censored="no")
    >>> day_reached(found, "seen", share=0.4).one("quantile_0.4_days").value
    9.0

    One figure a group: measure 'median_days', or for another share such as 0.25
    'quantile_0.25_days'; `children` and `of` all, `events` of the kind on any day.
    Raises WrongUse where no event is of the kind, or the share does not lie between 0 and 1.
    Source: as `kaplan_meier` (Brookmeyer & Crowley, 1982, Biometrics 38:29), on the incidence.
    """
    must_be_shares([share])
    of_kind = found.of(cause).estimates
    steps = found.model[found.model["cause"] == str(cause)]
    figures = []
    for group, own in steps.groupby("group", sort=False):
        last = [one for one in of_kind if one.group == group][-1]
        day = own["day"].to_numpy()
        value, low, high = (
            known(reached(day, 1 - own[end].to_numpy(), share))
            for end in ("incidence", "high", "low")
        )
        figures.append(
            replace(
                last,
                measure="median_days" if share == 0.5 else f"quantile_{share:g}_days",
                days=None,
                children=last.of,
                events=None,
                value=value,
                low=low,
                high=high,
                se=None,
                why_not="not_reached" if value is None else None,
            )
        )
    return Found(estimates=tuple(figures), beware=found.beware)
