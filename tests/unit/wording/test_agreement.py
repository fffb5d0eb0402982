"""How many roads agree, and whether one would change the reading: a closed set of sentences."""

import pytest

from evaluation.nouns import Figure
from evaluation.wording import Road, agreement, would_change


def figure(value=0.8, low=0.6, high=1.1, why_not=None):
    return Figure(
        "re_missing", "rate_ratio", "contrast", "discussed", "re_missing", 182, "children", 100,
        None, 50, value, low, high, 0.95, "", 3, (), "sensitivity", None, why_not,
    )  # fmt: skip


NONE = Road(figure(None, None, None, "too_few_children"))
MAIN = Road(figure())


def said(*others, main=MAIN):
    return [str(text) for text in agreement(main, others)]


@pytest.mark.parametrize(
    ("road", "side", "direction"),
    [
        (Road(figure(0.7, 0.5, 0.9)), "fewer", "fewer"),
        (Road(figure(1.4, 1.1, 1.8)), "more", "more"),
        (Road(figure(1.2, 0.9, 1.6)), "neither", "more"),
        (Road(figure(1.0, 0.9, 1.1)), "neither", "neither"),
        (Road(figure(28.8, 8.1, 49.5), no_difference=0.0, fewer_is_below=False), "fewer", "fewer"),
        (Road(figure(-9.0, -20.0, -1.0), no_difference=0.0, fewer_is_below=False), "more", "more"),
        (Road(figure(0.0, 0.0, 0.0)), "fewer", "fewer"),
        (Road(figure(0.8, None, None)), None, "fewer"),
        (NONE, None, None),
        (Road(None), None, None),
    ],
)
def test_a_road_lies_on_the_side_of_its_whole_interval(road, side, direction):
    assert (road.side, road.direction) == (side, direction)


def test_the_reading_changes_where_the_side_is_another():
    assert str(would_change(MAIN, Road(figure(0.9, 0.7, 1.2)))) == "no: inconclusive"
    assert str(would_change(MAIN, Road(figure(0.7, 0.5, 0.9)))) == "yes: fewer"
    assert would_change(MAIN, NONE) is None
    assert would_change(NONE, MAIN) is None


def test_roads_that_cannot_be_made_count_neither_for_nor_against():
    told = said(Road(figure(0.9, 0.8, 0.99)), Road(figure(1.2, 0.9, 1.5)), NONE, Road(None))
    assert told == [
        "1 of 2 sensitivity analyses agree in direction with the main figure.",
        "Sensitivity analyses by which the reading would be another: 1.",
        "Sensitivity analyses that could not be made: 2; each says why.",
        "None of them carries a claim, however it turns out.",
    ]


def test_there_is_a_sentence_where_there_is_nothing_to_compare():
    assert said(NONE)[0] == "No sensitivity analysis could be made."
    assert said()[0] == "No sensitivity analysis could be made."
    assert said(MAIN, main=NONE)[0].startswith("There is no main figure")
    assert said(MAIN, main=Road(figure(1.0, 0.8, 1.2)))[0].startswith(
        "The main figure shows no difference"
    )
