"""Releases to write reports from: a full one, an empty one, and one with everything withheld."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import pairwise
from math import exp

from analyses.plan import read_plan
from analyses.relations import within
from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate, Release
from evaluation.quarters import Quarter
from reports.reading import read_body
from schemas import FORMS

QUARTER = Quarter(2024, 4)
ARMS = {"referred": (62, 0.026), "not_referred": (88, 0.041)}
WINDOWS = (182, 90, 365)


@cache
def full(*, quarter=QUARTER, claim_quarter=QUARTER, high=0.97, data=None) -> Release:
    """A release as a quarter's returns would make it."""
    return _release(_estimates(high), quarter, claim_quarter, data)


@cache
def empty(*, quarter=QUARTER) -> Release:
    """A release of a quarter in which nothing could be analysed at all."""
    return _release((), quarter, quarter)


@cache
def withheld(*, quarter=QUARTER) -> Release:
    """Every figure there, and none shown."""
    made = full(quarter=quarter)
    nothing = dict.fromkeys(("children", "of", "events", "value", "low", "high"))
    return replace(
        made,
        figures=tuple(
            figure if figure.unit == "returns" else replace(figure, **nothing, withheld="few_children")
            for figure in made.figures
        ),
    )  # fmt: skip


@cache
def without_returns(*, quarter=QUARTER) -> Release:
    """What is left where the returns for the comparison have not come."""
    figures = [
        _re_missing(measure, group, days=days, design_level=3, role=role, why_not="no_return")
        for days, role in ((182, "primary"), (90, "secondary"), (365, "secondary"))
        for measure, group in (
            ("rate_ratio", "contrast"),
            ("episodes_per_100_child_days", "referred"),
            ("any_episode", "referred"),
        )
    ]
    figures += [
        Estimate("monitoring", "before_after", group, cohort="discussed", outcome="re_missing",
                 days=90, role="monitoring", design_level=2, why_not="no_return")
        for group in ("before", "after")
    ]  # fmt: skip
    figures += [
        Estimate("referrals", measure, cohort="st_giles_12_months", why_not="no_return")
        for measure in ("referred", "accepted", "waiting_now", "open_now")
    ]
    return _release(figures, quarter, quarter)


def _release(figures, quarter, claim_quarter, data=None) -> Release:
    held = tuple(figures)
    return release(
        held,
        PUBLIC,
        body="gwent",
        quarter=quarter,
        snapshot="000016-3f2a9c",
        plan=read_plan().hash,
        claim_quarter=claim_quarter,
        versions={"outcome-evaluation": "0.1.0", "pandas": "3.1.1"}
        | ({"data": data} if data else {}),
        made_on=date(2025, 4, 30),
        relations=within(held),
    )


def _estimates(high):
    return (
        *_completeness(), *_referrals(), *_monitoring(), *_comparison(high), *_services(),
        *_risk(), *_encompass(), *_sessions(), *_interviews(),
    )  # fmt: skip


def _completeness():
    for provider in read_body("gwent").providers.values():
        for form in provider.forms:
            for quarter in Quarter(2023, 1).to(QUARTER):
                came = not (provider.name == "missing_meeting" and quarter == Quarter(2024, 2))
                yield Estimate("completeness", "arrived", f"{provider.name}/{form}/{quarter}",
                               unit="returns", value=float(came))  # fmt: skip
    for number, form in enumerate(FORMS.values()):
        for place, field in enumerate(field for field in form.fields if field.need == "want"):
            yield Estimate("completeness", "filled", f"{form.name}.{field.name}", unit="records",
                           children=120, of=260, value=1 - 0.07 * ((place + number) % 4))  # fmt: skip


def _referrals():
    stages = {
        "referred": 147,
        "accepted": 122,
        "contacted": 104,
        "first_session": 81,
        "closed_as_planned": 33,
    }
    for stage, children in stages.items():
        yield Estimate("referrals", stage, cohort="st_giles_12_months", children=children, of=147,
                       value=children / 147, low=0.1, high=0.9, method="wilson", design_level=1)  # fmt: skip
    yield from _went_on("st_giles", stages)
    for measure, children in {"waiting_now": 14, "open_now": 52}.items():
        yield Estimate(
            "referrals",
            measure,
            cohort="st_giles_12_months",
            children=children,
            value=float(children),
        )


def _services():
    """Waits, endings, groups and the caseload of both services, and Positive Futures' stages."""
    for name in ("st_giles", "positive_futures"):
        for wait in ("decision", "first_contact", "first_session"):
            for days, share in ((7, 0.3), (14, 0.5), (30, 0.7)):
                yield Estimate("waiting", "had_within", cohort=f"{name}_waiting", outcome=wait, days=days,
                               children=round(147 * share), of=147, value=share, low=0.2, high=0.8)  # fmt: skip
            yield Estimate("waiting", "median_wait_days", cohort=f"{name}_waiting", outcome=wait,
                           children=100, of=147, value=21.4, low=17.0, high=25.0)  # fmt: skip
        for ending, share in (("planned", 0.4), ("disengaged", 0.2), ("other", 0.1)):
            for days in (90, 182, 365):
                yield Estimate("endings", "ended", cohort=f"{name}_first_session", outcome=ending, days=days,
                               children=round(120 * share), of=120, value=share)  # fmt: skip
        yield Estimate("endings", "sessions_attended", cohort=f"{name}_first_session", unit="records",
                       children=118, of=900, events=700, value=0.78, low=0.74, high=0.82)  # fmt: skip
        for line, referrals in (("open_at_start", 60), ("new", 40), ("declined", 10), ("closed", 35),
                                ("open_at_end", 45), ("unexplained", 10)):  # fmt: skip
            for quarter in Quarter(2024, 1).to(QUARTER):
                yield Estimate("caseload", line, str(quarter), cohort=f"{name}_caseload", unit="records",
                               children=referrals, events=referrals, value=float(referrals))  # fmt: skip
        yield from _groups(name)
    stages = {"referred": 110, "accepted": 90, "contacted": 84, "first_session": 66, "closed_as_planned": 25}  # fmt: skip
    yield from _went_on("positive_futures", stages)
    for stage, children in stages.items():
        yield Estimate("referrals", stage, cohort="positive_futures_12_months", children=children, of=110,
                       value=children / 110, low=0.1, high=0.9, design_level=1)  # fmt: skip
    for measure, pounds in (
        ("cost_per_child_reached", 1150.95),
        ("cost_per_planned_closure", 1624.87),
    ):
        yield Estimate("costs", measure, cohort="st_giles_2025_26", children=120, value=pounds, design_level=1)  # fmt: skip


def _went_on(name, stages):
    for (_stage, before), (stage, children) in pairwise(stages.items()):
        yield Estimate("referrals", "went_on", stage, cohort=f"{name}_12_months", children=children,
                       of=before, value=children / before, low=0.1, high=0.9, method="wilson",
                       design_level=1)  # fmt: skip


def _groups(name):
    yield _engaged(name, "engagement", "all", 200, 320)
    for group, had, of in (("female", 110, 170), ("male", 84, 140), ("other", 6, 10)):
        yield _engaged(name, "engagement_by_sex", group, had, of)
    for group, had, of in (("W06000018", 100, 150), ("W06000022", 100, 170)):
        yield _engaged(name, "engagement_by_local_authority", group, had, of)


def _engaged(name, which, group, had, of):
    return Estimate("engagement", "engaged", group, cohort=f"{name}_{which}", days=90, children=had, of=of,
                    value=had / of, low=0.4, high=0.8)  # fmt: skip


def _risk():
    for measure, group, children, of in (("assessed_at_referral", "all", 150, 220), ("reassessed", "all", 60, 150),
                                         ("band_change", "down", 30, 60), ("band_change", "same", 20, 60),
                                         ("band_change", "up", 10, 60)):  # fmt: skip
        yield Estimate("risk_change", measure, group, cohort="st_giles_closed", role="monitoring",
                       children=children, of=of, value=children / of, low=0.1, high=0.9)  # fmt: skip
    for end, share in (("lowest_share", 0.2), ("highest_share", 0.8)):
        for way in ("down", "same", "up"):
            yield Estimate("risk_change", end, way, cohort="st_giles_closed", role="monitoring",
                           children=round(150 * share), of=150, value=share)  # fmt: skip


def _told(
    measure, cohort, group="all", *, outcome="before_school_opens", share=0.86, of=200, **others
):
    return Estimate("op_encompass", measure, group, cohort=cohort, outcome=outcome, unit="records",
                    children=of, of=of, events=round(share * of), with_events=round(share * of), value=share,
                    **others)  # fmt: skip


def _encompass():
    for cohort in ("op_encompass_quarter", "op_encompass_12_months"):
        yield _told("school_told", cohort, low=0.8, high=0.9)
        yield _told("school_told", cohort, outcome="before_school_opens_at_least", share=0.82)
        for hours in (24, 72):
            yield _told("anyone_told", cohort, outcome=f"within_{hours}_hours", share=0.8)
        yield Estimate("op_encompass", "median_hours_until_told", cohort=cohort, unit="records", children=200,
                       of=200, value=13.4, low=12.0, high=15.0)  # fmt: skip
        for became, share in (("notified", 0.88), ("authority", 0.06), ("no_school", 0.06)):
            yield _told("notification", cohort, became, outcome=None, share=share)
    for place, share in (("W06000018", 0.7), ("W06000019", 0.9), ("W06000022", 0.86)):
        yield _told("school_told", "op_encompass_12_months", place, share=share)
        yield _limits("op_encompass_12_months", place)
    for quarter in Quarter(2023, 1).to(QUARTER):
        yield _told(
            "school_told",
            "op_encompass_quarters",
            str(quarter),
            share=0.75 if quarter == QUARTER else 0.86,
        )
        yield _limits("op_encompass_quarters", str(quarter))
    yield Estimate("op_encompass", "another_incident", cohort="op_encompass_repeats", outcome="another_incident",
                   days=182, children=180, events=50, value=0.28, low=0.2, high=0.35)  # fmt: skip


def _limits(cohort, group):
    return Estimate("op_encompass", "school_told_limits", group, cohort=cohort, outcome="before_school_opens",
                    unit="records", children=200, of=200, value=0.86, low=0.78, high=0.94)  # fmt: skip


def _sessions():
    for group, held in (("all", 300), ("W06000018", 120), ("W06000022", 180)):
        for measure, value in (("sessions_held", held), ("attendances", held * 20)):
            yield _activity(measure, "sessions_12_months", group, events=value, value=float(value))
        yield _activity(
            "attendances_per_session",
            "sessions_12_months",
            group,
            of=held,
            value=20.2,
            low=18.0,
            high=22.0,
        )
    yield _activity(
        "sessions_cancelled", "sessions_12_months", "all", of=310, value=0.03, low=0.02, high=0.06
    )
    yield _activity("first_attendances", "sessions_12_months", "all", of=5800, value=0.07)
    for month in range(4, 13):
        for place in ("W06000018", "W06000022"):
            yield _activity("attendances", "sessions_by_month_and_authority", f"2024-{month:02}/{place}",
                            events=200 + month, value=200.0 + month)  # fmt: skip


def _activity(measure, cohort, group, **others):
    return Estimate("positive_futures_sessions", measure, group, cohort=cohort, unit="records", role="monitoring",
                    design_level=1, **others)  # fmt: skip


def _interviews():
    for quarter in Quarter(2023, 1).to(QUARTER):
        for measure, share in (
            ("interview_offered", 0.8),
            ("interview_done", 0.5),
            ("interview_done_in_time", 0.25),
        ):
            yield Estimate("return_interviews", measure, str(quarter), unit="records", role="monitoring",
                           children=120, of=240, events=round(240 * share), with_events=80, value=share)  # fmt: skip


def _monitoring():
    begun = (
        58,
        63,
        55,
        71,
        66,
        49,
        61,
        57,
        52,
        68,
        60,
        64,
        59,
        102,
        62,
        55,
        51,
        47,
        58,
        40,
        44,
        49,
        41,
        46,
    )
    for place, events in enumerate(begun):
        children = min(events, 4) if events < 8 else events * 2 // 3
        yield Estimate("monitoring", "episodes", f"{2023 + (place + 3) // 12}-{(place + 3) % 12 + 1:02}",
                       outcome="re_missing", unit="episodes", role="monitoring", events=events,
                       children=children, value=float(events))  # fmt: skip
    for group, events, rate in (("before", 241, 4.32), ("after", 118, 2.11)):
        yield Estimate("monitoring", "before_after", group, cohort="discussed", outcome="re_missing",
                       days=90, role="monitoring", design_level=2, children=62, events=events, value=rate,
                       unmet=("regression_to_the_mean",))  # fmt: skip


def _re_missing(measure, group, **others):
    return Estimate(
        "re_missing", measure, group, cohort="discussed", outcome="re_missing", **others
    )


def _comparison(high):
    flow = {"discussed": 412, "never_met_trigger": 198, "not_a_child": 11, "already_referred": 31,
            "referred_elsewhere": 14, "short_history": 5, "no_follow_up": 3, "referred": 62, "not_referred": 88}  # fmt: skip
    for reason, children in flow.items():
        yield _re_missing("flow", reason, children=children, value=float(children))
    for arm, (children, _hazard) in ARMS.items():
        yield _re_missing("children", arm, children=children, value=float(children))
    yield _re_missing(
        "crossed_over",
        "not_referred",
        days=182,
        children=37,
        of=79,
        value=37 / 79,
        low=0.3,
        high=0.6,
    )
    yield _re_missing("effective_children", "not_referred", days=182, children=79, value=51.3)
    yield _re_missing("largest_imbalance_before", "contrast", days=182, children=140, value=0.482)
    yield _re_missing("largest_imbalance_after", "contrast", days=182, children=140, value=0.064)
    for days in WINDOWS:
        yield from _window(days, high)
    yield from _curves()


def _window(days, high):
    compared = {
        "days": days,
        "design_level": 3,
        "unmet": ("unmeasured_confounding", "crossing_over", "time_away_not_removed"),
    }
    role = "primary" if days == 182 else "secondary"
    yield _re_missing(
        "minimum_detectable_rate_ratio",
        "contrast",
        days=days,
        children=140,
        value=0.53,
        low=0.53,
        high=1.91,
    )
    if days == 365:
        for measure, group in (
            ("rate_ratio", "contrast"),
            ("any_episode", "referred"),
            ("any_episode_difference", "contrast"),
        ):
            yield _re_missing(measure, group, role=role, why_not="too_few_children", **compared)
        return
    for arm, (children, hazard) in ARMS.items():
        yield _re_missing("days_not_at_risk", arm, days=days, children=children, value=0.0213)
        yield _re_missing("episodes_per_100_child_days", arm, children=children - 8, events=140, with_events=40,
                          role=role, value=hazard * 48, low=hazard * 38, high=hazard * 60, **compared)  # fmt: skip
        share = 1 - exp(-hazard * days**0.6)
        yield _re_missing("any_episode", arm, children=children, events=int(share * children), role="secondary",
                          value=share, low=share - 0.1, high=share + 0.1, **compared)  # fmt: skip
    yield _re_missing(
        "rate_ratio",
        "contrast",
        children=140,
        role=role,
        value=0.784,
        low=0.621,
        high=high,
        **compared,
    )
    yield _re_missing(
        "episodes_per_100_children",
        "contrast",
        children=140,
        role=role,
        value=-34.4,
        low=-71.2,
        high=-0.51 if high < 1 else 12.3,
        **compared,
    )
    yield _re_missing(
        "any_episode_difference",
        "contrast",
        children=140,
        role="secondary",
        value=-0.13,
        low=-0.27,
        high=0.02,
        **compared,
    )
    yield _re_missing(
        "unadjusted_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=1.12,
        low=0.91,
        high=1.43,
        **compared,
    )
    yield _re_missing(
        "negative_binomial_rate_ratio",
        "contrast",
        children=140,
        role="sensitivity",
        value=0.81,
        low=0.63,
        high=1.05,
        **compared,
    )


def _curves():
    for arm, (children, hazard) in ARMS.items():
        for days in sorted({*range(0, 365, 14), 90, 182, 365}):
            free = exp(-hazard * days**0.6)
            at_risk = int(children * free * (1 - days / 450))
            yield _re_missing("free_of_episodes", arm, days=days, children=at_risk, design_level=3, role="secondary",
                              value=free, low=max(free - 0.1, 0), high=min(free + 0.1, 1))  # fmt: skip
