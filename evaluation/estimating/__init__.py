"""Estimators: frames in, frozen results out; every function names the source of its formula.

    proportions   Wilson's and Newcombe's limits
    survival      Kaplan-Meier at fixed days
    weighting     propensity: weights that make two arms alike; balance and overlap
    ipw, aipw     means, risks and rates of arms made alike, by weights, models or both
    matching      each treated child beside those most like it; weighting is preferred
    counts        rates per 100 child-days, their ratio, negative binomial regression
    recurrent     events that happen again: Andersen-Gill, Prentice-Williams-Peterson
    causes        hazards of one kind of event where another kind ends the wait
    bootstrap     intervals from resampling whole children, propensity refitted each time
    resampling    the same for any figure of any frame, one call a replicate
    power         what a comparison of this size could detect
    charts        control charts and funnels: limits, and the points that are more than noise

Children are joined by `child_key`; `treated` names the arm whose effect is asked about, and
every other child is the comparison. What cannot be estimated is missing, with a reason in a
short code: 'no_comparison', 'no_events', 'no_follow_up', 'not_converged'.
"""
