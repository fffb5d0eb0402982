"""What the annex rests on: known answers on cohorts made by hand."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analyses.annex import balance, diagnostics, estimates, overlap, roads
from analyses.annex.overlap import bands
from analyses.plan import read_plan
from analyses.quarterly.alike import made_alike
from analyses.relations import relations
from analyses.sensitivity import SENSITIVITY
from evaluation.disclosure import INTERNAL, release
from evaluation.errors import MissingTable
from evaluation.quarters import Quarter
from tests.unit.analyses.making import believed, child, episodes, meeting

PLAN = replace(read_plan(), bootstrap_replicates=19)
SPIKE = "2023-05-20 2023-05-25 2023-06-01"


def pairs(count=40):
    """Pairs of like children of several ages; the one not referred goes missing twice as often."""
    for number in range(count):
        for arm, times in (("no_referral", 2), ("refer_st_giles", 1)):
            key = f"{number:03}-{arm}"
            again = times * (0, 1, 1, 3)[number % 4]
            days = [f"{date(2023, 7, 1) + timedelta(days=5 * time)}" for time in range(again)]
            yield from child(key, ("2010-02", "2008-11", "2011-07")[number % 3])
            yield from episodes(key, f"{SPIKE} {' '.join(days)}")
            yield from meeting(key, "2023-06-06", arm)


def window(events, *, arm, age=15, first=30):
    """A child of a window: its events, and the day of the first."""
    return {
        "arm": arm, "events": events, "days_at_risk": 180, "any_event": int(events > 0),
        "days_to_first": first if events else 182, "age": age, "sex": "female",
        "local_authority": "W06000022", "care_status": "not_known", "episodes_90": 3,
        "episodes_365": 4, "days_since_last": 5, "risk_last": "low",
    }  # fmt: skip


def children(*rows):
    return pd.DataFrame(rows).assign(child_key=[f"{n:03}" for n in range(len(rows))])


def arms(one, other, **facts):
    return children(
        *(window(events, arm="referred", **facts) for events in one),
        *(window(events, arm="not_referred", **facts) for events in other),
    )


def by(figures, *names):
    return {tuple(getattr(figure, name) for name in names): figure for figure in figures}


@pytest.fixture(scope="module")
def whole():
    return estimates(believed(pairs()), PLAN, registered=PLAN)


def test_the_fifth_with_most_episodes_is_counted_by_arm():
    found = by(diagnostics.dominance(arms([8, 1, 1, 0, 0], [2] * 10), PLAN), "group")
    assert found["referred",].value == pytest.approx(0.8)
    assert (found["referred",].children, found["referred",].of) == (1, 10)
    assert found["not_referred",].value == pytest.approx(0.2)
    none = by(diagnostics.dominance(arms([0, 0], [1]), PLAN), "group")["referred",]
    assert (none.value, none.why_not) == (None, "no_events")


def test_counts_by_chance_have_no_dispersion_and_one_child_alone_makes_it_large():
    even = by(diagnostics.dispersion(arms([2] * 20, [2] * 20), PLAN), "measure", "group")
    assert even["dispersion", "both_arms"].value == pytest.approx(0, abs=1e-6)
    assert even["mean_events", "referred"].value == 2
    one = by(diagnostics.dispersion(arms([40] + [0] * 19, [2] * 20), PLAN), "measure", "group")
    assert one["dispersion", "referred"].value > 5
    assert one["dispersion", "not_referred"].value == pytest.approx(0, abs=1e-6)


def timed(referred, others):
    """Children by the day of their one episode."""
    return children(
        *(window(1, arm="referred", age=12 + n % 5, first=int(d)) for n, d in enumerate(referred)),
        *(
            window(1, arm="not_referred", age=12 + n % 5, first=int(d))
            for n, d in enumerate(others)
        ),
    )


def hazards(rows):
    return by(diagnostics.proportional(rows, made_alike(rows, PLAN), PLAN), "measure", "group")


def test_hazards_that_cross_are_found_and_the_halves_show_it():
    """Those referred have most of their episodes late, the others early."""
    early, late = np.arange(1, 81, 2), np.arange(100, 180, 2)
    found = hazards(timed([*early[:8], *late[:32]], [*early[:32], *late[:8]]))
    assert found["proportional_hazards_p", "contrast"].value < 0.05
    assert found["first_episode_hazard_ratio", "early"].high < 1
    assert found["first_episode_hazard_ratio", "whole"].value > 0
    like = hazards(timed(early, early))
    assert like["proportional_hazards_p", "contrast"].value > 0.5
    assert like["first_episode_hazard_ratio", "whole"].value == pytest.approx(1, abs=0.05)


def test_arms_that_are_apart_in_time_have_no_ratio_rather_than_an_endless_one():
    found = hazards(timed(range(100, 160), range(1, 61)))
    assert found["first_episode_hazard_ratio", "whole"].why_not == "separation"
    p = found["proportional_hazards_p", "contrast"]
    assert (p.value, p.why_not) == (None, "separation")
    assert found["first_episode_hazard_ratio", "late"].why_not is not None


def test_a_reason_against_weighting_is_a_reason_against_the_test():
    found = diagnostics.proportional(arms([1], [0]), "too_few_children", PLAN)
    assert {figure.why_not for figure in found} == {"too_few_children"}
    assert {figure.value for figure in found} == {None}


def test_balance_tells_of_each_column_before_and_after(whole):
    told = by(whole, "measure", "group")
    assert told["smd_before", "age"].value == pytest.approx(0, abs=1e-9)  # pairs are alike
    assert ("smd_after", "age") in told
    assert ("variance_ratio_after", "age") in told
    assert ("variance_ratio_after", "sex=female") not in told


def test_a_covariate_that_is_left_out_says_why():
    rows = arms([1] * 30, [2] * 30)
    rows["age"] = np.tile([13, 14, 15, 16, 17], 12)
    told = balance.figures(made_alike(rows, PLAN), PLAN)
    left_out = {f.group: f.why_not for f in told if f.measure == "covariate_left_out"}
    assert left_out["sex"] == "constant"
    assert "age" not in left_out


def test_the_bands_of_each_arm_add_up_to_its_children(whole):
    for arm in ("referred", "not_referred"):
        bands = [f for f in whole if f.measure == "score_band" and f.group.startswith(f"{arm}/")]
        assert [f.group.split("/")[1] for f in bands] == list(overlap.bands())
        assert sum(f.children for f in bands) == bands[0].of == 40
        assert sum(f.value for f in bands) == pytest.approx(1)


def test_every_sensitivity_analysis_is_told_and_one_that_fails_closes_no_other(monkeypatch):
    monkeypatch.setattr(
        roads, "SENSITIVITY",
        {"open": lambda *_: [replace(balance_of_nothing, measure="e_value")],
         "closed": lambda *_: (_ for _ in ()).throw(MissingTable("no such table"))},
    )  # fmt: skip
    ticks = []
    told = roads.figures(None, None, None, PLAN, progress=lambda *tick: ticks.append(tick))
    assert [(f.measure, f.group, f.why_not) for f in told] == [
        ("e_value", "contrast", None), ("not_made", "closed", "no_return"),
    ]  # fmt: skip
    assert ticks == [(1, 2), (2, 2)]


balance_of_nothing = roads.figure(measure="x", group="contrast")


def test_all_of_it_leaves_under_the_internal_policy_and_under_a_threshold(whole):
    place = {
        "body": "gwent", "quarter": Quarter(2024, 4), "snapshot": "S1", "plan": PLAN.hash,
        "claim_quarter": None, "versions": {}, "made_on": date(2025, 4, 30),
    }  # fmt: skip
    exact = release(whole, INTERNAL, **place)
    assert not any(figure.withheld for figure in exact.figures)
    policy = replace(INTERNAL, fewest_children=35, base=5)
    guarded = release(whole, policy, **place, relations=relations(whole, {}, "2024Q4"))
    assert not any(0 < (figure.children or 0) < 35 for figure in guarded.figures)
    assert any(figure.withheld for figure in guarded.figures)


def test_the_bands_of_an_arm_and_both_arms_are_known_to_add_up(whole):
    held = relations(whole, {}, "2024Q4")
    parts = [len(each.right) for each in held if each.left[0].place[3] == "mean_events"]
    assert parts.count(len(bands())) == 2  # of each arm
    assert parts.count(2) >= 2  # children, and events, of both arms


def test_it_is_of_no_role_that_could_carry_a_claim(whole):
    assert {figure.role for figure in whole} == {"description", "sensitivity"}


def test_where_the_returns_for_the_comparison_have_not_come_there_is_nothing_beside():
    assert estimates(believed(pairs(3), not_sent="meeting_decisions"), PLAN) == ()


def test_the_folder_is_run_whole(whole):
    assert len(SENSITIVITY) >= 14
    assert not [figure for figure in whole if figure.measure == "not_made"]
