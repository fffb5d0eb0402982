"""A provider's own data: nothing of anybody else's is in it, and its numbers are right."""

from datetime import UTC, date, datetime

import pytest

from analyses.own import estimates, own_snapshot, returns
from evaluation.language import Text
from evaluation.nouns import Finding, Provider
from evaluation.quarters import Quarter
from evaluation.returns.owing import Owed, State
from evaluation.store import OpenFinding
from tests.unit.analyses.making import believed, child, episode, referral

NOW = Quarter(2024, 4)
POLICE = Provider("police", Text("Police"), ("children", "missing_episodes", "away_spells"))
SERVICE = Provider("st_giles", Text("St Giles"), ("st_giles_referrals",))


def snapshot(**options):
    return believed(
        child("ann", disability=None),
        child("bob"),
        episode("ann", "2025-02-01"),
        episode("ann", "2025-02-11", risk_highest=None),
        episode("bob", "2024-11-11"),
        referral("ann", "2025-02-03", decided_on="2025-02-07"),
        **options,
    )


def state(quarter=NOW, *, owed=(), to_explain=(), across=()):
    return State(quarter, tuple(owed), tuple(to_explain), (), tuple(across))


def owed(provider="police", form="children", *, came=date(2025, 4, 12), late=0, **facts):
    received = None if came is None else datetime(came.year, came.month, came.day, 12, tzinfo=UTC)
    return Owed(
        provider, form, date(2025, 4, 20), late, receipt="R" if came else None,
        received_at=received, rows=3 if came else None, **facts,
    )  # fmt: skip


def finding(provider="police", rule="MIS-04"):
    return OpenFinding(
        "R", provider, NOW, "missing_episodes", rule, "explain", "Missing episodes", 7, "D", "M1"
    )


def by(figures, *names):
    return {tuple(getattr(figure, name) for name in names): figure for figure in figures}


def test_the_own_snapshot_holds_one_providers_rows_and_arrivals_alone():
    own = own_snapshot(snapshot(), SERVICE)
    assert {name for name, _form, _quarter in own.arrived} == {"st_giles"}
    held = {form: rows for form, rows in own.tables.items() if rows is not None}
    assert set(held) == {"st_giles_referrals"}
    assert set(held["st_giles_referrals"]["provider"]) == {"st_giles"}


def test_rows_that_another_provider_sent_of_the_same_form_stay_out():
    both = snapshot()
    rows = both.tables["missing_episodes"]
    rows.loc[rows["child_key"] == "bob", "provider"] = "other_force"
    own = own_snapshot(both, POLICE)
    assert set(own.tables["missing_episodes"]["child_key"]) == {"ann"}


def test_nothing_in_a_providers_figures_comes_from_anothers_returns():
    """Whatever the others send, the figures stay what they were."""
    mine = estimates(snapshot(), state(), state(NOW - 1), SERVICE)
    others = believed(
        referral("ann", "2025-02-03", decided_on="2025-02-07"),
        not_sent="children missing_episodes away_spells meeting_decisions",
    )
    assert estimates(others, state(), state(NOW - 1), SERVICE) == mine


def test_records_children_and_blanks_are_those_of_the_quarter():
    told = by(estimates(snapshot(), state(), state(NOW - 1), POLICE), "measure", "group")
    now, before = (told["records", f"missing_episodes/{q}"] for q in (NOW, NOW - 1))
    assert (now.events, now.children) == (2, 1)
    assert (before.events, before.children) == (1, 1)
    assert told["filled", "missing_episodes.risk_highest"].value == 0.5
    assert told["filled_before", "missing_episodes.risk_highest"].value == 1.0
    assert told["blanks", "missing_episodes.risk_highest"].value == 1
    assert told["blanks", "children.disability"].value == 1
    assert told["blanks", "children.ethnicity"].value == 0


def test_a_return_that_has_not_come_is_not_one_of_no_records():
    told = by(
        estimates(
            snapshot(not_sent="missing_episodes/2024Q4"), state(), state(NOW - 1), POLICE
        ),
        "measure", "group",
    )  # fmt: skip
    gone = told["records", "missing_episodes/2024Q4"]
    assert (gone.value, gone.why_not) == (None, "no_return")


@pytest.mark.parametrize(
    ("came", "late", "days"),
    [(date(2025, 4, 12), 0, -8), (date(2025, 4, 20), 0, 0), (date(2025, 4, 25), 5, 5)],
)
def test_days_are_counted_from_the_day_it_was_due(came, late, days):
    told = by(returns.figures(state(owed=[owed(came=came, late=late)]), POLICE), "measure")
    assert told["days_after_due",].value == days


def test_what_has_not_come_has_no_day_however_late_it_is():
    told = by(returns.figures(state(owed=[owed(came=None, late=9)]), POLICE), "measure")
    assert (told["days_after_due",].value, told["days_after_due",].why_not) == (None, "no_return")
    assert ("rows",) not in told


def test_findings_of_others_are_not_told():
    stands = state(
        owed=[owed(to_explain=2), owed("st_giles", "st_giles_referrals")],
        to_explain=[finding(), finding(), finding("st_giles", "REF-06")],
    )
    told = by(returns.figures(stands, POLICE), "measure", "group")
    assert told["rule_to_explain", "police/MIS-04/2024Q4"].value == 2
    assert not [group for _measure, group in told if "st_giles" in group]


def test_what_does_not_agree_across_providers_is_counted_by_rule():
    odd = Finding("EXP-02", "note", Text("m"), Text("f"), "exploitation_assessments", record="A1")
    (one,) = returns.across(state(across=[odd]))
    assert (one.measure, one.group, one.value, one.unit) == (
        "do_not_agree",
        "EXP-02",
        1.0,
        "returns",
    )


def test_a_provider_without_a_service_has_no_caseload():
    told = estimates(snapshot(), state(), state(NOW - 1), POLICE)
    assert {figure.section for figure in told} == {"own_records"}
    service = estimates(snapshot(), state(), state(NOW - 1), SERVICE)
    assert {"open_at_end", "waiting_now", "had_within"} <= {figure.measure for figure in service}
