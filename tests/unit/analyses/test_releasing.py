"""From the store to a release: what it is made from travels with it."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from analyses import releasing
from analyses.claiming import Moment
from analyses.plan import read_plan
from evaluation.nouns import Claiming
from evaluation.quarters import Quarter
from evaluation.store import Store
from schemas import FORMS
from tests.unit.analyses.making import PROVIDERS, believed
from tests.unit.reports.making import _estimates

SNAPSHOT = believed(quarter="2024Q4")


@pytest.mark.slow
@pytest.mark.parametrize("quarter", ["2024Q4", "2024Q1"])
def test_every_release_from_a_store_of_invented_children_says_so(tmp_path, monkeypatch, quarter):
    monkeypatch.setattr(releasing, "take_snapshot", lambda *_, **_area: believed(quarter=quarter))

    store = Store.open(tmp_path)

    def says():
        made = releasing.analyse(
            store,
            Quarter.parse(quarter),
            FORMS,
            body="gwent",
            providers=PROVIDERS,
            plan=read_plan(),
            made_on=date(2025, 4, 30),
        )
        return made.versions.get("data")

    assert says() is None
    (tmp_path / releasing.INVENTED).touch()
    assert says() == "invented"


@pytest.mark.slow
def test_a_correction_is_held_against_the_release_that_it_corrects(tmp_path):
    """It is kept with its counts, of which no exact one stands in its file."""
    store = Store.open(tmp_path / "store")
    first = tuple(_estimates(0.97))
    corrected = tuple(
        replace(each, children=110) if each.children == 104 and each.of == 147 else each
        for each in first
    )
    left = []
    for number, estimates in enumerate((first, first, corrected, corrected)):
        found = releasing.Analysed(
            "gwent", SNAPSHOT, read_plan(), None, estimates, Moment(None, Claiming()), {},
            earlier=releasing.left_before(store, "gwent"),
        )  # fmt: skip
        made = releasing.public(found, made_on=date(2025, 4, 30))
        moment = datetime(2025, 4, 30, number, tzinfo=UTC)
        path = releasing.keep(
            store, made, releasing.place_in(tmp_path, made), now=moment,
            counts=releasing.counts_of(made, found),
        )  # fmt: skip
        left.append(made)
        before = releasing.left_before(store, "gwent")
        assert len(before) == (1, 1, 2, 2)[number]
        assert {len(each.counts) for each in before.values()} == {len(first)}
        assert '"children": 104' not in path.read_text()
    assert left[1].figures == left[0].figures
    assert left[2].figures != left[1].figures
    assert left[3].figures == left[2].figures
