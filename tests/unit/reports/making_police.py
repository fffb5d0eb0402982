"""Estimates of what police and schools record: episodes, interviews, notifications; and of returns."""

from dataclasses import replace

from analyses.annex.reviewed import NINE, UNKNOWN_LATE, WAYS
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


def review(*, ratio=(0.5, 0.3, 0.8)):
    """The series around the invented review: its four ratios, and both lines by month."""
    quarters = len(Quarter(2023, 1).to(QUARTER))
    of, late = 200 * quarters, 28 * (quarters - 1) + 50
    held = {"section": "op_encompass", "cohort": "op_encompass_review",
            "outcome": "school_not_told_in_time", "unit": "records", "children": 200, "of": of,
            "events": late, "with_events": 180, "without_events": 190, "role": "monitoring",
            "design_level": 2, "method": "interrupted_quasi_poisson_ar1",
            "unmet": ("process_only", "unmeasured_confounding", "returns_missing")}  # fmt: skip
    for measure in ("trend_ratio", "level_ratio", "slope_ratio", "rate_ratio"):
        value, low, high = ratio if measure == "rate_ratio" else (0.9, 0.7, 1.2)
        yield Estimate(measure=measure, group="contrast", value=value, low=low, high=high, **held)
    months = [f"{2023 + (3 + n) // 12}-{(3 + n) % 12 + 1:02}" for n in range(24)]
    for n, month in enumerate(months):
        fitted = 0.2 + 0.004 * n if month < "2024-03" else 0.12 - 0.002 * (n - 11)
        line = {"share_fitted": fitted, "share_expected": 0.2 + 0.004 * n}
        for measure, value in line.items():
            if month != "2024-03" and (measure == "share_fitted" or month > "2024-03"):
                yield Estimate(measure=measure, group=month, value=value, low=0.8 * value,
                               high=1.3 * value, **held)  # fmt: skip


def review_checked():
    """What the annex has of the series besides: months, diagnostics and other ways."""
    ratio = next(one for one in review() if one.measure == "rate_ratio")
    for n, (way, high) in enumerate(
        {**dict.fromkeys(WAYS, 0.8), NINE: 1.1, UNKNOWN_LATE: 0.7}.items()
    ):
        made = replace(ratio, group=way, role="sensitivity", high=high)
        closed = replace(made, value=None, low=None, high=None, why_not="few_periods")
        yield closed if n == 2 else made
    for measure, value in (
        ("pearson_dispersion", 1.25),
        ("autocorrelation", 0.12),
        ("ljung_box_p", 0.4),
    ):
        yield replace(ratio, measure=measure, group="all", value=value, low=None, high=None)
    for month in ("2023-04", "2023-05", "2024-12"):
        yield _told("school_told", "op_encompass_months", month, of=60)


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
