"""Referrals of which every fault is known: each is found once, at its cell, and nothing else is."""

from pathlib import Path

import pytest

from benchmarks.referrals import COLUMNS, FORM, QUARTER, referrals
from evaluation.quarters import Quarter
from evaluation.returns.checking import check
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.told import Told
from reports.reading import read_body
from schemas import FORMS

FIRST_ROW = 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_fault_is_found_once_at_its_cell(tmp_path: Path, seed):
    made = referrals(4_000, seed=seed)
    assert made.faults["rule"].nunique() > 12
    made.texts.to_csv(tmp_path / "referrals.csv", index=False)
    providers = dict(read_body("gwent").providers)
    told = Told(providers["st_giles"], Quarter.parse(QUARTER), FORM.name)
    read = read_return(tmp_path / "referrals.csv", FORMS, providers, told=told)
    checked = check(parse(read, FORMS), FORMS, {})
    fields = {letter: name for name, letter in checked.source.sheets[0].letters.items()}
    assert sorted(fields.values()) == sorted(COLUMNS)
    found = [
        (item.row - FIRST_ROW, fields[item.column], item.rule)
        for item in checked.findings
        if item.severity == "reject"
    ]
    assert sorted(found) == sorted(made.faults.itertuples(index=False, name=None))
