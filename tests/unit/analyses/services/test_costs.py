"""A contract's year beside that year's children, and never the exact number by the back door."""

import pytest

from analyses.services.costs import MEASURES, Contract, figures
from evaluation.errors import WrongUse
from tests.unit.analyses.services.making import believed, by, case

CONTRACT = Contract("st_giles", 100_000, "2024/25")


def told(*rows, contract=CONTRACT, **options):
    return by(figures(believed(*rows, **options), [contract]), "measure")


def reached(count, day="2024-05-10", **facts):
    return [
        row
        for at in range(count)
        for row in case(f"c{at}", "2024-05-01", first_session_on=day, **facts)
    ]


def test_the_cost_is_of_the_rounded_number_of_children():
    found = told(reached(23, closed_on="2024-06-01"))
    each = found["cost_per_child_reached"]
    assert (each.value, each.children, each.cohort) == (100_000 / 25, 23, "st_giles_2024_25")
    assert (each.low, each.high) == (None, None)
    assert found["cost_per_planned_closure"].value == 4000


def test_a_first_session_in_another_year_is_not_this_years():
    rows = [
        *reached(20),
        *(
            row
            for at in range(9)
            for row in case(f"o{at}", "2023-05-01", first_session_on="2024-03-31")
        ),
    ]
    assert told(rows)["cost_per_child_reached"].children == 20


def test_a_child_reached_before_and_again_is_not_reached_twice():
    rows = [
        *case("ann", "2023-05-01", first_session_on="2023-06-01", closed_on="2023-07-01"),
        *case("ann", "2024-05-01", first_session_on="2024-06-01"),
    ]
    found = told(rows)["cost_per_child_reached"]
    assert (found.children, found.value, found.why_not) == (0, None, "no_events")


def test_only_planned_endings_in_the_year_count():
    rows = [
        *case("ann", "2024-05-01", closed_on="2024-06-01", closure_reason="disengaged"),
        *reached(10, closed_on="2024-06-01"),
    ]
    assert told(rows)["cost_per_planned_closure"].children == 10


def test_too_few_to_round_have_no_cost():
    assert told(reached(2))["cost_per_child_reached"].why_not == "too_few_children"


@pytest.mark.parametrize(
    ("contract", "options", "why_not"),
    [
        (CONTRACT, {"not_sent": "st_giles_referrals/2024Q2"}, "no_return"),
        (CONTRACT, {"quarter": "2024Q3"}, "year_not_over"),
        (CONTRACT, {"not_sent": "st_giles_referrals"}, "no_return"),
        (Contract("st_giles", 100_000, "2025/26"), {}, "year_not_over"),
        (Contract("st_giles", 100_000, "2022/23"), {}, "no_return"),
    ],
)
def test_a_year_that_the_returns_do_not_cover_has_no_cost(contract, options, why_not):
    found = told(reached(20), contract=contract, **options)
    assert {f.why_not for f in found.values()} == {why_not}
    assert set(found) == set(MEASURES)


def test_a_service_without_a_contract_has_no_figure_and_a_wrong_year_is_refused():
    assert figures(believed(), []) == []
    assert figures(believed(), [Contract("police", 1, "2024/25")]) == []
    for year in ("2024", "2024/26", "24/25"):
        with pytest.raises(WrongUse):
            told(contract=Contract("st_giles", 1, year))
