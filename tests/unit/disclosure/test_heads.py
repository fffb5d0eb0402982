"""Heads that somebody counted: nobody knows whose, so that a few of them are a few children."""

from evaluation.disclosure import place_of, sums
from evaluation.disclosure.relations import cell
from evaluation.nouns import Estimate
from tests.unit.disclosure.test_secondary import released


def told(measure, group="all", **numbers):
    return Estimate("positive_futures_sessions", measure, group, unit="records", **numbers)


def test_few_heads_do_not_leave_and_few_sessions_do():
    heads = told("attendances", events=6, value=6.0)
    mean = told("attendances_per_session", of=3, events=6, value=2.0)
    held = told("sessions_held", value=3.0)
    _made, by_place = released([heads, mean, held], [])
    assert [by_place[place_of(each)].withheld for each in (heads, mean, held)] == [
        "few_children", "few_children", None
    ]  # fmt: skip
    assert by_place[place_of(held)].value == 5.0


def test_that_a_few_of_those_who_came_were_there_for_the_first_time_is_left_open():
    few = told("first_attendances", of=69, events=1, value=1 / 69)
    none = told("first_attendances", "b", of=69, events=0, value=0.0)
    many = told("first_attendances", "c", of=69, events=20, value=20 / 69)
    _made, by_place = released([few, none, many], [])
    one, other, open_ = (by_place[place_of(each)] for each in (few, none, many))
    assert (one.low, one.value, one.high, one.events) == (0.0, 0.11, 0.11, None)
    assert (other.low, other.value, other.high) == (one.low, one.value, one.high)
    assert open_.value == 0.29


def test_a_few_heads_are_not_all_of_the_area_less_those_elsewhere():
    places = [told("attendances", group, events=count, value=float(count))
              for group, count in (("a", 3), ("b", 43), ("c", 0))]  # fmt: skip
    whole = told("attendances", events=46, value=46.0)
    relation = sums(cell(whole, "events"), *(cell(each, "events") for each in places))
    _made, by_place = released([whole, *places], [relation])
    assert sum(figure.withheld is not None for figure in by_place.values()) == 2
