"""Estimates of two services: referrals, waits, endings, groups, bands, and open access."""

from itertools import pairwise

from evaluation.nouns import Estimate
from evaluation.quarters import Quarter


def referrals():
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


def services():
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
            for quarter in Quarter(2024, 1).to(Quarter(2024, 4)):
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


def risk():
    for measure, group, children, of in (("assessed_at_referral", "all", 150, 220), ("reassessed", "all", 60, 150),
                                         ("band_change", "down", 30, 60), ("band_change", "same", 20, 60),
                                         ("band_change", "up", 10, 60)):  # fmt: skip
        yield Estimate("risk_change", measure, group, cohort="st_giles_closed", role="monitoring",
                       children=children, of=of, value=children / of, low=0.1, high=0.9)  # fmt: skip
    for end, share in (("lowest_share", 0.2), ("highest_share", 0.8)):
        for way in ("down", "same", "up"):
            yield Estimate("risk_change", end, way, cohort="st_giles_closed", role="monitoring",
                           children=round(150 * share), of=150, value=share)  # fmt: skip


def sessions():
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
