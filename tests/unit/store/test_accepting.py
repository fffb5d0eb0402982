import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from store_toys import FORMS, NOW, Q1, checked, finding, visits

from evaluation.errors import StoreError, WrongUse
from evaluation.quarters import Quarter
from evaluation.store import (
    accept,
    earlier,
    explanations,
    known_receipt,
    open_findings,
    open_store,
    readable,
    receipts,
    submissions,
    take_snapshot,
    would_supersede,
)


def take(store, return_, now=NOW, rules_version="1"):
    return accept(store, return_, FORMS, now=now, rules_version=rules_version)


def test_a_receipt_says_what_was_accepted(store):
    receipt = take(store, checked(nil=("calls",)))
    assert receipt.id.startswith("R-2025Q1-")
    assert len(receipt.id) == len("R-2025Q1-7K3M9Q")
    assert receipt.provider == "team"
    assert receipt.quarter == Q1
    assert receipt.sha256 == checked().source.sha256
    assert receipt.rows == {"visits": 2, "calls": 0}
    assert receipt.rules_version == "1"
    assert receipt.received_at == NOW
    assert receipt.supersedes == receipt.superseded_by == ()


def test_the_same_file_again_is_the_same_receipt_and_writes_nothing(store):
    first = take(store, checked())
    before = sorted(store.root.rglob("*"))
    again = take(store, checked(), now=NOW + timedelta(days=1), rules_version="2")
    assert again == first
    assert receipts(store) == (first,)
    assert sorted(store.root.rglob("*")) == before


def test_the_same_file_after_it_was_superseded_says_so_and_does_not_come_back(store):
    first = take(store, checked())
    second = take(store, checked({"visits": visits("V-9")}, file="second"))
    again = take(store, checked())
    assert again.id == first.id
    assert again.superseded_by == (second.id,)
    assert second.supersedes == (first.id,)
    assert list(earlier(store, "team", Q1)["visits"]["visit_ref"]) == ["V-9"]


def test_a_return_supersedes_form_by_form(store):
    both = take(store, checked({"visits": visits("V-1"), "calls": visits("C-1")}))
    take(store, checked({"calls": visits("C-2")}, file="second"))
    now = earlier(store, "team", Q1)
    assert list(now["visits"]["visit_ref"]) == ["V-1"]
    assert list(now["calls"]["visit_ref"]) == ["C-2"]
    state = {(s.form, s.revision): s.in_force for s in submissions(store, Q1)}
    assert state == {("visits", 1): True, ("calls", 1): False, ("calls", 2): True}
    assert receipts(store)[0].id == both.id


def test_a_return_of_another_provider_or_quarter_supersedes_nothing(store):
    take(store, checked())
    assert take(store, checked(file="other", provider="team_2")).supersedes == ()
    assert take(store, checked(file="later", quarter=Q1 + 1)).supersedes == ()


def test_a_third_return_supersedes_the_second_only(store):
    _first, second, third = (take(store, checked(file=str(n))) for n in range(3))
    assert third.supersedes == (second.id,)
    assert [r.superseded_by for r in receipts(store)] == [(second.id,), (third.id,), ()]


def test_what_would_be_superseded_is_known_beforehand(store):
    first = take(store, checked({"visits": visits("V-1"), "calls": visits("C-1")}))
    second = take(store, checked({"calls": visits("C-2")}, file="second"))
    ask = lambda forms, sha256: [  # noqa: E731
        r.id for r in would_supersede(store, "team", Q1, forms, sha256)
    ]
    assert ask(["visits", "calls"], "new") == [first.id, second.id]
    assert ask(["calls"], "new") == [second.id]
    assert ask(["never"], "new") == []
    assert ask(["visits", "calls"], first.sha256) == []
    assert would_supersede(store, "team", Q1 + 1, ["visits"], "new") == ()
    known = known_receipt(store, "team", Q1, first.sha256)
    assert known is not None
    assert known.id == first.id
    assert known_receipt(store, "team", Q1, "new") is None


def test_a_nil_return_has_arrived_with_no_rows(store):
    take(store, checked({}, nil=("visits",)))
    (held,) = submissions(store, Q1)
    assert (held.form, held.rows, held.nil) == ("visits", 0, True)
    take(store, checked({"visits": visits()}, file="empty sheet", quarter=Q1 + 1))
    (held,) = submissions(store, Q1 + 1)
    assert (held.form, held.rows, held.nil) == ("visits", 0, False)


def test_submissions_can_be_asked_for_one_quarter(store):
    take(store, checked())
    take(store, checked(file="later", quarter=Q1 + 1))
    assert [s.quarter for s in submissions(store)] == [Q1, Q1 + 1]
    assert [s.quarter for s in submissions(store, Q1)] == [Q1]
    assert [r.quarter for r in receipts(store, quarter=Q1 + 1)] == [Q1 + 1]
    assert receipts(store, provider="nobody") == ()


def test_findings_to_explain_are_kept_without_their_values(store):
    findings = (
        finding(),
        finding("note"),
        finding(sheet=None, row=None, rule="ALL-01"),
    )
    receipt = take(store, checked(findings=findings))
    kept = open_findings(store, Q1)
    assert [(k.receipt, k.form, k.rule, k.row, k.column, k.record) for k in kept] == [
        (receipt.id, "visits", "VIS-01", 4, "D", "V-1"),
        (receipt.id, None, "ALL-01", None, "D", "V-1"),
    ]
    assert open_findings(store, Q1 + 1) == ()
    assert b"SECRET" not in (store.root / "ledger.sqlite").read_bytes()


def test_findings_of_a_superseded_form_are_no_longer_open(store):
    take(store, checked(findings=(finding(), finding(sheet=None))))
    take(store, checked(file="second", findings=()))
    assert open_findings(store, Q1) == ()


def test_a_finding_with_its_reason_is_no_longer_open_and_the_reason_is_kept(store):
    asked = (finding(), replace(finding(), record="V-2"), finding(sheet=None, rule="ALL-01"))
    told = checked(findings=asked)
    given = replace(told, reasons={"VIS-01 V-2": "It was so.", "ALL-01 V-1": "All of it was."})
    receipt = take(store, given)
    assert [item.id for item in open_findings(store, Q1)] == ["VIS-01 V-1"]
    kept = explanations(store, Q1)
    assert [(k.receipt, k.form, k.finding, k.reason) for k in kept] == [
        (receipt.id, None, "ALL-01 V-1", "All of it was."),
        (receipt.id, "visits", "VIS-01 V-2", "It was so."),
    ]
    assert (kept[0].provider, kept[0].quarter) == ("team", Q1)
    assert explanations(store) == kept
    assert explanations(store, Q1 + 1) == ()


def test_a_reason_goes_with_the_return_that_it_was_given_for(store):
    take(store, replace(checked(findings=(finding(),)), reasons={"VIS-01 V-1": "It was so."}))
    take(store, checked(file="second", findings=(finding(),)))
    assert explanations(store, Q1) == ()
    assert [item.id for item in open_findings(store, Q1)] == ["VIS-01 V-1"]


@pytest.mark.parametrize(
    ("return_", "says"),
    [
        (checked(findings=(finding("reject"), finding("explain"))), "refuse it (1)"),
        (checked(provider=None), "which provider and quarter"),
        (checked(quarter=None), "which provider and quarter"),
        (checked({}), "nothing to accept"),
        (checked({"unheard": visits("V-1")}), "not known: unheard"),
        (checked(nil=("visits",)), "declares visits nil"),
    ],
)
def test_what_cannot_be_accepted_is_refused_and_nothing_is_written(store, return_, says):
    with pytest.raises(WrongUse, match=says.replace("(", r"\(").replace(")", r"\)")):
        take(store, return_)
    assert submissions(store) == ()
    assert not store.files.exists()


def test_the_time_of_acceptance_needs_a_zone_and_is_kept_in_utc(store):
    with pytest.raises(WrongUse, match="time zone"):
        take(store, checked(), now=NOW.replace(tzinfo=None))
    summer = datetime(2025, 7, 3, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    receipt = take(store, checked(), now=summer)
    assert receipt.received_at == summer
    assert receipt.received_at.utcoffset() == timedelta(0)
    assert receipt.received_at.tzinfo == UTC


def test_a_form_that_does_not_conform_leaves_no_half_of_the_return(store):
    good, bad = visits("C-1"), visits("V-1").rename(columns={"minutes": "surname"})
    with pytest.raises(WrongUse, match="surname"):
        take(store, checked({"calls": good, "visits": bad}))
    assert submissions(store) == ()
    assert take_snapshot(store, Q1, ["calls"]).tables == {"calls": None}


def test_frames_are_not_altered(store):
    tables = {"visits": visits("V-2", "V-1")}
    before = tables["visits"].copy()
    take(store, checked(tables))
    assert tables["visits"].equals(before)


def test_a_busy_ledger_is_a_sentence_and_a_retry_works(store):
    impatient = open_store(store.root, wait_seconds=0.05)
    other = sqlite3.connect(store.root / "ledger.sqlite", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="busy"):
        take(impatient, checked())
    other.execute("ROLLBACK")
    other.close()
    assert submissions(store) == ()
    assert take(impatient, checked()).rows == {"visits": 2}


def test_two_files_with_the_same_short_id_get_longer_ones(store, monkeypatch):
    monkeypatch.setattr(readable, "code", lambda _digest, length: "0" * length)
    ids = [take(store, checked(file=word)).id for word in ("first", "second")]
    assert ids == ["R-2025Q1-000000", "R-2025Q1-0000000"]
    assert [take(store, checked(file=word)).id for word in ("first", "second")] == ids


def test_one_form_unchanged_in_a_new_workbook_shares_its_file(store):
    take(store, checked())
    take(store, checked(file="second"))
    assert len(list(store.files.rglob("*.parquet"))) == 1


def test_earlier_holds_one_provider_up_to_the_quarter(store):
    for quarter, word in ((Q1 - 1, "V-0"), (Q1, "V-1"), (Q1 + 1, "V-2")):
        take(store, checked({"visits": visits(word)}, quarter=quarter, file=str(quarter)))
    take(store, checked({"visits": visits("V-8")}, provider="other", file="other"))
    rows = earlier(store, "team", Q1)["visits"]
    assert list(rows.columns[:2]) == ["quarter", "visit_ref"]
    assert list(zip(rows["quarter"], rows["visit_ref"], strict=True)) == [
        ("2024Q4", "V-0"),
        ("2025Q1", "V-1"),
    ]
    assert earlier(store, "team", Quarter(2020, 1)) == {}
    assert earlier(store, "nobody", Q1) == {}


def test_the_facts_of_the_cover_are_kept(store):
    source = replace(
        checked().source, template_version="1", history_from=datetime(2024, 4, 1, tzinfo=UTC).date()
    )
    take(store, replace(checked(), source=source))
    with sqlite3.connect(store.root / "ledger.sqlite") as ledger:
        assert ledger.execute("SELECT template_version, history_from FROM receipts").fetchall() == [
            ("1", "2024-04-01")
        ]
