"""Sequential trials: given it now against not given it yet, nor later, from every eligible moment.

Whoever is not given something at one moment may be given it at the next, and a comparison of first
moments alone is then of now and a little later. Here every eligible moment of a child begins a
trial, a child that is given it later is censored there, and those like it who are not stand for
it. Where the children most likely to be given it next are also those of whom most is to come,
few of them ever stay, and weights alone come out too low: so what is still to come is modelled as
well (`recurring`), and the weights mend, interval by interval, what the model gets wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating._ahead import Ahead, states
from evaluation.estimating._trials import MEASURES, Window, begun, lay_out
from evaluation.estimating.censoring_weights import Staying
from evaluation.estimating.intervals import checked, without_bias
from evaluation.estimating.recurring import Recurring, recurring
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
    record: pd.DataFrame | None,
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
                 to a birthday) and seen_to (days after which it was lost from sight)
        rows     its days at risk as (start, stop] since day 0: trial, start, stop, events
        record   what became of children while they were not treated, in a trial or not, for the
                 model of `recurring`: child_key, start, stop, events, learnt, and covariates. It
                 reaches up to day 0 of every trial, and beyond it in the comparison. None: nothing
                 is modelled, and the figure is that of weights alone
        alike    for each window of days the propensity of its trials, whose child_key is the trial

    A child may be in many trials. What was to come of the treated had they never been given it is

        what a model expects, from their states on day 0, plus
        what it got wrong, interval by interval, in trials of the comparison while they stayed

    Each `every` days are an interval. What it got wrong weighs the odds of having been treated
    times one over the chance of having stayed so until then, scaled so that in each interval those
    who stayed stand for all who began (which is what stabilises weights). The figure is right if
    either the model or the weights are (doubly robust). `truncate=0.95` sets weights of staying
    above their 95th percentile to it: the few who stay although hardly anybody like them does then
    mend the model less. Days away for other reasons are not foretold, nor is who moves away.

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
    >>> record = pd.DataFrame({"child_key": [*range(40)] * 2, "start": [-60] * 40 + [-30] * 40,
    ...     "stop": [-30] * 40 + [0] * 40, "events": [1] * 40 + [1, 0] * 20,
    ...     "learnt": [False] * 40 + [True] * 40})
    >>> moments = pd.DataFrame({"child_key": range(1, 40, 2), "day": 30, "censored": [0, 1] * 10})
    >>> alike = propensity(trials.assign(child_key=trials["trial"]), [], treated="now")
    >>> found = sequential_trials(trials, rows, record=record,
    ...     alike={60: alike}, staying=censoring_weights(moments, []), every=30, replicates=99,
    ...     rng=np.random.default_rng(1))
    >>> round(found.one("weighted_rate_ratio").value, 2), found.one("censored").value
    (0.17, 0.5)

    Raises WrongUse where a column or value is missing, or a propensity has a trial that is not
    there.
    Source: Hernán et al. (2008), Epidemiology 19:766; Danaei et al. (2013), Stat Methods Med Res
    22:70; weights and a model of what is still to come: Bang & Robins (2005), Biometrics 61:962;
    where few ever stay: Petersen et al. (2012), Stat Methods Med Res 21:31.
    """
    checked("percentile", replicates, confidence)
    _needs(trials, ("trial", "child_key", "zero", "censored_on"))
    _needs(rows, ("trial", "start", "stop", "events"))
    model = None if record is None else recurring(record, _covariates(record))
    children = pd.Index(sorted({*trials["child_key"], *(() if model is None else model.children)}))
    moments = begun(_with_arm(trials, alike), every=every, most=max(alike, default=0))
    windows = {
        days: lay_out(
            trials, rows, moments=pd.Series(range(len(moments)), index=moments.index), alike=own,
            staying=staying, children=children, days=days, every=every, truncate=truncate,
        )
        for days, own in alike.items()
    }  # fmt: skip
    ahead = None
    if model is not None:
        ahead = Ahead(
            model=model,
            states=states(model, _places(model, trials, moments), moments.to_numpy(dtype=float)),
            place=children.get_indexer(model.children),
            to_go=[window.to_go for window in windows.values()],
        )
    observed = _under(windows, np.ones((1, len(children))), staying.sums(), ahead)[0]
    most = max((window.size for window in windows.values()), default=1)
    at_once = max(1, min(_AT_ONCE, _CELLS // max(most, len(staying.moments), 1)))
    even = np.full(len(children), 1 / max(len(children), 1))
    drawn: list[Floats] = []
    for begin in range(0, replicates, at_once):
        times = rng.multinomial(len(children), even, size=min(at_once, replicates - begin))
        multiplicity = times.astype(float)
        drawn.append(_under(windows, multiplicity, staying.sums(multiplicity, children), ahead))
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


def _under(
    windows: Mapping[int, Window], multiplicity: Floats, sums: Floats, ahead: Ahead | None
) -> Floats:
    if not windows:
        return np.empty((len(multiplicity), 0))
    to_come = (
        [np.zeros((len(multiplicity), len(own.to_go), 2)) for own in windows.values()]
        if ahead is None
        else ahead.to_come(multiplicity)
    )
    return np.hstack(
        [
            window.figures(multiplicity, sums, own)
            for window, own in zip(windows.values(), to_come, strict=True)
        ]
    )


def _covariates(record: pd.DataFrame) -> list[str]:
    known = {"child_key", "start", "stop", "events", "learnt"}
    return [str(name) for name in record if name not in known]


def _with_arm(trials: pd.DataFrame, alike: Mapping[int, Propensity]) -> pd.DataFrame:
    """The trials of any window, and whether each is of those treated."""
    arms = [pd.Series(own.is_treated, index=own.children["child_key"]) for own in alike.values()]
    arm = pd.concat(arms) if arms else pd.Series(dtype=bool)
    own = trials[trials["trial"].isin(arm.index)].reset_index(drop=True)
    return own.assign(treated=own["trial"].map(arm[~arm.index.duplicated()]).astype(bool))


def _places(model: Recurring, trials: pd.DataFrame, moments: pd.Series) -> NDArray[np.intp]:
    """The place of each moment's child among those on record. Raises WrongUse where one is not."""
    child = trials.set_index("trial")["child_key"]
    place = model.children.get_indexer(pd.Index(child.loc[moments.index.get_level_values(0)]))
    if (place < 0).any():
        raise WrongUse(_("A child of a trial is not on the record."))
    return np.asarray(place, dtype=np.intp)


def _needs(frame: pd.DataFrame, columns: tuple[str, ...]) -> None:
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise WrongUse(_("There are no such columns: {columns}.", columns=", ".join(lacking)))
