"""Estimates of what police and schools record: episodes, interviews, notifications; and of returns."""

from evaluation.nouns import Estimate
from evaluation.quarters import Quarter
from reports.reading import read_body
from schemas import FORMS

QUARTER = Quarter(2024, 4)


def completeness():
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


def _told(
    measure, cohort, group="all", *, outcome="before_school_opens", share=0.86, of=200, **others
):
    return Estimate("op_encompass", measure, group, cohort=cohort, outcome=outcome, unit="records",
                    children=of, of=of, events=round(share * of), with_events=round(share * of), value=share,
                    **others)  # fmt: skip


def encompass():
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


def interviews():
    for quarter in Quarter(2023, 1).to(QUARTER):
        for measure, share in (
            ("interview_offered", 0.8),
            ("interview_done", 0.5),
            ("interview_done_in_time", 0.25),
        ):
            yield Estimate("return_interviews", measure, str(quarter), unit="records", role="monitoring",
                           children=120, of=240, events=round(240 * share), with_events=80, value=share)  # fmt: skip


def monitoring():
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
