"""A store filled as providers would fill it, and its tables once more in SQL that shares no code."""

import sqlite3
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import duckdb
import openpyxl
import pytest

from analyses.invented.returns import invent
from analyses.invented.workbooks import write_returns
from analyses.plan import read_plan
from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine, take_back
from evaluation.store import Store, accept, take_snapshot
from reports.reading import read_body
from schemas import FORMS

QUARTER = "2024Q4"
FILES = ("quarters", "comparison", "services", "schools")
GAPS = {("gwent_police", Quarter(2024, 3)), ("missing_meeting", Quarter(2024, 2))}


def shortened(path, sheet, to):
    """The same return less the last row of one of its sheets: it would supersede the first."""
    book = openpyxl.load_workbook(path)
    rows = book[sheet]
    last = max(row for row in range(1, rows.max_row + 1) if rows.cell(row, 1).value is not None)
    rows.delete_rows(last)
    book.save(to)
    return to


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory):
    providers = read_body("gwent").providers
    return write_returns(invent(seed=5), tmp_path_factory.mktemp("returns"), providers=providers)


@pytest.fixture(scope="session", params=["all-returns", "with-gaps"])
def store(request, workbooks, tmp_path_factory):
    """Every invented return as its provider would send it; one is superseded, one taken back.

    With gaps, a return of the police and one of the meeting never come.
    """
    folder = tmp_path_factory.mktemp("recomputed")
    providers = read_body("gwent").providers
    store, version = Store.open(folder / "store"), rules_version(FORMS)

    def send(path, quarter, days):
        sent = datetime.combine(quarter.last_day + timedelta(days=days), time(9), UTC)
        checked = examine(path, FORMS, providers, store)
        return accept(store, checked, FORMS, now=sent, rules_version=version)

    for (provider, quarter), path in sorted(workbooks.returns.items(), key=lambda item: item[0][1]):
        if request.param == "with-gaps" and (provider, quarter) in GAPS:
            continue
        send(path, quarter, 12)
        if (provider, quarter) == ("gwent_police", Quarter(2024, 1)):
            send(shortened(path, "Missing episodes", folder / "shorter.xlsx"), quarter, 15)
        if (provider, quarter) == ("st_giles", Quarter(2024, 3)):
            again = send(shortened(path, "St Giles referrals", folder / "other.xlsx"), quarter, 15)
            take_back(store, again.id, why="sent by mistake", now=datetime(2025, 2, 1, tzinfo=UTC))
    return store


@pytest.fixture(scope="session")
def sql(store):
    """The SQL's tables; a question gives its rows."""
    return in_plain_sql(store)


@pytest.fixture(scope="session")
def snapshot(store):
    return take_snapshot(store, Quarter.parse(QUARTER), FORMS)


def in_plain_sql(store):
    """What is in force: the newest return of each that was not taken back."""
    ledger = sqlite3.connect(store.root / "ledger.sqlite")
    held = ledger.execute(
        """
        SELECT form, provider, quarter, file FROM submissions AS s
        WHERE quarter <= ? AND sequence NOT IN (SELECT receipt FROM withdrawals)
          AND revision = (SELECT MAX(revision) FROM submissions AS o
                          WHERE (o.form, o.provider, o.quarter) = (s.form, s.provider, s.quarter)
                            AND o.sequence NOT IN (SELECT receipt FROM withdrawals))
        """,
        (QUARTER,),
    ).fetchall()
    plan = read_plan()
    connection = duckdb.connect()
    connection.execute("CREATE TABLE said (form TEXT, provider TEXT, quarter TEXT)")
    connection.executemany("INSERT INTO said VALUES (?, ?, ?)", [row[:3] for row in held])
    for form in sorted({form for form, *_ in held}):
        files = [
            str(store.root / "files" / file[:2] / f"{file}.parquet")
            for name, _, _, file in held
            if name == form
        ]
        connection.execute(f"CREATE TABLE f_{form} AS FROM read_parquet({files})")
    connection.execute(
        f"""CREATE TABLE asked AS SELECT '{QUARTER}' AS quarter, {plan.window_days} AS window_days,
        {plan.trigger_episodes} AS trigger_episodes, {plan.trigger_days} AS trigger_days,
        {plan.history_days} AS history_days, {plan.age_limit} AS age_limit"""
    )
    for name in FILES:
        connection.execute(Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8"))
    return lambda text: connection.execute(text).fetchall()
