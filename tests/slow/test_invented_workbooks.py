"""What was invented is what a reader of the workbooks gets, in either language."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from analyses.invented.returns import POLICE, invent
from analyses.invented.workbooks import WRONG, write_returns
from analyses.invented.world import World
from evaluation.returns.checking import check
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from reports.reading import read_body
from schemas import FORMS

pytestmark = pytest.mark.slow

PROVIDERS = read_body("gwent").providers


@pytest.fixture(scope="module")
def returns():
    return invent(children=800, seed=8, world=World(episodes_per_year=0.5))


@pytest.fixture(scope="module")
def workbooks(returns, tmp_path_factory):
    return write_returns(returns, tmp_path_factory.mktemp("returns"), providers=PROVIDERS)


def checked(path, earlier=None):
    return check(parse(read_return(path, FORMS, PROVIDERS), FORMS), FORMS, earlier or {})


def test_every_workbook_is_read_back_as_it_was_invented_and_passes_the_check(returns, workbooks):
    before = {name: {} for name in PROVIDERS}
    for (provider, quarter), path in workbooks.returns.items():
        read = checked(path, before[provider])
        assert (read.source.provider, read.source.quarter) == (provider, quarter)
        assert {finding.rule for finding in read.findings if finding.severity != "note"} == set()
        for form, rows in returns[provider, quarter].items():
            assert_frame_equal(read.tables[form].reset_index(drop=True), rows)
            told = rows.assign(quarter=str(quarter))
            before[provider][form] = pd.concat([before[provider].get(form, told.head(0)), told])


def test_only_the_first_return_of_the_police_says_from_when_its_history_is(returns, workbooks):
    says = {key: checked(path).source.history_from for key, path in workbooks.returns.items()}
    first = min(quarter for _, quarter in returns)
    assert says.pop((POLICE, first)) == pd.Timestamp(first.first_day).date() - pd.Timedelta(
        days=365
    )
    assert set(says.values()) == {None}


def test_the_wrong_workbook_is_refused_for_five_slips_and_its_twin_is_not(workbooks):
    assert workbooks.right == workbooks.returns[WRONG]
    assert checked(workbooks.right).acceptable
    refused = checked(workbooks.wrong)
    assert not refused.acceptable
    rejects = [finding for finding in refused.findings if finding.severity == "reject"]
    assert [finding.rule for finding in rejects] == [
        "CELL-DATE", "CELL-KEY-CHECK", "CELL-CODE", "CELL-NEEDED", "REF-02",
    ]  # fmt: skip
    assert len({finding.row for finding in rejects}) == 5
