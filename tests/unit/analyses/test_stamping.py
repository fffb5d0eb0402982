"""What the plan named keeps its role; whatever departs from it is exploratory, and says so."""

from dataclasses import replace

import pytest

from analyses.plan import read_plan
from analyses.quarterly import estimates
from analyses.stamping import DEPARTS, stamped
from evaluation.nouns import Estimate
from tests.unit.analyses.making import PROVIDERS, believed

PLAN = read_plan()


def figure(measure="rate_ratio", group="contrast", **others):
    known = {"cohort": "discussed", "outcome": "re_missing", "days": 182, "role": "primary"}
    return Estimate("re_missing", measure, group, **{**known, **others})


def roles(*figures, plan=PLAN):
    told = stamped(figures, plan, PLAN)
    for one in told:
        assert (one.role == "exploratory") == (DEPARTS in one.unmet)
    return [one.role for one in told]


def test_what_the_plan_names_keeps_its_role():
    assert roles(
        figure(),
        figure("episodes_per_100_child_days", "referred"),
        figure(days=90, role="secondary"),
        figure("free_of_episodes", "referred", days=14, role="secondary"),
        figure("unadjusted_rate_ratio", role="sensitivity"),
        figure(days=120, cohort="no_place_free", role="sensitivity"),
        figure(outcome="re_missing_medium_high", role="sensitivity"),
        figure("flow", "discussed", days=None, role="description"),
        figure("episodes", "2024-05", cohort=None, days=None, role="monitoring"),
    ) == ["primary", "primary", "secondary", "secondary", "sensitivity", "sensitivity",
          "sensitivity", "description", "monitoring"]  # fmt: skip


@pytest.mark.parametrize("role", ["primary", "co_primary", "secondary"])
def test_the_other_main_figure_is_co_primary_whatever_it_calls_itself(role):
    plan = replace(PLAN, co_primary=("discussed", "referred_now"))
    told = stamped([figure(cohort="referred_now", role=role)], plan, plan)
    assert [one.role for one in told] == ["co_primary"]
    assert roles(figure(cohort="referred_now", role="sensitivity")) == ["sensitivity"]
    assert roles(figure(cohort="referred_now", days=90, role="secondary")) == ["secondary"]
    assert roles(figure(cohort="referred_now", role="sensitivity")) == ["sensitivity"]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"outcome": "my_own"}, id="outcome"),
        pytest.param({"outcome": "my_own", "role": "sensitivity"}, id="sensitivity-of-an-outcome"),
        pytest.param({"days": 120, "role": "secondary"}, id="window"),
        pytest.param({"group": "sex=female", "role": "secondary"}, id="sub-group"),
        pytest.param({"days": 90}, id="calls-another-window-primary"),
        pytest.param({"cohort": "my_own"}, id="calls-another-cohort-primary"),
        pytest.param({"cohort": "discussed", "role": "co_primary"}, id="calls-itself-co-primary"),
    ],
)
def test_what_no_plan_named_is_exploratory(change):
    assert roles(figure(**change)) == ["exploratory"]


def test_what_is_told_of_a_services_work_is_none_of_the_plans():
    work = Estimate(
        "encompass", "notified", cohort="eligible", outcome="in_time", role="sensitivity"
    )
    for plan in (PLAN, replace(PLAN, seed=7)):
        assert stamped([work], plan, PLAN) == (work,)


def test_a_sub_group_that_the_plan_names_is_not_exploratory():
    named = replace(PLAN, sub_groups=("sex",))
    told = stamped([figure(group="sex=female", role="secondary")], named, named)
    assert [one.role for one in told] == ["secondary"]


@pytest.mark.parametrize("entry", ["seed", "claim_quarter", "trigger_days", "claim_blocked_by"])
def test_under_a_changed_plan_every_answer_is_exploratory(entry):
    changed = {
        "seed": 7,
        "claim_quarter": PLAN.claim_quarter + 1,
        "trigger_days": 60,
        "claim_blocked_by": (),
    }
    mine = replace(PLAN, **{entry: changed[entry]})
    assert roles(
        figure(),
        figure(days=90, role="secondary"),
        figure("unadjusted_rate_ratio", role="sensitivity"),
        figure("flow", "discussed", days=None, role="description"),
        Estimate("referrals", "accepted", cohort="st_giles_12_months"),
        plan=mine,
    ) == ["exploratory"] * 4 + ["description"]  # fmt: skip


def test_other_numbers_and_assumptions_stay_and_stamping_twice_is_stamping_once():
    before = figure(outcome="my_own", value=0.7, low=0.5, high=0.9, unmet=("crossing_over",))
    (once,) = stamped([before], PLAN, PLAN)
    assert once == replace(before, role="exploratory", unmet=("crossing_over", DEPARTS))
    assert stamped([once], PLAN, PLAN) == (once,)


@pytest.mark.slow
def test_the_quarters_figures_are_held_to_the_projects_plan_unless_another_is_registered():
    mine = replace(PLAN, trigger_episodes=4)

    def ratios(**registered):
        told = estimates(believed(), mine, PROVIDERS, **registered)
        return {
            one.role for one in told if one.measure == "rate_ratio" and one.cohort == "discussed"
        }

    assert ratios() == {"exploratory"}
    assert ratios(registered=mine) == {"primary", "secondary"}
