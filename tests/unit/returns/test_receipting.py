"""The receipt as text: all that was promised, in the sender's language."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from evaluation.errors import WrongUse
from evaluation.nouns import Receipt
from evaluation.quarters import Quarter
from evaluation.returns.receipting import receipt_beside, write_receipt
from tests.unit.returns.workbooks import FORMS, PROVIDERS

RECEIPT = Receipt(
    id="R-2025Q1-7K3M9Q",
    provider="st_elsewhere",
    quarter=Quarter(2025, 1),
    sha256="ab" * 32,
    rows={"calls": 0, "home_visits": 1200},
    rules_version="f00dfeed",
    received_at=datetime(2025, 7, 3, 8, 30, tzinfo=UTC),
    supersedes=("R-2025Q1-AAAAAA",),
)


def written(tmp_path, receipt=RECEIPT, language="en"):
    to = write_receipt(tmp_path / "r.txt", receipt, FORMS, PROVIDERS, language)
    return to.read_text(encoding="utf-8")


def test_it_says_what_was_accepted_when_and_what_it_replaces(tmp_path):
    lines = written(tmp_path).splitlines()
    assert lines[:9] == [
        "Receipt: R-2025Q1-7K3M9Q",
        "Provider: St Elsewhere",
        "Quarter: 2025Q1",
        "Accepted: 3 July 2025 09:30",  # summer time
        "Rows: Calls made 0 and Home visits 1,200",
        f"File (SHA-256): {'ab' * 32}",
        "Rules: f00dfeed",
        "Supersedes: R-2025Q1-AAAAAA",
        "Superseded by: nothing",
    ]


def test_one_that_was_withdrawn_says_so(tmp_path):
    gone = replace(
        RECEIPT,
        withdrawn_at=datetime(2025, 12, 3, 9, 30, tzinfo=UTC),
        withdrawn_why="Another unit's",
    )
    assert "Withdrawn: 3 December 2025 09:30\nWhy: Another unit's\n" in written(tmp_path, gone)


@pytest.mark.usefixtures("welsh")
def test_it_is_in_the_senders_language(tmp_path):
    assert "Darparwr: Sant Rhywle" in written(tmp_path, language="cy")


def test_it_lies_beside_the_workbook(tmp_path):
    beside = receipt_beside(tmp_path / "our return.xlsx", RECEIPT)
    assert beside == tmp_path / "receipt R-2025Q1-7K3M9Q.txt"


def test_where_it_cannot_be_written_the_sender_learns_that_the_return_is_in(tmp_path):
    with pytest.raises(WrongUse, match=r"was accepted \(receipt R-2025Q1-7K3M9Q\)"):
        write_receipt(tmp_path / "no" / "r.txt", RECEIPT, FORMS, PROVIDERS, "en")
