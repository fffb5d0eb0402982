"""What may leave of records that children have: shares of them, and events of one child."""

from dataclasses import replace

import pytest

from evaluation.nouns import Estimate
from tests.unit.disclosure.releasing import numbers, released


def test_filled_shares_of_records_are_whole_per_cent_between_1_and_99():
    whole, part, few = released(
        Estimate("c", "filled", "children.ethnicity", unit="records", children=80, of=240, value=1),
        Estimate(
            "c", "filled", "children.language", unit="records", children=80, of=240, value=0.513
        ),
        Estimate(
            "c", "filled", "children.disability", unit="records", children=7, of=30, value=0.5
        ),
    )
    assert (whole.value, whole.low, whole.high) == (0.96, 0.96, 1.0)
    assert (part.value, part.low, few.withheld) == (0.52, None, "few_children")


@pytest.mark.parametrize("blank", range(8))
def test_a_few_blank_records_are_not_told_from_none(blank):
    [figure] = released(
        Estimate(
            "c", "filled", "children.sex", unit="records", children=38, of=40, value=1 - blank / 40
        )
    )
    assert (figure.value, figure.low, figure.high, figure.of) == (0.81, 0.81, 1.0, 40)


def test_records_of_few_children_are_withheld_however_many_records_they_are():
    share = Estimate("i", "interview_done", "2024Q4", unit="records", children=30, of=60, events=40,
                     value=2 / 3, with_events=25, without_events=5)  # fmt: skip
    rest, few, open_ = released(
        share,
        replace(share, group="2024Q3", with_events=6, without_events=20),
        replace(share, group="2024Q2", events=56, value=56 / 60, without_events=3),
    )
    assert (rest.withheld, few.withheld) == ("complement", "few_children")
    assert (open_.withheld, open_.low, open_.events) == (
        None,
        0.87,
        None,
    )  # 4 without are as 0 to 7


@pytest.mark.parametrize("measure", ["school_told", "interview_done"])
def test_a_plain_share_of_records_tells_no_more_than_the_counts_beside_it(measure):
    """77 of 89 leave as 75 of 90, which is 83%; the exact 87% would leave few other pairs."""
    told = set()
    for events, of in ((73, 92), (75, 90), (77, 89)):
        [figure] = released(
            Estimate(
                "i",
                measure,
                unit="records",
                children=60,
                of=of,
                events=events,
                value=events / of,
                low=events / of - 0.1,
                high=events / of + 0.08,
                with_events=50,
                without_events=10,
            )
        )
        told.add((figure.events, figure.of, figure.value))
        assert figure.low < figure.value < figure.high
    assert told == {(75, 90, 0.83)}


def test_events_of_which_one_child_had_most_are_withheld():
    month = Estimate("m", "episodes", "2024-05", unit="episodes", children=12, events=40, value=40,
                     largest_child_events=21)  # fmt: skip
    most, half = released(month, replace(month, group="2024-06", largest_child_events=20))
    assert (most.withheld, numbers(most)) == ("dominance", (None,) * 6)
    assert half.withheld is None


@pytest.mark.parametrize("measure", ["school_told", "interview_done"])
def test_a_share_whose_other_records_are_mostly_of_one_child_is_withheld(measure):
    share = Estimate("i", measure, "2024Q1", unit="records", children=60, of=100, events=80,
                     value=0.8, with_events=55, without_events=9, largest_child_events=3,
                     largest_child_rest=11)  # fmt: skip
    half = replace(share, group="2024Q2", largest_child_rest=10)
    open_ = replace(share, group="2024Q3", events=98, value=0.98, without_events=1,
                    largest_child_rest=2)  # fmt: skip
    most, half, few = released(share, half, open_)
    assert (most.withheld, numbers(most)) == ("dominance", (None,) * 6)
    assert half.withheld is None
    assert few.withheld != "dominance"
