"""Codes that figures carry, and the words for each. A code without words is a fault."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from evaluation.language import Text, _
from evaluation.nouns import Figure

REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "no_comparison": _("there is no group to compare with"),
        "too_few_children": _("there are too few children for a comparison"),
        "no_events": _("nothing was recorded to count"),
        "not_converged": _("the calculation does not settle on an answer"),
        "no_variation": _("all children fared alike"),
        "collinear": _("another column says the same"),
        "separation": _("the groups share no middle ground, so that there is no end to it"),
        "not_reached": _("too few have had the event by the last day followed"),
        "nothing_changed": _("what is counted as missing did not change in the time looked at"),
        "no_return": _("a return that it needs has not come"),
        "year_not_over": _("the financial year in question is not over"),
        "no_follow_up": _("no child has been followed for long enough"),
        "small_base": _("a percentage of so few children would mislead"),
        "all_or_none": _("none or all of them would say something about every child"),
        "calendars_unknown": _("nobody has told on which days the schools are closed"),
        "few_periods": _("there are too few months on either side of the date"),
        "few_months": _("there are too few months to say what is usual"),
        "months_withheld": _("some months are withheld, and the others alone would mislead"),
    }
)
"""Why there is no value; each completes 'this cannot be estimated, because …'."""

WITHHELD_BECAUSE: Mapping[str, Text] = MappingProxyType(
    {
        "few_children": _("it comes from too few children"),
        "complement": _("it would give a number of too few children away"),
        "small_arm": _("one side of the comparison comes from too few children"),
        "few_at_risk": _("too few children are still followed"),
        "dominance": _("one child had most of what it counts"),
        "secondary": _("with other figures it would give a number of too few children away"),
        "earlier_release": _(
            "with an earlier release it would give a number of too few children away"
        ),
    }
)
"""Why a figure is withheld; each completes 'withheld, because …'."""

CORRECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "late_return": _("a return came after it"),
        "corrected_return": _("a provider corrected a return"),
        "withdrawn_return": _("a return was taken back"),
        "analysis": _("a fault of the analysis was mended"),
        "plan": _("the analysis plan was changed"),
    }
)
"""Why a release takes the place of an earlier one; each completes 'corrected, because …'."""

RULES_OF_WITHHOLDING: Mapping[str, Text] = MappingProxyType(
    {
        "primary": _("Too few children stand behind the figure"),
        "dominance": _("One child had most of what the figure counts"),
        "complement": _("What is left of the total would be too few children"),
        "secondary": _("Together with other figures it would give one of those away"),
        "earlier_release": _("Together with an earlier release it would give one away"),
    }
)
"""The rules of `evaluation.disclosure.withheld_by_rule`, as lines of a table."""

ASSUMPTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "unmeasured_confounding": _(
            "The groups were made alike only in what the returns record. They may still differ in "
            "ways that nobody wrote down, and that could explain a difference or hide one."
        ),
        "crossing_over": _(
            "Some children in the comparison group were referred later. That makes the groups more "
            "alike, and the difference smaller than it would otherwise be."
        ),
        "informative_censoring": _(
            "Children referred later stop counting on that day, and their later episodes are "
            "estimated from children like them. That holds only if what was recorded tells who was "
            "referred later."
        ),
        "few_stay": _(
            "Many of the comparisons end in a referral, and the children with most episodes still to "
            "come hardly ever stay unreferred, so that a model has to stand for them. In invented "
            "returns, in which episodes come as the model has them, the figure was right on average; "
            "nobody has measured it where they come otherwise."
        ),
        "time_away_not_removed": _(
            "Time away from home (custody, secure accommodation, hospital) is not all taken out, "
            "because not every return of it has come."
        ),
        "few_children": _(
            "After weighting, few children remain behind the comparison, so one child can move "
            "the result."
        ),
        "carried_by_few": _(
            "Very few children had a large part of the events. The result leans on them, and might "
            "be another without them."
        ),
        "covariates_left_out": _(
            "There are too few children to make the groups alike in everything that the plan names. "
            "They may still differ in what had to be left out."
        ),
        "imbalance": _("Weighting did not make the groups fully alike in what the returns record."),
        "large_imbalance": _(
            "Even after weighting the groups are far from alike in what the returns record, so a "
            "difference between them may have been there from the start."
        ),
        "regression_to_the_mean": _(
            "Children are referred at their worst, so a fall is to be expected afterwards with or "
            "without a service."
        ),
        "calm_baseline": _(
            "There is no comparison group. The days just before the referral stand apart, so each "
            "child is compared with its own calmer days: a spell of events that lasts beyond the "
            "referral raises the ratio, whatever the service does. Age and season are not allowed "
            "for. A ratio above 1 is no sign of harm."
        ),
        "departs_from_plan": _(
            "The plan that was written down beforehand does not name it. Whoever looks at many "
            "figures finds one that stands out by chance, so no conclusion is drawn from this one."
        ),
        "definition_changed": _(
            "The recording definition changed within the time looked at, so that numbers before "
            "and after the change are not alike."
        ),
        "changed_at_once": _(
            "Something else changed at the same time, and a series cannot tell the two apart."
        ),
        "process_only": _(
            "This tells whether schools were told in time. It does not tell what became of the "
            "children."
        ),
        "calendars_unknown": _(
            "Where a school’s closures are not known, nobody can say when it next opened. Those "
            "incidents are left out."
        ),
        "returns_missing": _("A return within the period has not come, so some may be missing."),
        "few_events": _(
            "The figure rests on few events, so a handful more or fewer would change it."
        ),
        "non_proportional_hazards": _(
            "The ratio between the groups changes as time goes on. One ratio for the whole time is "
            "an average that may fit no part of it."
        ),
        "separation": _(
            "Something recorded tells without fail which children had the event. The figure had to "
            "be held back from running to an extreme, and leans on the method used for that."
        ),
        "no_overlap": _(
            "Some referred children have nobody like them among the others, so that part of the "
            "comparison is a guess."
        ),
        "few_clusters": _(
            "The figure compares few areas or organisations, so chance differences between them "
            "weigh heavily and the interval may still be too narrow."
        ),
        "crossed_lines": _(
            "Effects differ from one step of the scale to the next, so one ratio for all steps is "
            "an average of unlike ones."
        ),
        "overdispersion": _(
            "The numbers of events differ from child to child by more than the method allows for, "
            "so the interval is too narrow."
        ),
        "competing_events": _(
            "Some children’s follow-up ended in another way that made the event impossible, and "
            "the figure takes no account of that."
        ),
        "time_not_at_risk": _(
            "Days on which a child could not have had an event are still counted, which makes "
            "rates look lower than they are."
        ),
        "collinear": _(
            "Two of the things recorded say the same, so what belongs to which of them cannot be "
            "told apart."
        ),
        "clustering": _(
            "Several records of one child are counted as if they were of different children, so "
            "the interval is too narrow."
        ),
        "truncation": _(
            "Some cases began before the period or were still open at its end, so how long cases "
            "last is not fully seen."
        ),
        "autocorrelation": _(
            "What happens in one period says something of the next, and the interval allows for "
            "that only in part."
        ),
        "missing_second_band": _(
            "Some children have no later assessment. Those who have one may not be like them."
        ),
    }
)
"""What does not hold, or cannot be checked, behind a figure."""

LEVELS: Mapping[int, Text] = MappingProxyType(
    {
        1: _("Level 1 of 5: a count at one time, without comparison."),
        2: _("Level 2 of 5: before and after, without a comparison group. Monitoring, not impact."),
        3: _("Level 3 of 5: a comparison group, made alike in what is recorded."),
        4: _("Level 4 of 5: a comparison that also rules out much of what is not recorded."),
        5: _("Level 5 of 5: children or places were assigned by lot."),
    }
)
"""The Maryland Scientific Methods Scale, in a sentence each."""

METHODS: Mapping[str, Text] = MappingProxyType(
    {
        "wilson": _("Wilson's interval for a proportion"),
        "share_by_family": _("Share of records, with limits that allow for families"),
        "kaplan_meier_by_family": _("Kaplan-Meier, with limits that allow for families"),
        "mean_cumulative_by_family": _(
            "Mean cumulative count, with limits that allow for families"
        ),
        "p": _("Control chart of shares"),
        "p_laney": _("Control chart of shares, its limits widened as the points call for (Laney)"),
        "interrupted_quasi_poisson_ar1": _(
            "Interrupted series of months, of which neighbours may be alike"
        ),
        "aalen_johansen": _("Aalen-Johansen: what ends first is allowed for"),
        "gee_binomial": _("A share of sessions; the interval allows for children, who differ"),
        "logistic_standardised": _(
            "Logistic regression; the mean of what it expects if all children were of the group"
        ),
        "firth_standardised": _(
            "Logistic regression with Firth’s penalty; the mean of what it expects if all children "
            "were of the group"
        ),
        "beta_binomial": _("Drawn towards the mean of the groups, small groups most"),
        "pounds_per_rounded_child": _("The contract’s sum over the rounded number of children"),
        "poisson_robust": _("A mean; the interval allows for sessions, which differ"),
        "u": _("Control chart of a rate: three standard deviations either side of the centre"),
        "u_laney": _(
            "Control chart of a rate, its limits widened because points move more than chance "
            "moves them (Laney)"
        ),
        "ordered_logit_clustered": _(
            "Ordered logit model; each child counts twice and is a cluster"
        ),
        "bowker": _("Bowker’s test of symmetry"),
        "stuart_maxwell": _("Stuart and Maxwell’s test of the margins"),
        "planning_values": _("From planning values and the number of children only"),
        "att_weights_bootstrap": _("Weighted to those referred; whole children drawn again"),
        "bootstrap": _("Not weighted; whole children drawn again"),
        "sequential_trials_bootstrap": _(
            "Every eligible meeting a trial of its own, later referrals censored; weights and a model "
            "of what was still to come; whole children drawn again"
        ),
        "aipw_att_bootstrap": _(
            "Weights and a model of the outcome, for those referred; whole children drawn again"
        ),
        "matching": _("Each child beside the one most like it"),
        "weighted_cox_by_child": _("Cox model, weighted to those referred; errors by child"),
        "weighted_poisson_by_child": _(
            "Poisson model, weighted to those referred; errors by child"
        ),
        "weighted_rmst": _("Area under the weighted curve; errors by child"),
        "weighted_mean_cumulative": _("Mean number by a day, weighted; errors by child"),
        "case_series": _("Each child beside its own earlier time"),
        "e_value_rate_ratio": _("E-value of the ratio"),
        "share_by_child": _("Share of episodes, with errors by child"),
        "negative_binomial": _("Negative binomial model, not weighted"),
        "kaplan_meier_att_bootstrap": _(
            "Kaplan-Meier, weighted to those referred; whole children drawn again"
        ),
    }
)
"""How a figure was made, for those who ask."""


def because(figure: Figure | None) -> Text | None:
    """The clause that says why a figure shows no value; None where it shows one."""
    if figure is None:
        return _("this release does not hold it")
    if figure.withheld:  # before the reason, which could tell what is withheld
        return WITHHELD_BECAUSE.get(figure.withheld, Text(figure.withheld))
    if figure.why_not:
        return REASONS.get(figure.why_not, Text(figure.why_not))
    return None
