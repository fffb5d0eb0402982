"""What confused a new user of the command line (docs/trials.md), so that it does not again."""

import json
import os
import subprocess
import sys

import openpyxl
import pytest
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.quarters import Quarter
from evaluation.returns.templates import write_template
from reports.reading import read_body
from schemas import FORMS

PROVIDER = "education_newport"


def run(*arguments):
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def nil(tmp_path):
    """A nil return of one form."""
    provider = read_body("gwent").providers[PROVIDER]
    path = tmp_path / "nil.xlsx"
    return write_template(
        path, provider, FORMS, quarter=Quarter(2025, 1), language="en", nil=("school_closures",)
    )


def test_a_provider_may_be_named_as_people_name_it(tmp_path):
    to = tmp_path / "t.xlsx"
    assert run("template", "Newport (education)", "--quarter", "2025Q1", "--to", to)[0] == 0
    assert to.exists()


def test_a_template_is_not_written_under_the_name_of_another_kind_of_file(tmp_path):
    code, said = run("template", PROVIDER, "--quarter", "2025Q1", "--to", tmp_path / "t.csv")
    assert code == 2
    assert "ends in .xlsx" in said
    assert not (tmp_path / "t.csv").exists()


def test_a_template_makes_the_folder_that_it_goes_to(tmp_path):
    to = tmp_path / "new" / "t.xlsx"
    assert run("template", PROVIDER, "--quarter", "2025Q1", "--to", to)[0] == 0
    assert to.exists()


def test_a_folder_that_cannot_be_written_to_is_no_fault_of_ours(tmp_path):
    (tmp_path / "file").touch()
    to = tmp_path / "file" / "t.xlsx"
    code, said = run("template", PROVIDER, "--quarter", "2025Q1", "--to", to)
    assert code == 3
    assert "cannot be written" in said
    assert "should not have" not in said


def test_rows_are_counted_by_the_names_of_sheets(nil, tmp_path):
    _code, said = run("check", nil, "--store", tmp_path / "store")
    assert "Rows read: School closures 0" in said


def test_rules_that_wait_for_an_earlier_return_take_one_line(tmp_path):
    to = tmp_path / "t.xlsx"
    run("template", "st_giles", "--quarter", "2025Q1", "--to", to)
    _code, said = run("check", to, "--store", tmp_path / "store")
    assert "Not run: REF-05, REF-06, REF-07. There is no earlier return" in said


def test_what_has_no_place_is_not_said_to_be_somewhere(tmp_path):
    path = tmp_path / "unnamed.csv"
    path.write_text("a,b\n1,2\n")
    _code, said = run("check", path)
    assert "COV-11" in said
    assert "Where: (" not in said
    assert "Rows read" not in said


def test_a_file_that_was_replaced_is_not_thought_to_be_back_in_force(nil, tmp_path):
    store = ("--store", tmp_path / "store")
    older = tmp_path / "older.xlsx"
    older.write_bytes(nil.read_bytes())
    run("accept", older, *store)
    book = openpyxl.load_workbook(nil)
    book["Cover"]["B6"] = "Data officer"
    book.save(nil)
    code, said = run("accept", nil, *store)
    assert code == 0, said
    assert "has replaced it" not in said
    code, said = run("accept", older, *store)
    assert code == 0
    assert "has replaced it: nothing has changed" in said


def test_receipts_that_cannot_be_written_hide_nothing_of_a_folder(nil, tmp_path, monkeypatch):
    monkeypatch.setattr("evaluation.returns.receipting.receipt_beside", lambda *_: tmp_path)
    code, said = run("accept", tmp_path, "--store", tmp_path / "store")
    assert code == 2
    assert "Accepted: 1. Refused: 0." in said
    assert "receipt could not be written" in said


def test_a_narrow_terminal_is_told_the_form_and_its_state(nil, tmp_path, monkeypatch):
    store = ("--store", tmp_path / "store")
    run("accept", nil, *store)
    monkeypatch.setenv("COLUMNS", "24")
    _code, said = run("status", "2025Q1", *store)
    assert "Form State Rows" in said


def test_the_folder_itself_has_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "‘.’ is a folder" in run("check", ".")[1]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_old_terminal_or_pipe_stops_nothing(nil, tmp_path, encoding):
    def said(*more):
        command = (sys.executable, "-m", "evaluation.cli", "check", nil, "--lang", "cy", *more)
        surroundings = os.environ | {"PYTHONIOENCODING": encoding, "COLUMNS": "30"}
        return subprocess.run(command, capture_output=True, env=surroundings, check=False)

    plain = said("--store", tmp_path / "store")
    assert (plain.returncode, plain.stderr) == (0, b"")
    assert b"Rhesi a ddarllenwyd" in plain.stdout
    json.loads(said("--json").stdout.decode("ascii"))
