"""Sequential trials: given it now against not given it yet, nor later, from every eligible moment.

Whoever is not given something at one moment may be given it at the next, and a comparison of first
moments alone is then of now and a little later. Here every eligible moment of a child begins a
trial, a child that is given it later is censored there, and those like it who are not stand for
it. Where the children most likely to be given it next are also those of whom most is to come,
few of them ever stay, and weights alone come out too low: so what is still to come is modelled as
well, interval by interval, and the weights mend what the model gets wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating._trials import MEASURES, Window, lay_out, learn
from evaluation.estimating.censoring_weights import Staying
from evaluation.estimating.intervals import checked, without_bias
from evaluation.estimating.resampling import Resampled, figure, limits_of
from evaluation.estimating.weighting import Propensity
from evaluation.language import _

Floats = NDArray[np.float64]

_AT_ONCE = 100
_CELLS = 3_000_000
"""So many weights are held at once, at the most."""


def sequential_trials(
    trials: pd.DataFrame,
    rows: pd.DataFrame,
    *,
    states: pd.DataFrame,
    course: pd.DataFrame,
    alike: Mapping[int, Propensity],
    staying: Staying,
    every: int = 7,
    truncate: float | None = None,
    replicates: int = 1999,
    rng: np.random.Generator,
    confidence: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
) -> Resampled:
    """Rates of 'now' and of 'never', and their ratio, with limits from whole children.

        trials   a row a trial: trial (its key), child_key, zero (its day 0, a whole number on the
                 clock of the moments of `staying`), censored_on (days from there to when the
                 child was given it later; missing where it was not, and for those given it now),
                 and where it is known until (days after which nobody could observe it, such as
                 to a birthday)
        rows     its days at risk as (start, stop] since day 0: trial, start, stop, events
        states   what was known of it as each `every` days began: trial, number (0, 1 …) and
                 columns of numbers. No row where it could not be observed any longer
        course   what became of children while they were not treated, in a trial or not: a row a
                 child and interval, without gaps: child_key, number, the columns of `states` as
                 it began, its events and days_at_risk (missing where it was not seen to its end)
        alike    for each window of days the propensity of its trials, whose child_key is the trial

    A child may be in many trials. What was to come of the treated had they never been given it is

        what a model expects, from their states on day 0, plus
        what it got wrong, interval by interval, in trials of the comparison while they stayed

    The latter weigh their odds of having been treated times one over their chance of having
    stayed so until then, scaled so that in each interval those who stayed stand for all who
    began (which is what stabilises weights). The model takes what comes in one interval, and the
    state after it, to be linear in the state before, and learns that from `course`; what comes
    in a window is then linear too. The figure is right if either the model or the weights are
    (doubly robust). `truncate=0.95` sets weights of staying above their 95th percentile to it:
    the few who stay although hardly anybody like them does then mend the model less.

        rate                 treated, comparison   events per 100 child-days
        rate_ratio           contrast
        difference_per_100   contrast              events per 100 trials of the treated
        weighted_rate_ratio  contrast              by weights alone
        modelled_rate_ratio  contrast              by the model alone
        censored             comparison            share of its trials censored in the window
        effective_children   comparison            what weights, and several trials, leave
        weight_of_staying    mean, largest         over the intervals of the comparison's trials
        weights_truncated    comparison            a share of those intervals

    `children` are distinct children. They are drawn again whole, with all their trials and moments,
    and all models are fitted anew in each of the `replicates`; from ratios the bias is taken that
    the draws show (`intervals.without_bias`), as `whole_child` does.

    >>> from evaluation.estimating.censoring_weights import censoring_weights
    >>> from evaluation.estimating.weighting import propensity
    >>> trials = pd.DataFrame({"trial": range(40), "child_key": range(40), "zero": 0,
    ...     "arm": ["now", "not"] * 20, "censored_on": [None, None, None, 30.0] * 10})
    >>> rows = pd.DataFrame({"trial": range(40), "start": 0, "stop": 60,
    ...     "events": [0, 2, 1, 0, 1, 4, 0, 1] * 5})
    >>> states = pd.DataFrame({"trial": [*range(40)] * 2, "number": [0] * 40 + [1] * 40})
    >>> course = pd.DataFrame({"child_key": range(1, 40, 2), "number": 0, "events": [2, 0, 4, 1] * 5,
    ...     "days_at_risk": 30})
    >>> moments = pd.DataFrame({"child_key": range(1, 40, 2), "day": 30, "censored": [0, 1] * 10})
    >>> alike = propensity(trials.assign(child_key=trials["trial"]), [], treated="now")
    >>> found = sequential_trials(trials, rows, states=states, course=course,
    ...     alike={60: alike}, staying=censoring_weights(moments, []), every=30, replicates=99, rng=np.random.default_rng(1))
    >>> round(found.one("weighted_rate_ratio").value, 2), found.one("censored").value
    (0.17, 0.5)

    Raises WrongUse where a column or value is missing, or a propensity has a trial that is not
    there.
    Source: Hernán et al. (2008), Epidemiology 19:766; Danaei et al. (2013), Stat Methods Med Res
    22:70; weights and a model of what is still to come: Bang & Robins (2005), Biometrics 61:962;
    its linear form: Bradtke & Barto (1996), Machine Learning 22:33.
    """
    checked("percentile", replicates, confidence)
    _needs(trials, ("trial", "child_key", "zero", "censored_on"))
    _needs(rows, ("trial", "start", "stop", "events"))
    _needs(states, ("trial", "number"))
    columns = tuple(str(name) for name in states if name not in ("trial", "number"))
    _needs(course, ("child_key", "number", "events", "days_at_risk", *columns))
    if states.isna().to_numpy().any() or course[list(columns)].isna().to_numpy().any():
        raise WrongUse(_("A state lacks a value. Say what is not known by a column of its own."))
    children = pd.Index(sorted({*trials["child_key"], *course["child_key"]}))
    learnt = learn(course, columns, children)
    windows = {
        days: lay_out(
            trials, rows, states=states, course=learnt, alike=own, staying=staying,
            children=children, days=days, every=every, truncate=truncate,
        )
        for days, own in alike.items()
    }  # fmt: skip
    observed = _under(windows, np.ones((1, len(children))), staying.sums())[0]
    most = max((window.size for window in windows.values()), default=1)
    at_once = max(1, min(_AT_ONCE, _CELLS // max(most, len(staying.moments), 1)))
    even = np.full(len(children), 1 / max(len(children), 1))
    drawn: list[Floats] = []
    for begin in range(0, replicates, at_once):
        times = rng.multinomial(len(children), even, size=min(at_once, replicates - begin))
        multiplicity = times.astype(float)
        drawn.append(_under(windows, multiplicity, staying.sums(multiplicity, children)))
        if progress is not None:
            progress(begin + len(times), replicates)
    draws = np.concatenate(drawn)
    keys = [(measure, group, days) for days in windows for measure, group in MEASURES]
    estimates = []
    for place, (measure, group, days) in enumerate(keys):
        limits = limits_of(
            draws[:, place],
            observed[place],
            interval="percentile",
            confidence=confidence,
            speed=0.0,
        )
        why_not = windows[days].why_no_interval(group)
        value = float(observed[place])
        if limits is not None and measure.endswith("ratio"):
            value = without_bias(value, draws[:, place], limits)
        estimates.append(
            figure(
                windows[days].known(measure, group, days),
                value,
                limits,
                draws[:, place],
                why_not=why_not or (None if limits else "not_converged"),
                confidence=confidence,
                on_log=measure.endswith("ratio"),
            )
        )
    for days, window in windows.items():
        estimates += window.told(staying.sums(), days)
    return Resampled(
        estimates=tuple(estimates),
        model=(dict(alike), staying),
        beware=tuple(dict.fromkeys(each for own in alike.values() for each in own.beware)),
        replicates=replicates,
        draws=pd.DataFrame(
            draws, columns=pd.MultiIndex.from_tuples(keys, names=["measure", "group", "days"])
        ),
    )


def _under(windows: Mapping[int, Window], multiplicity: Floats, sums: Floats) -> Floats:
    if not windows:
        return np.empty((len(multiplicity), 0))
    return np.hstack([window.figures(multiplicity, sums) for window in windows.values()])


def _needs(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise WrongUse(_("There are no such columns: {columns}.", columns=", ".join(lacking)))
