"""The attacker who has only what was published: what adds up elsewhere, it holds to add up here.

`tests/slow/test_demo.py` sets it on the demonstration.
"""

from tests.helpers.attacker import learnt
from tests.helpers.mining import mined
from tests.helpers.published import COLUMNS, ranges_of

SERVICES, QUARTERS = ("north", "south"), ("2024Q3", "2024Q4")


def row(service, measure, group, children, withheld=""):
    """A published row: 17 children are told as 15, and of few it is told that they are few."""
    held = dict.fromkeys(COLUMNS, "")
    sign = "[c]" if withheld else ""
    told = "" if withheld else str((children + 2) // 5 * 5)
    return held | {
        "section": "referrals", "cohort": f"{service}_side_12_months", "measure": measure,
        "group": group, "unit": "children", "children": told, "withheld": withheld, "sign": sign,
    }  # fmt: skip


def published(service, counts, withheld=()):
    reasons = {"withheld": "few_children"}
    return [
        row(service, "closed", "all", sum(counts)),
        *(
            row(service, "closed_because", group, count, **reasons if group in withheld else {})
            for group, count in zip("abc", counts, strict=True)
        ),
    ]


def files(last, withheld):
    told = [(30, 25, 20), (40, 32, 28), (50, 21, 17)]
    every = iter([*(published(SERVICES[n % 2], each) for n, each in enumerate(told)),
                  published(SERVICES[1], last, withheld)])  # fmt: skip
    return {quarter: next(every) + next(every) for quarter in QUARTERS}


def test_it_finds_that_closed_is_the_sum_of_its_reasons_and_works_out_the_one_withheld():
    found = ranges_of(files((8, 8, 2), {"c"}))
    closed = learnt(found, mined(found))
    assert {(cell.file, cell.group): numbers for cell, numbers in closed.items()} == {
        ("2024Q4", "c"): [7]
    }


def test_it_finds_nothing_where_a_second_count_is_withheld():
    found = ranges_of(files((40, 4, 3), {"b", "c"}))
    assert mined(found)
    assert learnt(found, mined(found)) == {}


def test_what_adds_up_in_one_place_alone_is_believed_in_no_other():
    found = ranges_of({"2024Q3": published("north", (30, 25, 20)), "2024Q4": []})
    assert not [rule for rule in mined(found) if len(rule.right) == 3]
