"""What a new return begins with."""

from dataclasses import replace

import pandas as pd
import pytest
from store_toys import NOW

from evaluation.nouns import Provider
from evaluation.quarters import Quarter
from evaluation.returns.carrying import carried
from evaluation.returns.parsing import parse
from evaluation.store import Store, accept
from schemas import FORMS
from tests.unit.returns.making import REFERRAL, RIGHT, return_of, sheet

Q1 = Quarter(2025, 1)
SERVICE = Provider("somebody", FORMS["st_giles_referrals"].title, ("st_giles_referrals",))


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def take(store, quarter, *rows, form="st_giles_referrals"):
    nil = () if rows else (form,)
    source = return_of(*([sheet(form, *rows)] if rows else []), quarter=str(quarter), nil=nil)
    file = f"{quarter} {form} {rows}".encode().hex()[-64:].rjust(64, "0")
    checked = parse(replace(source, sha256=file), FORMS)
    accept(store, checked, FORMS, now=NOW, rules_version="1")


def refs(store, quarter, provider=SERVICE):
    rows = carried(store, provider, FORMS, quarter).get("st_giles_referrals")
    return None if rows is None else list(rows["referral_ref"])


OPEN = REFERRAL | {"referral_ref": "SG1"}
WAITING = {name: REFERRAL[name] for name in list(REFERRAL)[:6]} | {
    "referral_ref": "SG2",
    "decision": "waiting",
}
CLOSED = OPEN | {"referral_ref": "SG3", "closed_on": "20/06/2025", "closure_reason": "planned"}
DECLINED = WAITING | {
    "referral_ref": "SG4", "decision": "declined", "decided_on": "09/05/2025",
    "decline_reason": "no_consent",
}  # fmt: skip


def test_referrals_that_wait_or_go_on_are_carried_with_all_that_was_said_of_them(store):
    take(store, Q1, OPEN, WAITING, CLOSED, DECLINED)
    assert refs(store, Q1 + 1) == ["SG1", "SG2"]
    rows = carried(store, SERVICE, FORMS, Q1 + 1)["st_giles_referrals"]
    assert list(rows.columns) == [field.name for field in FORMS["st_giles_referrals"].fields]
    assert rows["sessions_attended"].tolist() == [3, pd.NA]


def test_only_the_newest_return_before_the_quarter_counts(store):
    take(store, Q1 - 1, OPEN | {"referral_ref": "SG0"})
    take(store, Q1, OPEN)
    take(store, Q1 + 1, WAITING)
    assert refs(store, Q1) == ["SG0"]
    assert refs(store, Q1 + 1) == ["SG1"]
    assert refs(store, Q1 + 3) == ["SG2"]


def test_nothing_is_carried_where_nothing_came_or_nothing_goes_on(store):
    assert carried(store, SERVICE, FORMS, Q1) == {}
    take(store, Q1, CLOSED)
    assert carried(store, SERVICE, FORMS, Q1 + 1) == {}
    everything = replace(SERVICE, forms=("children", "st_giles_referrals", "not a form yet"))
    take(store, Q1, RIGHT["children"], form="children")
    assert carried(store, everything, FORMS, Q1 + 1) == {}


def test_nothing_of_another_provider_is_carried(store):
    take(store, Q1, OPEN)
    assert carried(store, replace(SERVICE, name="another"), FORMS, Q1 + 1) == {}


@pytest.mark.parametrize(
    ("changes", "goes_on"),
    [
        ({"returned_at": ""}, True),
        ({"interview": "offered"}, True),
        ({"interview": "not_offered"}, True),
        ({"interview": "declined"}, False),
        ({"interview": "done", "interview_at": "03/05/2025 10:00"}, False),
        ({"interview": "not_due"}, False),
    ],
)
def test_episodes_that_are_open_or_whose_interview_is_outstanding_are_told_again(changes, goes_on):
    form = FORMS["missing_episodes"]
    rows = parse(
        return_of(sheet("missing_episodes", RIGHT["missing_episodes"] | changes)), FORMS
    ).tables["missing_episodes"]
    assert len(form.carries(rows)) == goes_on


def test_spells_that_go_on_are_told_again():
    form = FORMS["away_spells"]
    spell = {"child_key": "EXAMPRE0001W", "from_on": "06/05/2025", "reason": "custody"}
    rows = parse(
        return_of(sheet("away_spells", spell, spell | {"to_on": "07/05/2025"})), FORMS
    ).tables["away_spells"]
    assert form.carries(rows).index.tolist() == [2]
