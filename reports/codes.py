"""Words for the codes of a release's figures, for the dictionary beside the CSV of all figures.

The codes are the release file's own and the same in both languages; only their meaning is said
here. A contract test holds every code that a release bears to have words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from analyses.services import SERVICES, Service
from evaluation.language import Text, _
from evaluation.nouns import AT_LOOK, Figure

SECTIONS: Mapping[str, Text] = MappingProxyType(
    {
        "caseload": _("Whether a service’s caseload adds up, by quarter"),
        "completeness": _("Which returns came, and how often fields are filled in"),
        "costs": _("What a contract costs per child, in pounds"),
        "endings": _("How a service’s work with children ended"),
        "engagement": _("Which groups of children a service reached"),
        "monitoring": _("Series by month, and before and after; for watching"),
        "op_encompass": _("Whether schools are told of domestic abuse, and how soon"),
        "other_outcomes": _("The comparison, of the plan’s other outcomes"),
        "own_records": _("A provider’s own records and their blanks"),
        "positive_futures_sessions": _("Open-access sessions; heads, not children"),
        "re_missing": _("The comparison: going missing again after a referral"),
        "referrals": _("How far children who were referred have come"),
        "return_interviews": _("Return home interviews, by quarter"),
        "returns": _("When returns came, and what waits for a reason"),
        "risk_change": _("Exploitation bands at referral and at closure"),
        "waiting": _("How long children wait"),
    }
)

UNITS: Mapping[str, Text] = MappingProxyType(
    {
        "attendances": _("Attendances, of which one child may have many"),
        "children": _("Distinct children"),
        "days": _("Days"),
        "episodes": _("Missing episodes, of which one child may have many"),
        "records": _("Records, of which one child may have many"),
        "returns": _("Returns that providers send"),
    }
)

OUTCOMES: Mapping[str, Text] = MappingProxyType(
    {
        "another_incident": _("Another incident of domestic abuse"),
        "before_nine": _("Told before nine on the next school day"),
        "before_school_opens": _("Told before the school next opened"),
        "before_school_opens_at_least": _("The same, if no school with an unknown calendar was"),
        "decision": _("A decision on the referral"),
        "disengaged": _("The child stayed away"),
        "first_contact": _("A first contact"),
        "first_session": _("A first session"),
        "other": _("Ended otherwise"),
        "planned": _("Ended as planned"),
        "re_missing": _("Going missing again"),
        "school_not_told_in_time": _("School not told before it next opened"),
        "re_missing_graded": _("Going missing again, without episodes of ‘no apparent risk’"),
        "re_missing_medium_high": _("Going missing again, episodes of medium and high risk"),
        "within_12_hours": _("Told within 12 hours"),
        "within_24_hours": _("Told within 24 hours"),
        "within_48_hours": _("Told within 48 hours"),
        "within_72_hours": _("Told within 72 hours"),
    }
)

ROLES: Mapping[str, Text] = MappingProxyType(
    {
        "primary": _("The figure from which the plan draws its conclusion"),
        "co_primary": _("The plan’s other main figure"),
        "secondary": _("Named by the plan; shown, and no conclusion is drawn from it"),
        "sensitivity": _("A check of the main figure, with one thing changed"),
        "exploratory": _("Not named by the plan; no conclusion is drawn from it"),
        "monitoring": _("For watching, not for judging what a service does"),
        "description": _("A count or share that compares nobody"),
    }
)

_COUNTS = {
    "accepted": _("Referrals or children accepted"),
    "arrived": _("Whether the return came: 1 yes, 0 no"),
    "assessed_at_referral": _("Children with a band at referral, of those whose case was closed"),
    "assessments": _("Exploitation assessments made in the month"),
    "attendances": _("Attendances: heads counted, not children"),
    "attendances_per_session": _("Attendances per session held"),
    "attendances_per_session_limits": _("Centre and limits of chance of attendances per session"),
    "blanks": _("Records in which the field is blank"),
    "children": _("Number of children"),
    "children_missing": _("Children with a missing episode begun in the month"),
    "closed": _("Cases closed"),
    "closed_as_planned": _("Cases closed as planned"),
    "closed_because": _("Cases closed, by the reason"),
    "contacted": _("Children contacted"),
    "cost_per_child_reached": _("The contract’s sum per child with a first session"),
    "cost_per_planned_closure": _("The contract’s sum per child closed as planned"),
    "declined": _("Referrals declined"),
    "declined_because": _("Referrals declined, by the reason"),
    "episodes": _("Missing episodes begun"),
    "filled": _("Share of records in which the field is filled in"),
    "filled_before": _("The same, a quarter ago"),
    "first_attendances": _("Share of attendances by somebody who came for the first time"),
    "first_session": _("Children with a first session"),
    "first_sessions": _("First sessions in the month"),
    "flow": _("Children at each step from those discussed to those compared"),
    "interview_done": _("Return home interviews done, of those due"),
    "interview_done_in_time": _("Return home interviews done in time, of those due"),
    "interview_offered": _("Return home interviews offered, of those due"),
    "late_into_view": _("Children seen only from some days after the referral on"),
    "lost": _("Children left out, because too little is known of them"),
    "matched_children": _("Children referred for whom another one like them was found"),
    "minutes": _("Minutes of sessions"),
    "new": _("New referrals"),
    "notification": _("What became of the notifications that were due"),
    "open_at_end": _("Referrals open at the end of the quarter"),
    "open_at_start": _("Referrals open at the start of the quarter"),
    "open_now": _("Children with an open case at the quarter’s end"),
    "records": _("Number of records"),
    "referrals_made": _("Referrals made in the month"),
    "referred": _("Children referred"),
    "rows": _("Number of rows"),
    "sessions_cancelled": _("Share of sessions that were cancelled"),
    "sessions_held": _("Sessions held"),
    "share_missing": _("Share of children who went missing in the month"),
    "trials": _("Meetings taken as trials of their own"),
    "unexplained": _("Referrals that do not fit in the caseload"),
    "waiting_now": _("Children waiting for a decision at the quarter’s end"),
    "went_on": _("Share of the stage before who came to this one"),
}

_SHARES = {
    "another_incident": _("Share of children with another incident within the days"),
    "anyone_told": _("Share of notifications due of which anybody was told in time"),
    "any_episode": _("Share of children with any missing episode within the days"),
    "any_episode_difference": _("Difference of those shares: referred less not referred"),
    "band_change": _("Children whose band fell, stayed or rose"),
    "band_pair": _("Children by band at referral and at closure"),
    "before_after": _("Episodes per 100 days, before or after the referral"),
    "bowker": _("Test of whether bands went up as often as down"),
    "covariate_left_out": _("What the plan names and the model had to leave out"),
    "crossed_over": _("Share of the comparison group referred later"),
    "days_not_at_risk": _("Share of days missing or away"),
    "days_with_other_service": _("Share of days at risk with another service"),
    "ended": _("Share of children whose work had ended in this way by the day"),
    "ended_first": _("Children whose wait ended in another way first"),
    "engaged": _("Share with a first session within 90 days"),
    "engaged_adjusted": _("The same, if all children were of the group and else as they are"),
    "engaged_difference": _("Difference from the largest group, so adjusted"),
    "engaged_shrunk": _("The same share, drawn towards the mean of the groups"),
    "further_incidents": _("Further incidents per child within the days"),
    "had_within": _("Share of children who had it within the days"),
    "higher_band_odds_ratio": _("Odds of a higher band at closure over those at referral"),
    "highest_share": _("The share at most, whatever those not assessed again would show"),
    "lowest_share": _("The share at least, whatever those not assessed again would show"),
    "median_hours_until_told": _("Hours until half had been told"),
    "median_wait_days": _("Days until half of the children had it"),
    "other_service_before": _("Share with another service at time zero"),
    "other_service_within": _("Share with another service within the days"),
    "reassessed": _("Children with a band at closure, of those with one at referral"),
    "referred_later": _("Share of trials that ended because the child was referred later"),
    "school_told": _("Share of notifications due of which the school was told in time"),
    "school_told_limits": _("Centre and limits of chance of that share"),
    "sessions_attended": _("Share of sessions offered that were attended"),
    "sessions_counted": _("Share of children whose sessions are counted"),
    "still_waiting": _("Children who still wait"),
    "stuart_maxwell": _("Test of whether bands are spread alike at referral and at closure"),
    "too_early": _("Children whose band at closure is too early to count"),
}

_COMPARED = {
    "autocorrelation": _("How alike neighbouring months are; 0 is not at all"),
    "andersen_gill_hazard_ratio": _("Hazard ratio of all episodes (Andersen-Gill)"),
    "by_grade_rate_ratio": _("Rate ratio of episodes of some risk grades"),
    "days_free_of_episodes_difference": _("Difference in mean days until the next episode"),
    "dispersion": _("How much more counts vary than by chance; 0 is chance"),
    "doubly_robust_rate_ratio": _("Rate ratio by weights and a model of episodes"),
    "e_value": _("How strong something unseen must be to explain the ratio away"),
    "effective_children": _("Children that the weighted ones are worth"),
    "effective_referred": _("Children referred that the weighted ones are worth"),
    "episodes_per_100_child_days": _("Episodes per 100 days at risk"),
    "episodes_per_100_children": _("Difference in episodes for 100 children referred"),
    "events_of_most_frequent_fifth": _("Share of episodes of the fifth of children with most"),
    "every_meeting_rate_ratio": _("Rate ratio over every eligible meeting"),
    "first_episode_hazard_ratio": _("Hazard ratio to the next episode"),
    "free_of_episodes": _("Share of children with no missing episode yet by the day"),
    "largest_imbalance_after": _("Largest standardised difference after weighting"),
    "largest_imbalance_before": _("Largest standardised difference before weighting"),
    "largest_weight_share": _("Part of the weight that one child has at most"),
    "level_ratio": _("Change of the share not told in time at the review, at once"),
    "ljung_box_p": _("p of the test for months that are still alike"),
    "matched_rate_ratio": _("Rate ratio beside the child most like it"),
    "mean_episodes_difference": _("Difference in mean episodes by the window’s end"),
    "mean_episodes_ratio": _("Ratio of mean episodes by the window’s end"),
    "mean_events": _("Mean number of episodes within the window"),
    "minimum_detectable_rate_ratio": _("The rate ratios that could be expected to show"),
    "modelled_rate_ratio": _("Rate ratio by a model alone"),
    "negative_binomial_rate_ratio": _("Rate ratio by a negative binomial model, not weighted"),
    "not_made": _("A check that could not be made"),
    "no_place_free_rate_ratio": _("Rate ratio beside those whom a full service kept out"),
    "one_definition_rate_ratio": _("Rate ratio where recording did not change"),
    "other_trigger_rate_ratio": _("Rate ratio with another trigger"),
    "outside_common_support": _("Share whose chance nobody of the other group has"),
    "pearson_dispersion": _("How much more months vary than by chance; 1 is chance"),
    "proportional_hazards_p": _("p of the test for one ratio over the whole window"),
    "pwp_gap_hazard_ratio": _("Hazard ratio since the last episode, by their number (PWP)"),
    "pwp_total_hazard_ratio": _("Hazard ratio since the meeting, by number of episodes (PWP)"),
    "rate_ratio": _(
        "Rate of children referred over that of the comparison group; of Op Encompass, the share "
        "not told in time after the review over what the trend before leads to"
    ),
    "score_band": _("Children by their chance of being referred"),
    "self_controlled_rate_ratio": _("Rate ratio of each child beside its own earlier time"),
    "share_expected": _("Share not told in time, if the trend before the review had gone on"),
    "share_fitted": _("Share not told in time, as the line through the months has it"),
    "slope_ratio": _("Change of the trend at the review, a month"),
    "smd_after": _("Standardised difference after weighting"),
    "smd_before": _("Standardised difference before weighting"),
    "trend_ratio": _("Trend of the share not told in time before the review, a month"),
    "two_services_rate_ratio": _("Rate ratio with days with another service adjusted for"),
    "unadjusted_rate_ratio": _("Rate ratio, not adjusted at all"),
    "variance_ratio_after": _("Ratio of variances after weighting"),
    "variance_ratio_before": _("Ratio of variances before weighting"),
    "weight_of_staying": _("Weights for not being referred later: their mean or largest"),
    "weighted_rate_ratio": _("Rate ratio by weights alone"),
    "weights_above_10": _("Share of children who count more than ten times"),
    "without_most_frequent_rate_ratio": _("Rate ratio without the child who had most episodes"),
}

_RETURNS = {
    "days_after_due": _("Days from the due day to the return; below 0 is early"),
    "do_not_agree": _("Times that returns say things that do not agree"),
    "explained": _("Unusual records for which a reason was given"),
    "refused": _("Returns refused before one was accepted"),
    "sent_again": _("Returns that replaced an accepted one"),
    "rule_to_explain": _("Unusual records that wait for a reason, by rule"),
    "to_explain": _("Unusual records that wait for a reason"),
}

MEASURES: Mapping[str, Text] = MappingProxyType({**_COUNTS, **_SHARES, **_COMPARED, **_RETURNS})

_COHORTS = {
    "discussed": _("Children who met the trigger, from the first meeting at which they did"),
    "referred_now": _("Children at every meeting at which they met the trigger"),
    "no_place_free": _("Children who met the trigger, beside those whom a full service kept out"),
    "op_encompass_12_months": _("Notifications due, 12 months"),
    "op_encompass_months": _("Notifications due, by month"),
    "op_encompass_quarter": _("Notifications due, the quarter"),
    "op_encompass_quarters": _("Notifications due, by quarter"),
    "op_encompass_repeats": _("Children with an incident two quarters ago"),
    "op_encompass_review": _("Notifications due, before and after the review"),
    "sessions_12_months": _("Open-access sessions, 12 months"),
    "sessions_by_month": _("Open-access sessions, by month"),
    "sessions_by_month_and_authority": _("Open-access sessions, by month and authority"),
}

_OF_A_SERVICE = {
    "12_months": _("{service}: children referred in the last 12 months"),
    "caseload": _("{service}: referrals, by quarter"),
    "closed": _("{service}: children whose case was closed in the last two years"),
    "engagement": _("{service}: children referred in the last two years, 90 days ago or more"),
    "first_session": _("{service}: children from their first session on"),
    "old_enough": _("{service}: children referred 90 days ago or more"),
    "waiting": _("{service}: children from their referral on"),
}


def words_for(
    figures: Iterable[Figure], services: Sequence[Service] = SERVICES
) -> dict[str, dict[str, Text]]:
    """Field of a figure -> code -> its words, of the codes that these figures bear.

    `services` bear the titles by which the body knows them.
    """
    known: dict[str, Callable[[str], Text | None]] = {
        "section": SECTIONS.get, "cohort": partial(cohort, services=services), "outcome": OUTCOMES.get,
        "measure": _measure, "unit": UNITS.get, "role": ROLES.get,
    }  # fmt: skip
    held = tuple(figures)
    return {
        field: {code: words for code in _borne(held, field) if (words := said(code)) is not None}
        for field, said in known.items()
    }


def _measure(code: str) -> Text | None:
    plain = MEASURES.get(code.removesuffix(AT_LOOK))
    if plain is None or not code.endswith(AT_LOOK):
        return plain
    return _("{measure}; with the interval of this look of the plan", measure=plain)


def cohort(code: str, services: Sequence[Service] = SERVICES) -> Text | None:
    """The children or records of a cohort, in words; None of one that nobody knows."""
    if code in _COHORTS:
        return _COHORTS[code]
    if trigger := re.fullmatch(r"trigger_(\d+)_in_(\d+)", code):
        return _(
            "Children who met another trigger: {n} episodes in {days} days",
            n=int(trigger[1]),
            days=int(trigger[2]),
        )
    for service in services:
        if code == service.name:
            return _("{service}: all its records", service=service.title)
        which = code.removeprefix(f"{service.name}_")
        if which in _OF_A_SERVICE:
            return Text(_OF_A_SERVICE[which].message, (("service", service.title),))
        by = _BY.get(which.removeprefix("engagement_by_"))
        if by is not None:
            return _(
                "{service}: children referred in the last two years, by {group}",
                service=service.title,
                group=by,
            )
        if which != code and which[:2] == "20":
            return _("{service}: children of the contract’s year {year}",
                     service=service.title, year=which.replace("_", "/"))  # fmt: skip
    return None


_BY = {
    "age_band": _("age"),
    "disability": _("disability"),
    "domestic_abuse": _("domestic abuse at home"),
    "ethnicity": _("ethnicity"),
    "exclusion": _("exclusion from school"),
    "language": _("language"),
    "local_authority": _("authority"),
    "sex": _("sex"),
    "source": _("who referred them"),
    "transition": _("how near they are to 18"),
}


def _borne(figures: Iterable[Figure], field: str) -> list[str]:
    return sorted({code for figure in figures if (code := getattr(figure, field))})
