"""What a sender meets who sends something wrong: a plain sentence, never a traceback, and nothing
is taken in."""

import json
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from evaluation.cli import app

ROW = {
    "referral_ref": "SG001",
    "child_key": "EXAMPRE0001W",
    "local_authority": "W06000022",
    "referred_on": date(2025, 4, 3),
    "source": "missing_meeting",
    "reason": "missing",
    "decision": "accepted",
    "decided_on": date(2025, 4, 9),
    "decline_reason": None,
    "first_contact_on": date(2025, 4, 8),
    "first_session_on": date(2025, 4, 20),
    "sessions_offered": 4,
    "sessions_attended": 3,
    "closed_on": None,
    "closure_reason": None,
}
COVER = {"Provider": "st_giles", "Quarter": "2025Q1", "Template version": 1, "Contact role": "Lead"}


def workbook(path: Path, *, cover=COVER, sheets=None, notes=None) -> Path:
    """A return as a sender might make it by hand, with the fields' own names as headers."""
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    for label, value in cover.items():
        book.active.append([label, value])
    for name, rows in (sheets or {"st_giles_referrals": [ROW]}).items():
        sheet = book.create_sheet(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    if notes:
        book.create_sheet("Notes")["A1"] = notes
    book.save(path)
    return path


@pytest.fixture
def accept(tmp_path):
    """Send a file in; gives the exit code, everything that was printed, and the store's path."""
    store = tmp_path / "store"

    def send(path, *options):
        result = CliRunner().invoke(app, ["accept", str(path), "--store", str(store), *options])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, " ".join(result.output.split()), store

    return send


def test_a_right_return_is_accepted_and_given_a_receipt(accept, tmp_path):
    code, said, store = accept(workbook(tmp_path / "r.xlsx"))
    assert code == 0
    assert "R-2025Q1-" in said
    assert store.is_dir()


BROKEN = {
    "a file that is not a workbook": (b"Dear all, please find attached", "not a workbook"),
    "an empty file": (b"", "empty"),
    "an encrypted workbook": (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "password",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_file_gets_one_sentence_and_exit_code_3(what, accept, tmp_path):
    content, words = BROKEN[what]
    path = tmp_path / "r.xlsx"
    path.write_bytes(content)
    code, said, store = accept(path)
    assert code == 3
    assert words in said
    assert not store.exists()


def test_a_file_that_is_not_there_gets_one_sentence(accept, tmp_path):
    code, said, _store = accept(tmp_path / "nowhere.xlsx")
    assert code in {2, 3}
    assert "nowhere.xlsx" in said


NEVER_SHOWN = "NP20 4GA"

REFUSED = {
    "a workbook of another template": (
        {"sheets": {"Sheet1": [{"Name": "x"}]}, "cover": {}},
        "Cover",
    ),
    "a quarter that is none": ({"cover": COVER | {"Quarter": "Summer 2025"}}, "quarter"),
    "the rows of another quarter": (
        {"cover": COVER | {"Quarter": "2024Q4"}},
        "after the quarter ended",
    ),
    "two sheets of one form": (
        {"sheets": {"st_giles_referrals": [ROW], "St Giles referrals": [ROW]}},
        "two sheets",
    ),
    "a must column is missing": (
        {"sheets": {"st_giles_referrals": [{k: v for k, v in ROW.items() if k != "decision"}]}},
        "Decision",
    ),
    "an unknown column": ({"sheets": {"st_giles_referrals": [ROW | {"shoe_size": 5}]}}, "column"),
    "a column of names": ({"sheets": {"st_giles_referrals": [ROW | {"Forename": "Mair"}]}}, "name"),
    "a full postcode in a cell": ({"notes": f"Lives at {NEVER_SHOWN}"}, "postcode"),
    "a name where a reference goes": (
        {"sheets": {"st_giles_referrals": [ROW | {"referral_ref": "Mair Example"}]}},
        "reference",
    ),
    "a provider that is not known": ({"cover": COVER | {"Provider": "St Nobody"}}, "provider"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_wrong_return_is_refused_whole_and_says_why(what, accept, tmp_path):
    made, words = REFUSED[what]
    code, said, store = accept(workbook(tmp_path / "r.xlsx", **made))
    assert code == 1, said
    assert words.lower() in said.lower()
    assert not store.exists()
    assert NEVER_SHOWN not in said
    assert "Mair" not in said


def test_a_return_for_a_quarter_already_accepted_says_what_it_will_supersede(accept, tmp_path):
    _code, first, store = accept(workbook(tmp_path / "first.xlsx"), "--json")
    receipt = json.loads(first)["id"]
    again = workbook(
        tmp_path / "again.xlsx",
        sheets={"st_giles_referrals": [ROW | {"sessions_attended": 4}]},
    )
    checked = CliRunner().invoke(app, ["check", str(again), "--store", str(store)])
    assert receipt in checked.output
    assert "supersedes" in checked.output
    _code, second, _store = accept(again, "--json")
    assert json.loads(second)["supersedes"] == [receipt]


def test_the_same_file_twice_gives_the_same_receipt(accept, tmp_path):
    path = workbook(tmp_path / "r.xlsx")
    receipts = [json.loads(accept(path, "--json")[1]) for _ in range(2)]
    assert receipts[0] == receipts[1]


def test_a_program_is_told_every_finding_with_its_place(accept, tmp_path):
    path = workbook(
        tmp_path / "r.xlsx",
        sheets={"st_giles_referrals": [ROW | {"referred_on": "31/02/2025", "source": "pub"}]},
    )
    code, said, _store = accept(path, "--json")
    told = json.loads(said)
    assert code == 1
    assert told["accepted"] is False
    assert {
        (f["sheet"], f["row"], f["column"]) for f in told["findings"] if f["severity"] == "reject"
    } == {
        ("st_giles_referrals", 2, "D"),
        ("st_giles_referrals", 2, "E"),
    }
    assert set(told["findings"][0]) == {
        "sheet", "row", "column", "record", "rule", "severity", "message", "fix",
    }  # fmt: skip
    assert {"REF-05"} <= {item["rule"] for item in told["not_run"]}


def test_welsh_is_spoken_to_those_who_ask(accept, tmp_path):
    path = tmp_path / "r.xlsx"
    path.write_bytes(b"")
    _code, english, _store = accept(path)
    _code, welsh, _store = accept(path, "--lang", "cy")
    assert welsh
    assert welsh != english


def test_a_datetime_of_a_real_spreadsheet_is_taken_for_its_day(accept, tmp_path):
    row = ROW | {"referred_on": datetime(2025, 4, 3)}  # noqa: DTZ001 - as a spreadsheet has it
    code, said, _store = accept(workbook(tmp_path / "r.xlsx", sheets={"st_giles_referrals": [row]}))
    assert code == 0, said
