import math

import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.power import (
    minimum_detectable_difference,
    minimum_detectable_hazard_ratio,
    minimum_detectable_rate_ratio,
)
from evaluation.estimating.sample_size import (
    children_needed_for_difference,
    children_needed_for_rate_ratio,
    events_needed,
    expected_events,
)


def arms(found):
    return found.one(group="treated").value, found.one(group="comparison").value


@pytest.mark.parametrize("share", [0.5, 0.3])
@pytest.mark.parametrize("power", [0.8, 0.9])
def test_so_many_children_detect_just_what_they_were_asked_for(share, power):
    how = {"power": power, "design_effect": 1.4}
    treated, comparison = arms(
        children_needed_for_rate_ratio(0.6, mean_events=2, dispersion=1, treated_share=share, **how)
    )
    assert treated / (treated + comparison) == pytest.approx(share)
    found = minimum_detectable_rate_ratio(treated, comparison, mean_events=2, dispersion=1, **how)
    assert found.one().low == pytest.approx(0.6)
    found = minimum_detectable_difference(
        *arms(children_needed_for_difference(0.35, base=0.5, treated_share=share, **how)),
        base=0.5, **how,
    )  # fmt: skip
    assert found.one().low == pytest.approx(-0.15)
    events = events_needed(0.7, treated_share=share, **how).one().value
    found = minimum_detectable_hazard_ratio(events, treated_share=share, **how)
    assert found.one().low == pytest.approx(0.7)


def test_a_ratio_and_its_inverse_need_the_same_events():
    assert events_needed(0.5).one().value == pytest.approx(events_needed(2).one().value)


def test_expected_events_by_hand():
    found = expected_events(200, per_100_child_days=0.5, days=100).one().value
    assert found == pytest.approx(200 * (1 - math.exp(-0.5)))
    competing = expected_events(
        200, per_100_child_days=0.5, days=100, competing_per_100_child_days=0.5
    )
    assert competing.one().value == pytest.approx(200 * 0.5 * (1 - math.exp(-1)))


def test_children_who_enter_late_have_fewer_events():
    # The mean over entry, evenly spread, of those followed from then to day 100.
    late = expected_events(100, per_100_child_days=1, days=100, entry_days=60).one().value
    steps = [(k + 0.5) / 1000 * 60 for k in range(1000)]
    mean = sum(100 * (1 - math.exp(-0.01 * (100 - step))) for step in steps) / 1000
    assert late == pytest.approx(mean, rel=1e-6)


@pytest.mark.parametrize("ask", [
    lambda: events_needed(1),
    lambda: events_needed(-1),
    lambda: events_needed(0.5, treated_share=0),
    lambda: children_needed_for_difference(0.4, base=0.4),
    lambda: children_needed_for_difference(0, base=0.4),
    lambda: children_needed_for_rate_ratio(0.5, mean_events=0, dispersion=1),
    lambda: expected_events(10, per_100_child_days=0, days=9),
    lambda: expected_events(10, per_100_child_days=1, days=9, entry_days=10),
])  # fmt: skip
def test_what_has_no_answer_is_refused(ask):
    with pytest.raises(WrongUse):
        ask()
