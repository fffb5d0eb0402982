"""A marked copy and its page: whole or not at all, and never over what its sender has mended."""

import os
from pathlib import Path

import openpyxl
import pytest

from evaluation.errors import BrokenFile
from evaluation.returns.feedback import copy_of, give_back
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from evaluation.returns.saving import save_whole
from tests.unit.returns.workbooks import FORMS, PROVIDERS, VISIT, right, table


def give(path):
    checked = parse(read_return(path, FORMS, PROVIDERS), FORMS)
    return give_back(path, checked, copy_of(path), "en")


@pytest.fixture
def faulty(tmp_path):
    """A workbook with a day that does not exist."""
    return right(tmp_path / "x.xlsx", Home_visits=table(VISIT | {"seen_at": "31/02/2025"}))


def mend(copy):
    """Save it a while after it was given, as a person would."""
    book = openpyxl.load_workbook(copy)
    book["Home visits"]["A9"] = "MENDED"
    book.save(copy)
    later = copy.stat().st_mtime + 60
    os.utime(copy, (later, later))


def test_a_copy_that_nobody_touched_is_written_anew(faulty):
    give(faulty)
    assert give(faulty).marked == copy_of(faulty)


def test_a_copy_that_was_mended_is_left_as_it_is(faulty):
    copy = give(faulty).marked
    mend(copy)
    mended = copy.read_bytes()
    for _again in range(2):
        given = give(faulty)
        assert (given.marked, given.page) == (None, None)
        assert "--copy" in str(given.why_not)
        assert copy.read_bytes() == mended


def test_a_workbook_of_somebody_else_by_that_name_is_left_as_it_is(faulty):
    copy_of(faulty).write_bytes(b"not ours")
    assert give(faulty).marked is None
    assert copy_of(faulty).read_bytes() == b"not ours"


def test_a_mended_copy_that_is_checked_keeps_what_was_mended(faulty):
    copy = give(faulty).marked
    mend(copy)
    assert give(copy).marked == copy
    assert openpyxl.load_workbook(copy)["Home visits"]["A9"].value == "MENDED"


def full(*_arguments):
    raise OSError(28, "No space left on device")


def test_what_cannot_be_written_leaves_the_older_file_and_says_why(tmp_path, monkeypatch):
    older = tmp_path / "older.xlsx"
    older.write_bytes(b"older")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BrokenFile, match="cannot be written"):
        save_whole(older, b"newer")
    assert [path.name for path in tmp_path.iterdir()] == ["older.xlsx"]
    assert older.read_bytes() == b"older"


def test_a_full_disk_costs_no_findings(faulty, monkeypatch):
    monkeypatch.setattr(Path, "write_bytes", full)
    given = give(faulty)
    assert (given.marked, given.page) == (None, None)
    assert "cannot be written" in str(given.why_not)
