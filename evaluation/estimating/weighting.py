"""Makes two arms alike by weights from a propensity model, and says how well that went."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from evaluation.errors import WrongUse
from evaluation.estimating._overlap import threats, told
from evaluation.estimating._statsmodels import Binomial, Glm
from evaluation.estimating.balance import (
    NO_BALANCE,
    Estimand,
    balance,
    effective_sample_size,
    outside_common_support,
)
from evaluation.estimating.columns import must_have
from evaluation.estimating.design import Dropped, choose, expand
from evaluation.estimating.found import Found
from evaluation.estimating.limits import CannotEstimate
from evaluation.estimating.recipe import Recipe
from evaluation.language import n_

Flags = NDArray[np.bool_]

BY_CHANCE = 0.05
"""A difference that is seen more often than this between arms drawn at random is chance."""

SEPARATED = 8.0
"""A coefficient beyond this, per standard deviation or level, means that arms are separated."""


@dataclass(frozen=True, kw_only=True)
class Propensity(Found):
    """Weights that make the arms alike, and how well they do.

    `children` has a row a child: child_key, arm, score (the chance of being treated) and weight
    (for the effect on those treated: 1 for a treated child, score / (1 - score) for another).
    `balance` has a row a column of every covariate that varies, in the model or not: covariate,
    smd_before, smd_after, variance_ratio_before, variance_ratio_after (of what is not 0/1) and
    by_chance (see `balance`).
    `effective_sample_size` is how many unweighted comparison children the weighted ones are
    worth, `effective_treated` the same of those treated. `outside` marks the children beyond the
    common range of scores. `design` holds the model's columns, intercept first; `model` is the
    fitted statsmodels object, `recipe` how scores become weights.

        smd_before, smd_after                          by covariate
        variance_ratio_before, variance_ratio_after    by covariate
        effective_children                             treated, comparison
        lowest_score, highest_score                    treated, comparison
        outside_common_support                         treated, comparison; a share
        largest_weight_share                           treated, comparison; of the arm's weight
        weights_above_10                               treated, comparison; a share
        weights_truncated                              treated, comparison; a share
    """

    treated: str
    recipe: Recipe
    children: pd.DataFrame = field(repr=False)
    covariates: tuple[str, ...]
    dropped: tuple[Dropped, ...]
    pooled: tuple[str, ...]
    balance: pd.DataFrame = field(repr=False)
    effective_sample_size: float
    effective_treated: float
    outside: Flags = field(repr=False)
    design: pd.DataFrame = field(repr=False)

    @property
    def is_treated(self) -> Flags:
        """Which rows of `children` are treated."""
        return np.asarray(self.children["arm"] == self.treated)

    @property
    def estimand(self) -> Estimand:
        """Whose effect the weights are for."""
        return self.recipe.estimand

    @property
    def largest_imbalance_before(self) -> float:
        """The largest absolute standardised difference before weighting; 0 without covariates."""
        return float(self.balance["smd_before"].abs().max()) if len(self.balance) else 0.0

    @property
    def largest_imbalance_after(self) -> float:
        """The largest absolute standardised difference after weighting; 0 without covariates."""
        return float(self.balance["smd_after"].abs().max()) if len(self.balance) else 0.0

    @property
    def largest_imbalance_beyond_chance(self) -> float:
        """The largest after weighting among those that chance does not explain; 0 without any.

        Chance explains a difference where one draw in twenty, or more, of arms as large as the
        weights leave them would have some column that differs so much: its `by_chance` times the
        number of columns (Bonferroni) is 0.05 or more.
        """
        told = self.balance[self.balance["by_chance"] * len(self.balance) < BY_CHANCE]
        return float(told["smd_after"].abs().max()) if len(told) else 0.0

    @property
    def effective_share(self) -> float:
        """The effective sample size as a share of the comparison children."""
        return self.effective_sample_size / int((~self.is_treated).sum())

    @property
    def unmet(self) -> tuple[str, ...]:
        """Threats that are there, or that weights can never rule out."""
        return (*(each.trap for each in self.beware), "unmeasured_confounding")

    @property
    def met(self) -> tuple[str, ...]:
        """Threats that were looked for and not found."""
        looked_for = ("no_overlap", "imbalance", "few_children", "covariates_left_out")
        return tuple(code for code in looked_for if code not in self.unmet)


def propensity(
    children: pd.DataFrame,
    covariates: Sequence[str],
    *,
    treated: str,
    estimand: Estimand = "att",
    stabilised: bool = False,
    truncate: float | None = None,
    events_per_parameter: float = 10.0,
    fewest_in_level: int = 5,
) -> Propensity:
    """Fit the chance of being treated by a logistic model, and weight the arms to be alike.

    `children` has a row a child: child_key, arm, and the covariates, as known at time zero.
    `estimand` says whose effect it is: of those treated ('att': others weigh their odds), of all
    children ('ate': each weighs one over the chance of the arm that it is in), or of those who
    might have gone either way ('ato': each weighs the chance of the other arm). `stabilised`
    multiplies by the share of the arm, which moves no mean and makes the weights of the arms
    add up to children. `truncate=0.99` sets weights above their 99th percentile to it (for
    'att' of the comparison's weights): less spread, and some bias; `weights_truncated` tells of
    how many. Scores are never clipped.

    `covariates` come in order of importance: they go in while the parameters, the intercept
    included, number at most the smaller arm / `events_per_parameter` (0: as many as there are);
    one that is too wide is passed over. Texts become 0/1 columns (`design.expand` says how; a
    level with fewer than `fewest_in_level` in an arm is pooled). Where the arms are separated
    the last covariate is taken out and the model fitted again. `dropped` says what was left out
    and why: 'constant', 'too_few_events', 'collinear', 'separation'.

    >>> children = pd.DataFrame({
    ...     "child_key": list("ABCDEFGH"),
    ...     "arm": ["referred"] * 4 + ["not_referred"] * 4,
    ...     "episodes": [3, 4, 5, 4, 3, 4, 5, 3],
    ... })
    >>> weighted = propensity(children, ["episodes"], treated="referred", events_per_parameter=2)
    >>> weighted.covariates, round(weighted.effective_sample_size, 2)
    (('episodes',), 3.53)
    >>> round(weighted.one("smd_after", "episodes").value, 3)
    -0.063

    `ipw` compares means, risks and rates under the weights, `aipw` with a model of the outcome
    beside them, and `whole_child` gives limits that know the weights were estimated. Whatever
    else takes weights takes those of `children`, with errors robust by child:

    >>> from evaluation.estimating.counts import poisson
    >>> from evaluation.estimating.cox import Cox
    >>> from evaluation.estimating.survival import kaplan_meier
    >>> outcomes = pd.DataFrame({
    ...     "child_key": list("ABCDEFGH"), "days": [90, 40, 60, 90, 20, 70, 90, 30],
    ...     "again": [0, 1, 1, 0, 1, 1, 0, 1], "events": [0, 2, 1, 0, 3, 1, 0, 2],
    ... })
    >>> rows = outcomes.merge(weighted.children, on="child_key")
    >>> curve = kaplan_meier(rows["days"], rows["again"], group=rows["arm"],
    ...     weights=rows["weight"], child=rows["child_key"], at=[60])
    >>> round(curve.one("survival", "not_referred").value, 3)
    0.656
    >>> hazards = Cox.from_formula("days ~ arm", rows, event="again", weights="weight",
    ...     cluster="child_key").fit(warn=False)
    >>> round(float(np.exp(hazards.params.iloc[0])), 3)
    0.753
    >>> rates = poisson("events ~ arm", rows, days="days", weights="weight", cluster="child_key")
    >>> round(rates.one("rate_ratio").value, 3)
    0.597

    Raises WrongUse where a column is missing, an arm is missing or a child has two rows;
    CannotEstimate where an arm is empty, or not even the shares of the arms can be fitted.
    Source: Rosenbaum (1987), J Am Stat Assoc 82:387; Austin (2011), Multivar Behav Res 46:399;
    overlap weights: Li, Morgan & Zaslavsky (2018), J Am Stat Assoc 113:390; truncation: Cole &
    Hernán (2008), Am J Epidemiol 168:656; effective sample size: Kish (1965), Survey Sampling.
    """
    recipe = Recipe(estimand=estimand, stabilised=stabilised, truncate=truncate)
    _one_row_a_child(children, covariates)
    children = children.reset_index(drop=True)
    is_treated = (children["arm"] == treated).to_numpy(dtype=bool)
    smaller_arm = min(is_treated.sum(), (~is_treated).sum())
    if smaller_arm == 0:
        raise CannotEstimate("no_comparison")
    chosen = choose(
        children,
        covariates,
        treated=treated,
        parameters=smaller_arm / events_per_parameter if events_per_parameter else np.inf,
        reserved=1,
        fewest_in_level=fewest_in_level,
    )
    while True:
        design = with_intercept(chosen.columns)
        model = _fit(design, is_treated)
        if model is not None:
            break
        if not chosen.covariates:
            raise CannotEstimate("not_converged")
        chosen = chosen.without_last("separation")

    score = np.asarray(model.fittedvalues, dtype=float)
    even = np.ones((1, len(children)))
    weight = recipe.weights(score[np.newaxis, :], is_treated, even)[0]
    every = [
        expand(children, covariate, treated=treated, fewest_in_level=fewest_in_level).every
        for covariate in covariates
    ]
    table = (
        balance(pd.concat(every, axis=1), is_treated, weight, estimand=estimand)
        if every
        else NO_BALANCE
    )
    outside = outside_common_support(score, is_treated)
    truncated = weight < recipe.whole(score[np.newaxis, :], is_treated, even)[0]
    return Propensity(
        estimates=told(table, score, weight, is_treated, outside=outside, truncated=truncated),
        model=model,
        beware=threats(table, weight, is_treated, outside, chosen.dropped, estimand=estimand),
        treated=treated,
        recipe=recipe,
        children=children[["child_key", "arm"]].assign(score=score, weight=weight),
        covariates=chosen.covariates,
        dropped=chosen.dropped,
        pooled=chosen.pooled,
        balance=table,
        effective_sample_size=effective_sample_size(weight[~is_treated]),
        effective_treated=effective_sample_size(weight[is_treated]),
        outside=outside,
        design=design,
    )


def with_intercept(columns: pd.DataFrame) -> pd.DataFrame:
    """The columns of a design, with the intercept in front."""
    return pd.DataFrame({"intercept": np.ones(len(columns))}, index=columns.index).join(columns)


def _one_row_a_child(children: pd.DataFrame, covariates: Sequence[str]) -> None:
    must_have(children, ["child_key", "arm", *covariates])
    unknown = int(children["child_key"].isna().sum())
    if unknown:
        raise WrongUse(
            n_(
                "{count} row has no child_key. A propensity needs to know whose each row is: "
                "leave the others out first.",
                "{count} rows have no child_key. A propensity needs to know whose each row is: "
                "leave the others out first.",
                unknown,
            )
        )
    armless = int(children["arm"].isna().sum())
    if armless:
        raise WrongUse(
            n_(
                "{count} child has no arm. A propensity needs to know of each child whether it "
                "was treated: leave the others out first.",
                "{count} children have no arm. A propensity needs to know of each child whether "
                "it was treated: leave the others out first.",
                armless,
            )
        )
    repeated = children.loc[children["child_key"].duplicated(), "child_key"].nunique()
    if repeated:
        raise WrongUse(
            n_(
                "{count} child has more than one row. A propensity needs one row a child, with "
                "what was known at time zero.",
                "{count} children have more than one row. A propensity needs one row a child, "
                "with what was known at time zero.",
                repeated,
            )
        )


def _fit(design: pd.DataFrame, is_treated: Flags) -> Any | None:
    """The fitted model, or None where the arms are separated or the fit is not to be trusted."""
    model = Glm(is_treated.astype(float), design, family=Binomial())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separation is looked for below, warned of or not
        # It stops where R's glm stops: a step more moves no coefficient by 1e-7 of itself, but
        # standard errors, taken from the step before, by more than the 1e-5 that R is met to.
        fitted = model.fit(maxiter=100, tol=1e-9, rtol=1e-8)
    coefficients = np.asarray(fitted.params, dtype=float)
    slope = np.asarray(model.score(coefficients), dtype=float)
    scale = np.where(design.isin((0, 1)).all(), 1.0, design.std(ddof=0))
    trusted = (
        np.isfinite(coefficients).all()
        and (np.abs(coefficients * scale)[1:] <= SEPARATED).all()
        and (np.abs(slope) <= 1e-6 * np.maximum(np.abs(design).sum(), 1)).all()
    )
    return fitted if trusted else None
