"""Estimators: frames in, a `Found` out; every function names the source of its formula.

Children are joined by `child_key`. Time at risk comes from `evaluation.following`: (start, stop]
rows in whole days by `at_risk_table`, `split` where a child's state changes, `windowed` to a row
a child. In the order of an evaluation the rooms are:

    describe
    survival            kaplan_meier, rmst, cumulative_incidence, day_reached, mean_cumulative
    proportions         wilson, clopper_pearson, newcombe, newcombe_paired
    change, paired      change, change_bounds; mcnemar, bowker, stuart_maxwell
    charts              xmr, u_chart, p_chart, funnel; shrinkage.shrunken_shares
    count
    counts              rate, rate_ratio_exact, rates, rate_ratio_robust, rate_ratio_adjusted,
                        poisson, negative_binomial, gee, within_child, case_series
    compare
    weighting, ipw      propensity, ipw; balance before and after, overlap, effective size
    aipw                aipw, regression_adjustment: models of the outcome as well
    matching            match, matched_difference; weighting is preferred
    bootstrap           whole_child: intervals from whole children, propensity refitted
    resampling          resample_children: the same for any figure of any frame
    cox                 cox, cox_from_cells, Cox: one event a child, or (start, stop] rows
    recurrent, causes   andersen_gill, pwp_total, pwp_gap; cause_specific
    survival            log_rank, and the contrasts of rmst and mean_cumulative
    two_by_two          risk_ratio, odds_ratio, fisher, mantel_haenszel
    logistic, ordered   logistic (Firth's where separated), ordered_logit
    series              interrupted_series: before and after a date
    sequential_trials   given it now against not given it yet; censoring_weights for who stays
    check
    guards              the field's traps: looked for in any data, or refused
    e_value             e_value, e_value_difference: how strong an unseen cause must be
    multiplicity        holm, benjamini_hochberg
    design
    power, sample_size  minimum_detectable_*; events_needed, expected_events, children_needed_*
    spending            looks: interim looks at rising information

`found.Found` is what each gives: `estimates` (rows of `nouns.Estimate`), `.one(measure, group,
days, outcome=)`, `.table`, `beware` (traps near, in words), and `model`, the fitted object.
Their `measure` is one of:

    ratios, with se of the log        hazard_ratio, rate_ratio, risk_ratio, odds_ratio,
                                      mean_events_ratio, rmst_ratio
    differences                       risk_difference, mean_difference, rate_difference,
                                      rmst_difference, mean_events_difference,
                                      difference_per_100 (children)
    by arm or group                   rate (per 100 child-days), risk, mean, share, survival, rmst,
                                      cumulative_incidence, mean_events, median_days
    tests (value is the statistic)    log_rank, brant, mcnemar, bowker, stuart_maxwell,
                                      cochran_mantel_haenszel
    about the comparison              smd_before, smd_after, effective_children, dispersion,
                                      working_correlation, minimum_detectable_*, e_value

`unmet` names the threats that are there or cannot be checked, `met` those looked for and not
found. Their words are in `evaluation.wording.reasons`:

    few_events  few_children  few_clusters      too little to lean on
    separation  collinear  not_converged        the model has no estimate, or not one
    non_proportional_hazards  crossed_lines     one ratio for what is not one
    overdispersion  clustering  autocorrelation intervals too narrow
    competing_events  truncation                who ends otherwise, who came or stays unseen
    time_not_at_risk  missing_values            time, or rows, that should not or do not count
    no_overlap  imbalance  covariates_left_out  arms that are not made alike
    unmeasured_confounding                      always there without an allocation by lot
    regression_to_the_mean  changed_at_once     before and after a spike, or two changes in one

What cannot be estimated from sound data has no value, and `why_not` says why: no_events,
no_comparison, no_follow_up, no_variation, not_reached, not_converged, separation, collinear,
too_few_children. Bad use (a column that is not there, negative weights) raises WrongUse.
"""
