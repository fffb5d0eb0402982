"""From the store to a release: what it is made from travels with it."""

from datetime import date

import pytest

from analyses import releasing
from analyses.plan import read_plan
from evaluation.quarters import Quarter
from evaluation.store import Store
from schemas import FORMS
from tests.unit.analyses.making import PROVIDERS, believed


@pytest.mark.parametrize("quarter", ["2024Q4", "2024Q1"])
def test_every_release_from_a_store_of_invented_children_says_so(tmp_path, monkeypatch, quarter):
    monkeypatch.setattr(releasing, "take_snapshot", lambda *_: believed(quarter=quarter))

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
