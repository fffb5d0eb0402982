"""A quarter that is released again, and again: the same figures leave each time."""

from analyses.relations import relations, within
from evaluation.disclosure import PUBLIC, Left, counts_behind, release
from evaluation.disclosure.relations import moved
from tests.unit.reports.making import _estimates, full

ESTIMATES = _estimates(0.97)


def test_an_earlier_release_of_the_same_figures_has_the_same_relations():
    """Though its figures stand in another order: some of the relations depend on who is first."""
    made = full()
    now = within(ESTIMATES)
    found = relations(ESTIMATES, {"before": made}, str(made.quarter))
    then = [each for each in found if each.kind != "same" and each.cells[0].at == "before"]
    assert then == [moved(each, "before") for each in now]


def test_the_same_quarter_again_is_the_same_release():
    made = full()
    again = release(
        ESTIMATES, PUBLIC, body=made.body, quarter=made.quarter, snapshot=made.snapshot,
        plan=made.plan, claim_quarter=made.claim_quarter, versions=made.versions,
        made_on=made.made_on, relations=relations(ESTIMATES, {"before": made}, str(made.quarter)),
        earlier={"before": Left(made, counts_behind(ESTIMATES))},
    )  # fmt: skip
    assert again.figures == made.figures
