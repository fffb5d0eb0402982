"""What the evaluator is given: whole, marked, explained, and the same as what was analysed."""

import csv
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from analyses import exporting
from analyses.cohorts import discussed
from analyses.exported_columns import TABLES
from analyses.exporting import MANIFEST, export
from analyses.plan import read_plan
from evaluation.cli import app
from evaluation.errors import MissingTable, WrongUse
from evaluation.store import Store
from tests.unit.analyses.making import away, believed, child, episode, episodes, meeting

PLAN = read_plan()
DAY = date(2025, 4, 20)
TRIGGER = "2023-05-20 2023-05-25 2023-06-01"


def world():
    """A child referred, one referred later, one with 40 episodes, one left out, one who left."""
    for key, decision in (("A", "refer_st_giles"), ("B", "no_referral"), ("C", "no_referral")):
        yield from child(key)
        yield from episodes(key, TRIGGER)
        yield from meeting(key, "2023-06-06", decision)
    yield from meeting("B", "2023-09-05", "refer_st_giles")
    yield from episode("A", "2023-07-01", hours=72)
    yield from away("A", "2023-08-01", "2023-08-11")
    yield from episodes(
        "C", " ".join(str(day.date()) for day in pd.date_range("2023-07-01", periods=40))
    )
    yield from child("D")
    yield from meeting("D", "2023-06-06")
    yield from child("E", followed_to="2023-07-06", followed_to_reason="moved")
    yield from episodes("E", TRIGGER)
    yield from meeting("E", "2023-06-06", "refer_st_giles")


SNAPSHOT = believed(world())


@pytest.fixture
def made(tmp_path):
    return export(SNAPSHOT, PLAN, tmp_path / "new" / "tables", made_on=DAY)


def read(folder, name, kind="parquet"):
    path = folder / f"INTERNAL-{name}.{kind}"
    return pd.read_parquet(path) if kind == "parquet" else pd.read_csv(path)


def test_every_file_is_marked_internal_and_told_of_in_the_manifest(made):
    names = {path.name for path in made.iterdir()}
    assert all(name.startswith("INTERNAL-") for name in names)
    manifest = json.loads((made / MANIFEST).read_text())
    assert (manifest["snapshot"], manifest["plan"]) == (SNAPSHOT.id, PLAN.hash)
    assert manifest["classification"] == "INTERNAL"
    assert names == {*manifest["sha256"], MANIFEST}
    for name, digest in manifest["sha256"].items():
        assert sha256((made / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_both_kinds_of_file_hold_the_columns_of_the_dictionary_and_the_same_rows(made, table):
    columns = [column.name for column in table.columns]
    parquet, text = read(made, table.name), read(made, table.name, "csv")
    assert list(parquet) == list(text) == columns
    for column in table.columns:
        if column.kind in {"whole number", "0 or 1"}:
            assert (
                parquet[column.name].astype("Float64").equals(text[column.name].astype("Float64"))
            )
        else:
            assert (
                parquet[column.name].astype("str").tolist()
                == text[column.name].astype("str").tolist()
            )
        if column.missing == "never":
            assert parquet[column.name].notna().all()
    schema = pq.read_schema(made / f"INTERNAL-{table.name}.parquet")
    assert schema.metadata[b"classification"] == b"INTERNAL"
    assert schema.metadata[b"plan"].decode() == PLAN.hash
    assert schema.field(columns[0]).metadata[b"about"]


def test_the_dictionary_has_a_row_for_each_column(made):
    rows = list(csv.DictReader((made / "INTERNAL-dictionary.csv").open()))
    assert [(row["table"], row["column"]) for row in rows] == [
        (table.name, column.name) for table in TABLES for column in table.columns
    ]
    assert all(row["about"] and row["one_row_is"] and row["missing_means"] for row in rows)


def test_the_cohort_and_its_windows_are_those_of_the_analysis(made):
    cohort = read(made, "cohort").set_index("child_key")
    assert list(cohort.index) == ["A", "B", "C", "E"]
    assert list(cohort["arm"]) == ["referred", "not_referred", "not_referred", "referred"]
    assert str(cohort.loc["B", "referred_later_on"]) == "2023-09-05"
    assert cohort["referred_later_on"].notna().sum() == 1
    whole = read(made, "windowed").set_index(["child_key", "window_days"])
    assert whole.loc[("A", 182), "days_at_risk"] == 182 - 2 - 9
    assert whole.loc[("C", 182), "events"] == 40
    assert whole.loc[("E", 182), ["followed_days", "ended_by", "complete"]].tolist() == [
        29,
        "left",
        1,
    ]
    assert whole.loc[("B", 182), "first_event_day"] is pd.NA or pd.isna(
        whole.loc[("B", 182), "first_event_day"]
    )
    assert len(whole) == 4 * len(PLAN.windows_days)
    at_risk = read(made, "at_risk")
    assert at_risk.groupby("child_key")["events"].sum().to_dict() == {
        "A": 1,
        "B": 0,
        "C": 40,
        "E": 0,
    }
    flow = read(made, "flow").set_index("reason")["children"]
    assert flow.to_dict() == {step.reason: step.children for step in discussed(SNAPSHOT, PLAN).flow}


def test_a_window_that_is_not_over_is_there_and_says_so(tmp_path):
    early = believed(world(), quarter="2023Q2")
    made = export(early, PLAN, tmp_path / "tables", made_on=DAY)
    complete = read(made, "windowed").groupby("window_days")["complete"].max()
    assert complete.to_dict() == {90: 1, 182: 0, 365: 0}


def test_the_same_snapshot_plan_and_day_give_the_same_bytes(made, tmp_path):
    again = export(SNAPSHOT, PLAN, tmp_path / "again", made_on=DAY)
    for path in made.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_a_plan_that_departs_says_so(tmp_path):
    made = export(SNAPSHOT, replace(PLAN, trigger_episodes=2), tmp_path / "t", made_on=DAY)
    assert json.loads((made / MANIFEST).read_text())["departs_from_plan"] == "trigger_episodes"
    assert "| departs from plan | trigger_episodes |" in (made / "INTERNAL-README.md").read_text()


def test_the_readme_warns_in_words_and_leaves_no_blank(made):
    text = (made / "INTERNAL-README.md").read_text()
    assert "They must not leave" in text
    assert SNAPSHOT.id in text
    assert PLAN.hash in text
    assert not re.search(r"@\w+@", text)


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="no R here")
def test_the_lines_for_r_run_as_they_stand(made):
    (code,) = re.findall(r"```r\n(.*?)```", (made / "INTERNAL-README.md").read_text(), re.DOTALL)
    ran = subprocess.run(
        ["Rscript", "-e", code], cwd=made, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "per_100_days" in ran.stdout
    assert "coxph" in ran.stdout


# ---- Where it may go -------------------------------------------------------------------------------


def test_an_earlier_export_is_kept_unless_told_otherwise(made):
    (made / "INTERNAL-flow.csv").write_text("old")
    with pytest.raises(WrongUse, match="--replace"):
        export(SNAPSHOT, PLAN, made, made_on=DAY)
    assert (made / "INTERNAL-flow.csv").read_text() == "old"
    export(SNAPSHOT, PLAN, made, made_on=DAY, replace=True)
    assert read(made, "flow", "csv")["children"].max() == 5
    assert [path.name for path in made.parent.iterdir()] == [made.name]


@pytest.mark.parametrize("again", [False, True])
def test_a_folder_of_yours_is_left_alone(tmp_path, again):
    (tmp_path / "mine.txt").write_text("mine")
    for to in (tmp_path, tmp_path / "mine.txt"):
        with pytest.raises(WrongUse, match="holds other things"):
            export(SNAPSHOT, PLAN, to, made_on=DAY, replace=again)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "tables").mkdir()
    export(SNAPSHOT, PLAN, tmp_path / "tables", made_on=DAY)
    assert (tmp_path / "tables" / MANIFEST).exists()


def test_a_disk_that_fails_leaves_the_earlier_export_and_nothing_else(made, monkeypatch):
    before = {path.name: path.read_bytes() for path in made.iterdir()}
    calls = iter(range(100))

    def full(_handle):
        if next(calls) == 5:
            raise OSError("no space left")

    monkeypatch.setattr(exporting.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        export(SNAPSHOT, replace(PLAN, trigger_episodes=2), made, made_on=DAY, replace=True)
    assert {path.name: path.read_bytes() for path in made.iterdir()} == before
    assert [path.name for path in made.parent.iterdir()] == [made.name]


@pytest.mark.parametrize("form", ["meeting_decisions", "missing_episodes", "children"])
def test_without_a_return_nothing_is_written(tmp_path, form):
    with pytest.raises(MissingTable):
        export(believed(world(), not_sent=form), PLAN, tmp_path / "tables", made_on=DAY)
    assert list(tmp_path.iterdir()) == []


def test_without_children_the_tables_are_empty_and_keep_their_types(tmp_path):
    made = export(believed(), PLAN, tmp_path / "tables", made_on=DAY)
    for table in TABLES[:-1]:
        assert len(read(made, table.name)) == 0
        assert list(read(made, table.name, "csv")) == [column.name for column in table.columns]
    schemas = [pq.read_schema(made / "INTERNAL-cohort.parquet").field("time_zero").type]
    assert [str(each) for each in schemas] == ["date32[day]"]


@pytest.mark.parametrize("where", ["", "tables", ".."])
def test_childrens_rows_do_not_go_where_the_release_goes(tmp_path, where):
    Store.open(tmp_path / "store")
    to = tmp_path / "out" / "release"
    arguments = ["analyse", "2024Q4", "--store", str(tmp_path / "store"), "--to", str(to)]
    result = CliRunner().invoke(app, [*arguments, "--export", str(Path(to, where))])
    assert result.exit_code == 2
    assert "lies where the release goes" in " ".join(result.output.split())
    assert not to.exists()
