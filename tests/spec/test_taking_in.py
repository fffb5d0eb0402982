"""Whoever takes returns in: a folder at once, a return taken back, and a view of where all stands."""

import json
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.nouns import Release
from evaluation.quarters import Quarter
from evaluation.store import approve, open_store, record_release
from tests.spec.test_bad_input import COVER, ROW, workbook

Q1, NOW = Quarter(2025, 1), datetime(2025, 8, 1, 9, tzinfo=UTC)


@pytest.fixture
def run(tmp_path):
    def command(*arguments):
        store = ["--store", str(tmp_path / "store")]
        result = CliRunner().invoke(app, [*map(str, arguments), *store])
        assert "Traceback" not in result.output
        return result.exit_code, " ".join(result.output.split())

    return command


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    workbook(tmp_path / "in" / "right.xlsx")
    wrong = ROW | {"source": "pub", "referred_on": "31/02/2025"}
    workbook(
        tmp_path / "in" / "wrong.xlsx",
        cover=COVER | {"Quarter": "2025Q2"},
        sheets={"st_giles_referrals": [wrong]},
    )
    (tmp_path / "in" / "torn.xlsx").write_bytes(b"PK")
    return tmp_path / "in"


def test_a_folder_is_taken_in_and_each_file_has_its_line(run, folder):
    code, said = run("accept", folder)
    assert code == 1
    (receipt,) = folder.glob("receipt R-2025Q1-*.txt")
    assert receipt.stem.removeprefix("receipt ") in said
    assert "Faults to mend: 2" in said
    assert "torn.xlsx" in said
    assert "Accepted: 1. Refused: 1. Could not be read: 1." in said
    assert "pub" not in said


def test_a_program_is_told_what_became_of_each_file(run, folder):
    code, said = run("accept", folder, "--json")
    told = json.loads(said)
    files = {item["file"]: item for item in told["files"]}
    assert code == 1
    assert {key: told[key] for key in ("accepted", "refused", "broken")} == {
        "accepted": 1, "refused": 1, "broken": 1,
    }  # fmt: skip
    assert files["right.xlsx"]["receipt"]["id"].startswith("R-2025Q1-")
    assert files["wrong.xlsx"]["faults"] == 2
    assert len(files["wrong.xlsx"]["check"]["findings"]) >= 2
    assert files["torn.xlsx"]["why"]
    assert not list(folder.glob("*.txt"))


def test_a_folder_of_right_workbooks_is_fine(run, folder):
    for name in ("wrong.xlsx", "torn.xlsx"):
        (folder / name).unlink()
    assert run("accept", folder)[0] == 0


def test_one_receipt_cannot_be_asked_for_of_a_folder(run, folder, tmp_path):
    code, said = run("accept", folder, "--receipt", tmp_path / "r.txt")
    assert code == 2
    assert "leave out --receipt" in said
    assert not (tmp_path / "store").exists()


def test_a_receipt_goes_where_it_is_asked_to_for_a_program_too(run, tmp_path):
    path = workbook(tmp_path / "r.xlsx")
    code, said = run("accept", path, "--json", "--receipt", tmp_path / "kept.txt")
    assert code == 0
    assert json.loads(said)["id"] in (tmp_path / "kept.txt").read_text(encoding="utf-8")
    assert not list(tmp_path.glob("receipt*"))


def test_a_return_is_taken_back_and_status_says_so(run, tmp_path):
    receipt = json.loads(run("accept", workbook(tmp_path / "r.xlsx"), "--json")[1])["id"]
    code, said = run("withdraw", receipt, "--why", "Sent for the wrong quarter")
    assert code == 0
    assert f"The return with receipt {receipt} was withdrawn" in said
    assert "St Giles referrals: no return is in force now." in said
    assert "Withdrawn" in run("status", "2025Q1")[1]
    code, state = run("status", "2025Q1", "--json")
    owed = {item["form"]: item for item in json.loads(state)["owed"]}
    assert owed["st_giles_referrals"]["state"] == "withdrawn"


@pytest.mark.parametrize(
    ("why", "words"),
    [("", "Say why"), ("It was NP20 4GA's", "tells who a person is")],
)
def test_the_reason_is_needed_and_may_not_tell_who_somebody_is(run, tmp_path, why, words):
    receipt = json.loads(run("accept", workbook(tmp_path / "r.xlsx"), "--json")[1])["id"]
    code, said = run("withdraw", receipt, "--why", why)
    assert code == 2
    assert words in said
    assert "NP20" not in said
    assert json.loads(run("withdraw", receipt, "--why", "x", "--json")[1])["id"] == receipt


def test_status_tells_what_is_filled_in_and_what_waits(run, tmp_path):
    row = ROW | {"sessions_attended": 0, "sessions_offered": 0}
    blank = ROW | {"referral_ref": "SG002", "sessions_offered": None}
    path = workbook(tmp_path / "r.xlsx", sheets={"st_giles_referrals": [row, blank]})
    code, said = run("accept", path)
    assert code == 0
    assert "Waiting for a reason: 1." in said
    _code, said = run("status", "2025Q1")
    assert "St Giles, St Giles referrals: Sessions offered 50%" in said
    assert "REF-10: 1" in said
    owed = {item["form"]: item for item in json.loads(run("status", "2025Q1", "--json")[1])["owed"]}
    assert owed["st_giles_referrals"]["filled"] == {
        "sessions_offered": 0.5, "sessions_attended": 1.0,
    }  # fmt: skip
    assert owed["st_giles_referrals"]["to_explain"] == 1
    assert {item["state"] for item in owed.values()} == {"accepted", "not_received"}


def test_status_tells_what_has_left_and_who_approved_it(run, tmp_path):
    run("accept", workbook(tmp_path / "r.xlsx"))
    assert "Releases: none has left." in run("status", "2025Q1")[1]
    assert json.loads(run("status", "2025Q1", "--json")[1])["releases"] == []
    store, file = open_store(tmp_path / "store"), tmp_path / "release.json"
    file.write_text(
        '{"policy": {"name": "internal"}, "report": "provider", "provider": "st_giles"}'
    )
    made = Release("gwent", Q1, "S-1", "plan", Q1, {}, {}, date(2025, 8, 1), ())
    record_release(store, made, file, now=NOW)
    file.write_text("{}")
    kept = record_release(store, made, file, now=NOW)
    approve(store, kept.sha256, "cy", by="A. Translator", now=NOW)
    code, said = run("status", "2025Q1")
    assert code == 0
    assert "The quarterly report, made on 1 August 2025. Approved: its Welsh text by A." in said
    assert "The report to St Giles (internal), made on 1 August 2025. Approved: nothing" in said
    own, public = json.loads(run("status", "2025Q1", "--json")[1])["releases"]
    assert (own["provider"], own["profile"], own["approved"]) == ("st_giles", "internal", [])
    (signed,) = public["approved"]
    assert (signed["what"], signed["by"]) == ("cy", "A. Translator")


def test_a_store_may_be_an_empty_folder(run, tmp_path):
    (tmp_path / "store").mkdir()
    assert run("check", workbook(tmp_path / "r.xlsx"))[0] == 0
    assert run("accept", tmp_path / "r.xlsx")[0] == 0


def test_an_older_quarter_sent_again_is_held_against_the_later_one(run, tmp_path):
    """It blocks nothing: the state of the later quarter says what no longer fits."""

    def send(quarter, *refs):
        day = date(2025, 1, 7)
        rows = [
            ROW
            | {name: day for name in ROW if name.endswith("_on")}
            | {"closed_on": None, "referral_ref": ref}
            for ref in refs
        ]
        path = tmp_path / f"{quarter}-{len(refs)}.xlsx"
        workbook(path, cover=COVER | {"Quarter": quarter}, sheets={"st_giles_referrals": rows})
        return run("accept", path)[0]

    assert send("2024Q4", "SG001") == 0
    assert send("2025Q1", "SG001") == 0
    assert "REF-06" not in json.loads(run("status", "2025Q1", "--json")[1])["across"]
    assert send("2024Q4", "SG001", "SG002") == 0
    assert json.loads(run("status", "2025Q1", "--json")[1])["across"]["REF-06"] == 1
