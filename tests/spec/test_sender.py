"""A sender's story: refused, mended, explained, accepted, superseded, withdrawn; in English and in
Welsh, with the very workbook that was given back."""

import json
from datetime import date

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.language import _
from evaluation.quarters import Quarter
from evaluation.returns.layout import EXPLANATIONS, FINDINGS, sheet_name
from evaluation.returns.templates import write_template
from reports.reading import read_body
from schemas import FORMS

QUARTER = Quarter(2025, 1)
EPISODE = {
    "episode_ref": "M000123",
    "child_key": "EXAMPRE0001W",
    "reported_at": "01/04/2025 21:30",
    "returned_at": "05/05/2025 08:00",  # 34 days
    "local_authority": "W06000022",
    "missing_from": "home",
    "risk_first": "medium",
    "harm": "no",
    "interview": "declined",
    "definition": "app_2017",
}
CHILD = {
    "child_key": "EXAMPRE0001W",
    "birth_month": "2010-06",
    "sex": "female",
    "local_authority": "W06000022",
    "care_status": "not_looked_after",
    "history_from": date(2024, 4, 1),
}
REASON = "Confirmed with the officer in charge"


class Sender:
    """Somebody at a desk, with a folder of workbooks and the command line."""

    def __init__(self, folder, language):
        self.folder, self.language = folder, language

    def run(self, *arguments):
        store = ["--store", str(self.folder / "store")]
        result = CliRunner().invoke(app, [*map(str, arguments), *store, "--lang", self.language])
        assert "Traceback" not in result.output
        assert result.exception is None or isinstance(result.exception, SystemExit), result
        return result.exit_code, result.output

    def json(self, *arguments):
        code, said = self.run(*arguments, "--json")
        return code, json.loads(said)

    def status(self, quarter=QUARTER):
        code, state = self.json("status", quarter)
        assert code == 0
        return state | {"owed": {item["form"]: item for item in state["owed"]}}

    def fill_in(self, name, *, provider="gwent_police", quarter=QUARTER, nil=(), **rows):
        path = self.folder / name
        nil = nil or [f for f in read_body("gwent").providers[provider].forms if f not in rows]
        write_template(
            path,
            read_body("gwent").providers[provider],
            FORMS,
            quarter=quarter,
            language=self.language,
            rows={form: pd.DataFrame(its) for form, its in rows.items()},
            nil=nil,
            cover={"contact_role": "Data officer"},
        )
        return path


@pytest.fixture
def language(request):
    return getattr(request, "param", "en")


@pytest.fixture
def sender(tmp_path, language):
    return Sender(tmp_path, language)


in_either_language = pytest.mark.parametrize("language", ["en", "cy"], indirect=True)


def named(book, title, language):
    return book[sheet_name(title, language)]


@in_either_language
def test_refused_mended_explained_accepted_superseded_and_withdrawn(sender):
    wrong = EPISODE | {"risk_first": "quite high"}
    original = sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[wrong])

    # Refused: nothing is taken in, and nothing is made of it while there is no store.
    code, said = sender.run("accept", original)
    assert code == 1
    assert not (sender.folder / "store").exists()
    code, said = sender.run("check", original)
    assert code == 1
    assert "MIS-04 M000123" in said
    copy = sender.folder / "r-findings.xlsx"

    # Mended: in the copy that came back, marks and all. The long episode has its line already.
    book = openpyxl.load_workbook(copy)
    episodes = named(book, FORMS["missing_episodes"].title, sender.language)
    faulty = next(cell for cell in episodes[3] if cell.value == "quite high")
    assert faulty.comment
    faulty.value = _("Medium").to(sender.language)
    lines = named(book, EXPLANATIONS, sender.language)
    assert lines["A3"].value == "MIS-04 M000123"
    assert lines["D3"].value is None
    book.save(copy)
    code, receipt = sender.json("accept", copy)
    assert code == 0
    assert receipt["rows"] == {
        "away_spells": 0, "children": 1, "missing_episodes": 1, "op_encompass_incidents": 0,
    }  # fmt: skip
    state = sender.status()
    assert [item["id"] for item in state["open"]] == ["MIS-04 M000123"]
    assert state["owed"]["missing_episodes"]["to_explain"] == 1

    # Explained: only the reason is written, in the same copy, which supersedes.
    book = openpyxl.load_workbook(copy)
    named(book, EXPLANATIONS, sender.language)["D3"].value = REASON
    book.save(copy)
    code, said = sender.run("check", copy)
    assert code == 0
    assert receipt["id"] in said
    code, said = sender.run("accept", copy)
    assert code == 0
    (written,) = sender.folder.glob("receipt R-*.txt")
    words = written.read_text(encoding="utf-8")
    assert written.stem.removeprefix("receipt ") in words
    assert receipt["id"] in words
    assert _("Supersedes").to(sender.language) in words
    state = sender.status()
    assert state["open"] == []
    assert [(item["finding"], item["reason"]) for item in state["explanations"]] == [
        ("MIS-04 M000123", REASON)
    ]
    owed = state["owed"]["missing_episodes"]
    assert (owed["state"], owed["replaced"], owed["explained"]) == ("accepted", 1, 1)
    assert owed["filled"] == {"missing_from": 1.0, "risk_highest": 0.0, "harm": 1.0}
    assert state["owed"]["away_spells"]["state"] == "nil"

    # Withdrawn: what was there before is in force again, and so is its open question.
    newest = owed["receipt"]
    code, gone = sender.json("withdraw", newest, "--why", "Another unit's workbook")
    assert code == 0
    assert set(gone["in_force"].values()) == {receipt["id"]}
    state = sender.status()
    assert state["explanations"] == []
    assert state["owed"]["missing_episodes"]["receipt"] == receipt["id"]
    assert state["owed"]["missing_episodes"]["withdrawn"] == 1
    assert sender.run("withdraw", newest, "--why", "Once more")[0] == 0

    # And sent again: the same file, another receipt.
    code, again = sender.json("accept", copy)
    assert code == 0
    assert again["id"] not in {newest, receipt["id"]}
    assert again["supersedes"] == [receipt["id"]]
    assert sender.json("accept", copy) == (0, again)


@in_either_language
def test_a_copy_with_its_marks_has_the_same_rows_and_findings_as_the_original(sender):
    original = sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[EPISODE])
    first = sender.json("check", original)[1]
    again = sender.json("check", sender.folder / "r-findings.xlsx")[1]
    assert first["findings"]
    assert again == first


def test_a_reason_for_what_was_put_right_is_told_and_not_kept(sender):
    original = sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[EPISODE])
    sender.run("check", original)
    copy = sender.folder / "r-findings.xlsx"
    book = openpyxl.load_workbook(copy)
    named(book, EXPLANATIONS, sender.language)["D3"].value = REASON
    sheet = named(book, FORMS["missing_episodes"].title, sender.language)
    sheet["D3"].value = "02/04/2025 08:00"
    book.save(copy)
    code, checked = sender.json("check", copy)
    assert code == 0
    stale = [item for item in checked["findings"] if item["rule"] == "WHY-03"]
    assert [(item["row"], item["severity"]) for item in stale] == [(3, "note")]
    assert sender.run("accept", copy)[0] == 0
    assert sender.status()["explanations"] == []


def test_once_a_reason_is_given_nothing_more_is_asked(sender):
    original = sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[EPISODE])
    sender.run("check", original)
    copy = sender.folder / "r-findings.xlsx"
    book = openpyxl.load_workbook(copy)
    named(book, EXPLANATIONS, sender.language)["D3"].value = REASON
    book.save(copy)
    checked = sender.json("check", copy)[1]
    (explained,) = [item for item in checked["findings"] if item["rule"] == "MIS-04"]
    assert (explained["severity"], explained["id"]) == ("explain", "MIS-04 M000123")
    assert explained["explained"] is True
    book = openpyxl.load_workbook(copy)
    assert named(book, EXPLANATIONS, sender.language)["D3"].value == REASON
    asked = _("Please explain").to(sender.language)
    listed = [cell.value for row in named(book, FINDINGS, sender.language) for cell in row]
    assert asked not in listed
    assert asked not in sender.run("check", copy)[1]


def test_a_refusal_shows_in_status_once_there_is_a_store(sender):
    right = sender.fill_in("first.xlsx", children=[CHILD], missing_episodes=[], quarter=QUARTER - 1)
    assert sender.run("accept", right)[0] == 0
    wrong = EPISODE | {"risk_first": "quite high", "returned_at": "31/02/2025"}
    assert (
        sender.run("accept", sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[wrong]))[
            0
        ]
        == 1
    )
    state = sender.status()
    owed = state["owed"]["missing_episodes"]
    assert (owed["state"], owed["refused"], owed["faults"]) == ("refused", 1, 2)
    assert state["owed"]["st_giles_referrals"]["state"] == "not_received"
    code, said = sender.run("status", QUARTER)
    assert code == 0
    assert "quite high" not in said


def test_a_reason_may_not_tell_who_somebody_is_nor_be_long(sender):
    original = sender.fill_in("r.xlsx", children=[CHILD], missing_episodes=[EPISODE])
    sender.run("check", original)
    copy = sender.folder / "r-findings.xlsx"
    for reason, rule in (("Lives at NP20 4GA now", "ID-POSTCODE"), ("so " * 70, "WHY-01")):
        book = openpyxl.load_workbook(copy)
        named(book, EXPLANATIONS, sender.language)["D3"].value = reason
        book.save(copy)
        code, said = sender.run("accept", copy, "--json")
        assert code == 1
        assert rule in {item["rule"] for item in json.loads(said)["findings"]}
        assert "NP20" not in said


def test_the_next_template_begins_with_what_was_open_and_nothing_is_asked_about_it(sender):
    referral = {
        "referral_ref": "SG001",
        "child_key": "EXAMPRE0001W",
        "local_authority": "W06000022",
        "referred_on": date(2025, 4, 3),
        "source": "missing_meeting",
        "reason": "missing",
        "decision": "accepted",
        "decided_on": date(2025, 4, 9),
        "first_session_on": date(2025, 4, 20),
        "sessions_offered": 4,
        "sessions_attended": 3,
    }
    waiting = {name: referral[name] for name in list(referral)[:6]} | {
        "referral_ref": "SG002",
        "decision": "waiting",
    }
    closed = referral | {
        "referral_ref": "SG003", "closed_on": date(2025, 6, 1), "closure_reason": "planned",
    }  # fmt: skip
    first = sender.fill_in(
        "first.xlsx", provider="st_giles", st_giles_referrals=[referral, waiting, closed]
    )
    assert sender.run("accept", first)[0] == 0
    then = sender.folder / "next.xlsx"
    code, said = sender.run(
        "template", "st_giles", "--quarter", QUARTER + 1, "--from-store", "--to", then
    )
    assert code == 0, said
    code, checked = sender.json("check", then)
    assert code == 0
    assert {item["rule"] for item in checked["findings"]} & {"REF-06", "REF-07"} == set()
    assert "REF-06" not in {item["rule"] for item in checked["not_run"]}
    code, receipt = sender.json("accept", then)
    assert receipt["rows"] == {"st_giles_referrals": 2}
