"""A share of a model narrows the counts that it stands beside, and the attacker knows it."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure import (
    PUBLIC,
    Left,
    counts_behind,
    place_of,
    read_counts,
    secondary,
    sums,
    write_counts,
)
from evaluation.disclosure.arms import Arms
from evaluation.disclosure.attacking import attack
from evaluation.disclosure.earlier import left_of
from evaluation.disclosure.relations import cell
from evaluation.disclosure.releasing import _figure
from evaluation.disclosure.secondary import Sight
from evaluation.disclosure.values import windows
from evaluation.nouns import Estimate
from tests.unit.disclosure.test_secondary import counted, released


def modelled(group, part, of, value, low=None, high=None):
    return Estimate("r", "engaged_shrunk", group, children=part, of=of, value=value, low=low, high=high,
                    method="beta_binomial")  # fmt: skip


def told_of(estimate):
    arms = Arms.of([estimate], PUBLIC)
    figure = _figure(estimate, PUBLIC, arms, frozenset())
    return figure, list(windows(estimate, figure, PUBLIC, arms))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from(["engaged_shrunk", "free_of_episodes", "anyone_told", "interview_done"]),
    st.integers(30, 900),
    st.integers(0, 100),
    st.integers(-9, 9),
)
def test_what_is_printed_alike_is_what_the_windows_hold(measure, of, percent, shift):
    """Every share within a window's ends is printed as the exact one is, and none beyond them."""
    part = of * percent // 100
    share = 1 - part / of if measure == "free_of_episodes" else part / of
    value = min(max(share + shift / 100 + 0.0012, 0.0), 1.0)
    records = measure in {"anyone_told", "interview_done"}
    estimate = Estimate(
        "s", measure, children=of - part if measure == "free_of_episodes" else part, of=of,
        events=part, value=value, unit="records" if records else "children", method="a_model",
        with_events=part if records else None, without_events=of - part if records else None,
    )  # fmt: skip
    arms = Arms.of([estimate], PUBLIC)
    figure = _figure(estimate, PUBLIC, arms, frozenset())
    for window in windows(estimate, figure, PUBLIC, arms):
        assert window.low - 1e-9 <= part / of <= window.high + 1e-9
        side = -1 if measure == "free_of_episodes" else 1
        for end, outward in ((window.low, -1), (window.high, 1)):
            at = value + side * (end - part / of)
            inside, outside = (at + side * outward * step for step in (-2e-5, 2e-5))
            if 1e-4 < end < 1 - 1e-4 and 0 < outside < 1:
                again = [_figure(replace(estimate, value=each), PUBLIC, arms, frozenset())
                         for each in (inside, outside)]  # fmt: skip
                assert again[0].value in {figure.value, None}
                assert again[1].value != figure.value


def test_a_share_from_the_rounded_counts_tells_nothing():
    plain = Estimate("s", "engaged", children=17, of=60, value=17 / 60, low=0.18, high=0.41)
    of_records = Estimate("s", "interview_done", children=50, of=60, events=20, unit="records",
                          value=1 / 3, with_events=20, without_events=40)  # fmt: skip
    assert [told for each in (plain, of_records) for told in told_of(each)[1]] == []


def test_a_withheld_figure_tells_nothing():
    few = modelled("one", 3, 60, 0.2)
    figure, told = told_of(few)
    assert figure.withheld == "few_children"
    assert told == []


WITHHELD = counted("three", 7)
SHARES = [modelled("one", 43, 62, 42.4 / 60), modelled("two", 38, 62, 37.4 / 60)]
TABLE = [counted("all", 88, "closed"), *SHARES, WITHHELD]
TOTAL = sums(cell(TABLE[0]), *map(cell, TABLE[1:]))


def learnt(by_place):
    """What the attacker works out from figures that leave."""
    drafts = {place_of(each): (each, by_place[place_of(each)]) for each in TABLE}
    sight = Sight.of(drafts, (TOTAL,), PUBLIC)
    return [(found, wanted) for _, found, wanted in attack(sight.systems(drafts), sight.demands)]


def test_counts_narrowed_by_their_share_do_not_give_away_the_one_withheld(monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(secondary, "windows", lambda *_told: ())
        _made, old = released(TABLE, [TOTAL])
        assert [figure.withheld for figure in old.values()] == [None, None, None, "few_children"]
        assert learnt(old) == []
    assert {wanted for _cell, wanted in learnt(old)} == {(n, n) for n in range(1, 7)}  # so it is 7
    _made, new = released(TABLE, [TOTAL])
    assert sum(figure.withheld == "secondary" for figure in new.values()) == 1
    assert learnt(new) == []


def test_what_a_share_told_before_is_known_again():
    made, _by_place = released(SHARES, [])
    counts = read_counts(write_counts(counts_behind(SHARES)))
    past = left_of(Left(made, counts), "then", {}, ())
    assert [each for each, _figure in past.values()] == SHARES


def test_counts_kept_before_values_were_are_read():
    line = '["r", null, null, "engaged_shrunk", "one", null, 43, 62, null, null, null, null]'
    assert read_counts(line) == {place_of(SHARES[0]): {"children": 43, "of": 62}}
