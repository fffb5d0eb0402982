"""Every figure can leave: nothing is refused, each code has words, no place is claimed twice."""

from datetime import date

import pytest

from analyses.services import (
    Contract,
    cost_figures,
    referral_figures,
    risk_figures,
    session_figures,
)
from evaluation.disclosure import PUBLIC, release
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from tests.unit.analyses.making import child
from tests.unit.analyses.services.making import assessed, believed, case, session


def rows():
    told = []
    for at in range(60):
        key, sex = f"c{at}", "male" if at % 2 else "female"
        came = {
            "first_session_on": "2023-09-20",
            "sessions_offered": 8,
            "sessions_attended": at % 8,
        }
        for form in ("st_giles_referrals", "positive_futures_referrals"):
            told += case(
                key, "2023-09-01", form=form, closed_on="2024-05-01", **(came if at % 3 else {})
            )
            told += case(
                f"n{at}",
                "2024-08-01",
                form=form,
                **({"first_session_on": "2024-08-20"} if at % 4 else {}),
            )
        told += child(key, quarters="2023Q1", sex=sex) + child(f"n{at}", quarters="2023Q1", sex=sex)
        told += assessed(key, "2023-08-20", "moderate") + assessed(
            key, "2024-04-20", ["mild", "moderate", "significant"][at % 3]
        )
        told += session(f"{at}", f"2024-{4 + at % 9:02}-10", 10 + at % 7)
    return told


def estimates(snapshot):
    contracts = [
        Contract("st_giles", 100_000, "2024/25"),
        Contract("positive_futures", 1, "2025/26"),
    ]
    return (
        referral_figures(snapshot)
        + risk_figures(snapshot)
        + cost_figures(snapshot, contracts)
        + session_figures(snapshot)
    )


def released(every):
    return release(
        every, PUBLIC, body="gwent", quarter=Quarter(2024, 4), snapshot="S1", plan="p",
        claim_quarter=Quarter(2024, 4), versions={}, made_on=date(2025, 5, 1),
    ).figures  # fmt: skip


@pytest.fixture(scope="module")
def every():
    return estimates(believed(rows()))


def test_every_code_has_words(every):
    told = every + estimates(believed(not_sent="st_giles_referrals children"))
    assert {each.why_not for each in told if each.why_not} <= REASONS.keys()
    assert {code for each in told for code in each.unmet} <= ASSUMPTIONS.keys()
    assert {each.method for each in told if each.method} <= METHODS.keys()


def test_a_release_takes_every_figure_and_lets_no_small_number_out(every):
    figures = released(every)
    assert len(figures) == len(every)
    assert {f.section for f in figures} == {
        "referrals", "waiting", "endings", "engagement", "caseload", "risk_change", "costs",
        "positive_futures_sessions",
    }  # fmt: skip
    for figure in figures:
        assert figure.children is None or figure.children == 0 or figure.children >= 10


@pytest.mark.slow
def test_a_release_of_nothing_and_of_five_children_is_taken_too():
    for few in ([], rows()[:60]):
        figures = released(estimates(believed(few)))
        assert all(
            f.value is None or f.unit == "records" or not f.value or (f.children or 0) >= 8
            for f in figures
        )


def test_the_cost_that_leaves_is_the_sum_over_the_number_that_leaves(every):
    cost = next(f for f in released(every) if f.measure == "cost_per_child_reached" and f.value)
    assert cost.value == float(f"{100_000 / cost.children:.2g}")
