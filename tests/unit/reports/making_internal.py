"""Internal releases to write sections from: full ones, empty ones, and one of a departed plan."""

from dataclasses import replace
from datetime import date
from functools import cache

from analyses.annex.overlap import bands
from analyses.plan import read_plan
from evaluation.disclosure import INTERNAL, release
from evaluation.nouns import Claiming, Estimate, Release
from evaluation.quarters import Quarter
from reports.annex.roads import WAYS
from reports.reading import read_body
from schemas import FORMS
from tests.unit.reports.making_police import review, review_checked

QUARTER = Quarter(2024, 4)
WITHOUT_CHILDREN = {"school_closures", "positive_futures_sessions"}
ARMS = {"referred": 142, "not_referred": 120}


def _release(figures, report, provider=None, *, policy=INTERNAL, claiming=None) -> Release:
    return release(
        figures, policy, body="gwent", quarter=QUARTER, snapshot="000016-3f2a9c",
        plan=read_plan().hash, claim_quarter=QUARTER, claiming=claiming or Claiming(days=182),
        versions={"outcome-evaluation": "0.1.0", "numpy": "2.4.6"}, made_on=date(2025, 4, 30), report=report,
        provider=provider,
    )  # fmt: skip


@cache
def annex() -> Release:
    """An annex as a quarter with everything would make it; two roads are closed."""
    return _release((*_comparison(), *_beside(), *_quality()), "annex")


@cache
def reviewed_annex() -> Release:
    """An annex of invented data, in which a review of Op Encompass is known."""
    made = _release((*review(), *review_checked()), "annex")
    return replace(made, versions={**made.versions, "data": "invented"})


@cache
def empty_annex() -> Release:
    """Nothing could be analysed at all."""
    return _release((), "annex")


@cache
def annex_without_returns() -> Release:
    """The main figure alone, and that its return has not come."""
    main = _re_missing("rate_ratio", "contrast", days=182, role="primary", why_not="no_return")
    return _release((main,), "annex")


@cache
def guarded_annex() -> Release:
    """Under a threshold so high that most is withheld."""
    made = (*_comparison(), *_beside(), *_quality())
    return _release(made, "annex", policy=replace(INTERNAL, fewest_children=150, base=5))


@cache
def departed_annex() -> Release:
    """Under a plan that departs from the registered one: its answers are exploratory."""
    answers = {"primary", "secondary", "sensitivity", "co_primary"}
    made = [
        replace(one, role="exploratory") if one.role in answers else one
        for one in (*_comparison(), *_beside(), *_quality())
    ]
    return _release(made, "annex", claiming=Claiming(days=182, departs=("seed",)))


@cache
def provider(name: str = "st_giles") -> Release:
    """A provider's report as its own returns would make it."""
    return _release(tuple(_own(name)), "provider", name)


@cache
def empty_provider() -> Release:
    """A provider that has sent nothing."""
    return _release((), "provider", "gwent_police")


@cache
def police() -> Release:
    """A provider without a service, with findings to explain and a return that has not come."""
    return provider("gwent_police")


@cache
def futures() -> Release:
    """A service with a form about children and another about sessions."""
    return provider("positive_futures")


def annex_with(measure, group, **others) -> Release:
    """The annex with one kind of figure told otherwise."""
    made = [
        replace(one, **others) if (one.measure, one.group) == (measure, group) else one
        for one in (*_comparison(), *_beside(), *_quality())
    ]
    return _release(made, "annex")


@cache
def education() -> Release:
    """A provider whose form tells of no children."""
    return provider("education_newport")


def _re_missing(measure, group, **others):
    known = {"cohort": "discussed", "outcome": "re_missing"}
    return Estimate("re_missing", measure, group, **{**known, **others})


def _comparison():
    flow = {"discussed": 1646, "never_met_trigger": 1278, "not_a_child": 0, "already_referred": 13,
            "referred_elsewhere": 13, "short_history": 8, "no_follow_up": 1, "referred": 175,
            "not_referred": 158}  # fmt: skip
    for reason, children in flow.items():
        yield _re_missing("flow", reason, children=children, value=float(children))
        yield _re_missing("flow", reason, cohort="referred_now", unit="records", children=children,
                          value=float(2 * children))  # fmt: skip
    yield _re_missing("crossed_over", "not_referred", days=182, children=54, of=120, value=0.45)
    yield _re_missing("effective_children", "not_referred", days=182, children=120, value=103.0)
    yield _re_missing("largest_imbalance_after", "contrast", days=182, children=262, value=0.04)
    for days, role in ((182, "primary"), (90, "secondary"), (365, "secondary")):
        yield _re_missing("minimum_detectable_rate_ratio", "contrast", days=days, children=262,
                          value=0.57, low=0.57, high=1.76)  # fmt: skip
        for cohort in ("discussed", "referred_now"):
            yield _re_missing(
                "rate_ratio", "contrast", cohort=cohort, days=days, children=262, events=381,
                value=0.795, low=0.564, high=1.103, design_level=3,
                unmet=("crossing_over",) if cohort == "discussed" else ("informative_censoring",),
                method="att_weights_bootstrap" if cohort == "discussed" else "sequential_trials_bootstrap",
                role=role if cohort == "discussed" or role != "primary" else "co_primary",
            )  # fmt: skip
    for arm, children in ARMS.items():
        yield _re_missing("episodes_per_100_child_days", arm, days=182, children=children,
                          events=190, value=0.9, role="primary", design_level=3)  # fmt: skip
        yield _re_missing("children", arm, children=children, value=float(children))


def _beside():
    yield from _alike()
    yield from _by_arm()
    yield from _tests()
    yield from _roads()


def _alike():
    for column, before, after in (("age", 0.21, 0.03), ("sex=female", -0.1, 0.0),
                                  ("local_authority=other", 0.3, 0.12), ("risk_last=missing", 0, 0)):  # fmt: skip
        for measure, value in (("smd_before", before), ("smd_after", after)):
            yield _re_missing(measure, column, days=182, children=262, value=value)
    yield _re_missing("variance_ratio_after", "age", days=182, children=262, value=0.9)
    yield _re_missing("covariate_left_out", "care_status", days=182, children=262,
                      why_not="too_few_events")  # fmt: skip


def _by_arm():
    for arm, children in ARMS.items():
        for band in bands():
            yield _re_missing("score_band", f"{arm}/{band}", days=182, children=children // 10,
                              of=children, value=(children // 10) / children)  # fmt: skip
        yield _re_missing("outside_common_support", arm, days=182, children=5, of=children,
                          value=5 / children)  # fmt: skip
        yield _re_missing("largest_weight_share", arm, days=182, children=children, value=0.02)
        yield _re_missing("weights_above_10", arm, days=182, children=0, of=children, value=0.0)
        yield _re_missing("events_of_most_frequent_fifth", arm, days=182, unit="records",
                          children=children // 5, of=190, value=0.72)  # fmt: skip
        for measure in ("other_service_before", "other_service_within"):
            yield _re_missing(measure, arm, days=182, children=11, of=children, value=11 / children)
        yield _re_missing("days_with_other_service", arm, days=182, children=children, value=0.08)


def _tests():
    for group, children in {**ARMS, "both_arms": 262}.items():
        for measure in ("mean_events", "dispersion"):
            yield _re_missing(measure, group, days=182, children=children, events=300, value=1.3)
    yield _re_missing("effective_referred", "referred", days=182, children=142, value=142.0)
    yield _re_missing("proportional_hazards_p", "contrast", days=182, children=262, value=0.03)
    for part in ("whole", "early", "late"):
        yield _re_missing("first_episode_hazard_ratio", part, days=182, children=262, events=143,
                          value=0.63, low=0.45, high=0.89)  # fmt: skip
    for group, value in (("mean", 1.02), ("largest", 3.4)):
        yield _re_missing(
            "weight_of_staying", group, cohort="referred_now", days=182, children=262, value=value
        )
    for end, value in (("point", 1.8), ("limit", 1.0)):
        yield _re_missing("e_value", end, days=182, children=262, value=value, role="sensitivity")
    yield _re_missing("matched_children", "referred", days=182, children=103, of=142, value=103.0,
                      role="sensitivity")  # fmt: skip


def _roads():
    for number, way in enumerate(WAYS):
        place = {"role": "sensitivity", "days": 182, "children": 200, "events": 300}
        cohort = way.cohort or "trigger_2_in_90"
        if way.file == "no_place_free":
            yield _re_missing(
                way.measure, "contrast", cohort=cohort, why_not="too_few_children", **place
            )
        elif way.file == "every_meeting":
            yield _re_missing("not_made", way.file, role="sensitivity", why_not="no_return")
        else:
            at = 5.0 if way.unit == "days" else 0.6 + 0.05 * (number % 12)
            at = {"weighted_rate_ratio": 0.8, "modelled_rate_ratio": 0.5}.get(way.measure, at)
            unmet = ("few_children",) if cohort == "trigger_2_in_90" else ("crossing_over",)
            unmet = ("calm_baseline",) if way.file == "self_controlled" else unmet
            yield _re_missing(way.measure, "contrast", cohort=cohort, value=at, low=at * 0.7,
                              high=at * 1.4, unmet=unmet, **place)  # fmt: skip
    for arm in ARMS:
        yield _re_missing(
            "children", arm, cohort="trigger_2_in_90", children=60, value=60.0, role="sensitivity"
        )
    yield _re_missing("mean_episodes_ratio", "contrast", days=90, children=299, value=0.7, low=0.5,
                      high=0.9, role="sensitivity")  # fmt: skip


def _quality():
    for provider in read_body("gwent").providers.values():
        for form in provider.forms:
            late = None if form == "meeting_decisions" else 3.0 if form == "children" else -8.0
            yield from _returned(provider.name, form, QUARTER, late)
            yield Estimate("completeness", "arrived", f"{provider.name}/{form}/2024Q4",
                           unit="returns", value=float(late is not None))  # fmt: skip
    yield Estimate("returns", "do_not_agree", "EXP-02", unit="returns", value=104.0)
    for share, field in ((0.5, "children.disability"), (0.99, "children.ethnicity")):
        yield Estimate(
            "completeness", "filled", field, unit="records", children=700, of=1500, value=share
        )


def _returned(name, form, quarter, late):
    group = f"{name}/{form}/{quarter}"
    yield Estimate("returns", "days_after_due", group, unit="returns", value=late,
                   why_not=None if late is not None else "no_return")  # fmt: skip
    for measure in ("refused", "sent_again", "to_explain", "explained", "rows"):
        if measure != "rows" or late is not None:
            yield Estimate("returns", measure, group, unit="returns", value=2.0)


def _own(name):
    for form in read_body("gwent").providers[name].forms:
        for quarter in (QUARTER, QUARTER - 1):
            yield from _returned(name, form, quarter, None if form == "children" else 0.0)
            yield Estimate("own_records", "records", f"{form}/{quarter}", unit="records",
                           children=None if form in WITHOUT_CHILDREN else 90, events=97, value=97.0)  # fmt: skip
        for field in FORMS[form].fields:
            if field.need == "want":
                place = {"unit": "records", "children": 90, "of": 97}
                group = f"{form}.{field.name}"
                yield Estimate("own_records", "filled", group, value=94 / 97, **place)
                yield Estimate("own_records", "filled_before", group, value=0.9, **place)
                yield Estimate("own_records", "blanks", group, unit="records", events=3, value=3.0)
    if name == "gwent_police":
        yield Estimate(
            "returns", "rule_to_explain", f"{name}/MIS-04/2024Q4", unit="returns", value=2.0
        )
    if name == "st_giles":
        yield from _service()


def _service():
    for quarter in (QUARTER - 1, QUARTER):
        for measure in ("open_at_start", "new", "declined", "closed", "open_at_end", "unexplained"):
            yield Estimate("caseload", measure, str(quarter), cohort="st_giles_caseload",
                           unit="records", children=9, events=10, value=10.0)  # fmt: skip
    for stage, children in {"referred": 185, "accepted": 151, "contacted": 140, "first_session": 108,
                            "closed_as_planned": 41}.items():  # fmt: skip
        yield Estimate("referrals", stage, cohort="st_giles_12_months", children=children, of=185,
                       value=children / 185, low=0.1, high=0.9, unmet=("returns_missing",))  # fmt: skip
    for measure in ("waiting_now", "open_now"):
        yield Estimate("referrals", measure, cohort="st_giles_12_months", children=57, value=57.0)
    for wait in ("decision", "first_contact", "first_session"):
        for days in (7, 14, 30):
            yield Estimate("waiting", "had_within", cohort="st_giles_waiting", outcome=wait, days=days,
                           children=90, of=185, value=90 / 185)  # fmt: skip
        yield Estimate("waiting", "median_wait_days", cohort="st_giles_waiting", outcome=wait,
                       children=90, of=185, value=8.0)  # fmt: skip
        yield Estimate("waiting", "still_waiting", cohort="st_giles_waiting", outcome=wait,
                       children=5, value=5.0)  # fmt: skip
