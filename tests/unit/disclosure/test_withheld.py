"""What withholding cost is told by rule, and does not tell what was withheld."""

from datetime import date

from evaluation.disclosure import PUBLIC, release, withheld_by_rule
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter


def made(*estimates):
    return release(
        estimates, PUBLIC, body="b", quarter=Quarter(2024, 4), snapshot="s", plan="p",
        claim_quarter=None, versions={}, made_on=date(2025, 4, 30),
    )  # fmt: skip


FEW = Estimate("r", "waiting_now", children=3)
REST = Estimate("r", "accepted", children=57, of=60, value=0.95)
MANY = tuple(Estimate("r", "month", f"m{n}", children=100, value=100.0) for n in range(10))
ARRIVED = Estimate("c", "arrived", "p/f/2024Q4", unit="returns", value=1.0)


def test_every_rule_has_a_line_with_its_figures_and_its_share_of_children():
    lines = {line.rule: line for line in withheld_by_rule(made(FEW, REST, *MANY, ARRIVED))}
    assert list(lines) == ["primary", "dominance", "complement", "secondary", "earlier_release"]
    assert (lines["primary"].figures, lines["primary"].of) == (1, 12)
    assert lines["primary"].share_of_children == 0.05  # 3 of 1060, told as '5% or less'
    assert lines["complement"].share_of_children == 0.1  # 57 of 1060 is more than a twentieth
    assert (lines["secondary"].figures, lines["secondary"].share_of_children) == (0, 0.0)


def test_the_share_is_the_same_whatever_the_number_withheld():
    said = {
        withheld_by_rule(made(Estimate("r", "waiting_now", children=few), *MANY))[0]
        for few in range(1, 8)
    }
    assert len(said) == 1


def test_a_release_too_small_for_a_share_tells_none():
    assert withheld_by_rule(made(FEW, MANY[0]))[0].share_of_children is None
