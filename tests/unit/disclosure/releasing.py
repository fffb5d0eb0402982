"""Figures as they leave, from estimates made by hand."""

from datetime import date

from evaluation.disclosure import PUBLIC, release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter

ARMS = (
    Estimate("re_missing", "children", "referred", cohort="discussed", children=62),
    Estimate("re_missing", "children", "not_referred", cohort="discussed", children=88),
)


def released(*estimates, around=(), policy=PUBLIC, relations=()):
    made = release(
        (*estimates, *around),
        policy,
        body="gwent",
        quarter=Quarter(2024, 4),
        snapshot="s1",
        plan="p1",
        claim_quarter=Quarter(2024, 4),
        versions={"evaluation": "0.1.0"},
        made_on=date(2025, 4, 30),
        relations=relations,
    )
    places = {(f.measure, f.group, f.days): f for f in made.figures}
    return [places[e.measure, e.group, e.days] for e in estimates]


def numbers(figure):
    return (figure.children, figure.of, figure.events, figure.value, figure.low, figure.high)
