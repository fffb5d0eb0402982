"""Awkward files, each by its name: what is found in it, and that it can be given back."""

import pandas as pd
import pytest

from evaluation.errors import BrokenFile
from evaluation.returns.checking import check
from evaluation.returns.feedback import copy_of, give_back
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.told import Told
from schemas import FORMS
from tests.corpus import CASES, PROVIDERS
from tests.corpus.cases import sheets
from tests.corpus.writing import xlsx

READ = [case for case in CASES if not case.refused]
REFUSED = [case for case in CASES if case.refused]


def by_name(cases):
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


def examined(path, case):
    received = read_return(path, FORMS, case.providers or PROVIDERS, told=case.told or Told())
    return check(parse(received, FORMS), FORMS, {})


def found(checked, *severities):
    return sorted(
        f"{item.rule} {item.place}".strip()
        for item in checked.findings
        if not severities or item.severity in severities
    )


@pytest.fixture(scope="session")
def right(tmp_path_factory):
    """The rows that all cases vary."""
    path = xlsx(tmp_path_factory.mktemp("right") / "x.xlsx", sheets())
    return check(parse(read_return(path, FORMS, PROVIDERS), FORMS), FORMS, {}).tables


def test_there_are_enough_of_them_and_no_two_share_a_name():
    names = [case.name for case in CASES]
    assert len(names) >= 60
    assert len(set(names)) == len(names)


@by_name(READ)
def test_what_is_found(case, tmp_path, right):
    path = case.make(tmp_path)
    before = path.read_bytes()
    checked = examined(path, case)
    assert found(checked) == list(case.finds)
    rows = checked.tables.get(case.form, ())
    if checked.acceptable and case.rows is None:
        pd.testing.assert_frame_equal(
            rows.reset_index(drop=True), right[case.form].reset_index(drop=True)
        )
    elif case.rows is not None:
        assert len(rows) == case.rows
    assert path.read_bytes() == before


@by_name(REFUSED)
def test_what_is_not_opened(case, tmp_path):
    path = case.make(tmp_path)
    with pytest.raises(BrokenFile, match=case.refused) as refusal:
        examined(path, case)
    assert path.name in str(refusal.value)


@pytest.mark.slow
@by_name([case for case in READ if case.comes_back])
def test_what_is_given_back_can_be_sent_again(case, tmp_path):
    path = case.make(tmp_path)
    checked = examined(path, case)
    copy = copy_of(path)
    given = give_back(path, checked, copy.parent / "back" / copy.name, "en")
    assert given.why_not is None
    again = examined(given.marked, case)
    assert found(again, "reject", "explain") == found(checked, "reject", "explain")
