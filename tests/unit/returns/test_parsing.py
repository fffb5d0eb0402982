"""From text to types, one finding per fault."""

from dataclasses import replace

import pandas as pd
import pytest

from evaluation.language import _
from evaluation.nouns import Finding
from evaluation.returns import parsing
from evaluation.returns.parsing import parse
from schemas import FORMS
from tests.unit.returns.making import (
    CHILD,
    DECISION,
    EPISODE,
    KEY,
    OTHER_KEY,
    REFERRAL,
    RIGHT,
    about,
    parsed,
    return_of,
    sheet,
)


@pytest.mark.parametrize("form", FORMS)
def test_a_right_row_has_no_finding(form):
    checked = parsed(form, RIGHT[form])
    assert checked.findings == ()
    assert checked.not_run == ()


def test_every_column_has_its_type():
    dtypes = {name: str(dtype) for name, dtype in parsed_types().items()}
    assert dtypes == {
        "episode_ref": "str",
        "child_key": "str",
        "reported_at": "datetime64[us, UTC]",
        "reported_on": "datetime64[us]",
        "returned_at": "datetime64[us, UTC]",
        "returned_on": "datetime64[us]",
        "local_authority": "str",
        "missing_from": "str",
        "risk_first": "str",
        "risk_highest": "str",
        "harm": "str",
        "interview": "str",
        "interview_offered_at": "datetime64[us, UTC]",
        "interview_offered_on": "datetime64[us]",
        "interview_at": "datetime64[us, UTC]",
        "interview_on": "datetime64[us]",
        "definition": "str",
    }
    assert (
        str(parsed("st_giles_referrals").tables["st_giles_referrals"].dtypes["sessions_offered"])
        == "Int64"
    )


def parsed_types():
    """The types are the same with rows, without, and where nothing can be read."""
    full = parsed("missing_episodes", EPISODE).tables["missing_episodes"].dtypes
    bad = dict.fromkeys(EPISODE, "?")
    for other in (parsed("missing_episodes"), parsed("missing_episodes", bad)):
        pd.testing.assert_series_equal(other.tables["missing_episodes"].dtypes, full)
    return full


def test_rows_keep_the_numbers_of_the_sheet():
    checked = parsed("missing_episodes", EPISODE, EPISODE, first_row=7)
    assert checked.tables["missing_episodes"].index.tolist() == [7, 8]


# ---- Blanks -------------------------------------------------------------------------------------


def test_a_blank_in_a_field_that_must_be_filled_is_refused_at_its_cell():
    checked = parsed("children", CHILD, CHILD | {"sex": ""})
    finding = checked.findings[0]
    assert (finding.rule, finding.severity) == ("CELL-BLANK", "reject")
    assert (finding.sheet, finding.row, finding.column, finding.record) == ("Children", 3, "C", KEY)
    assert not checked.acceptable


def test_blanks_in_a_wanted_field_are_one_note_a_column():
    checked = parsed("children", CHILD | {"ethnicity": ""}, CHILD, CHILD | {"ethnicity": ""})
    (finding,) = checked.findings
    assert (finding.rule, finding.severity, finding.row) == ("CELL-WANTED", "note", None)
    assert str(finding.message) == "‘Ethnicity’ is blank. Rows: 2 of 3."
    assert checked.acceptable


def test_a_blank_where_a_field_may_be_blank_is_fine():
    assert parsed("missing_episodes", EPISODE | {"returned_at": ""}).findings == ()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"decision": "declined", "decline_reason": ""}, {("CELL-NEEDED", "decline_reason")}),
        ({"decline_reason": "no_consent"}, {("CELL-NOT-NEEDED", "decline_reason")}),
        ({"decided_on": ""}, {("CELL-NEEDED", "decided_on")}),
        ({"decision": "waiting", "decided_on": ""}, set()),
        ({"closed_on": "01/06/2025"}, {("CELL-NEEDED", "closure_reason")}),
        ({"closure_reason": "planned"}, {("CELL-NOT-NEEDED", "closure_reason")}),
        # Unreadable and not needed is one fault: it must go.
        ({"closure_reason": "??"}, {("CELL-NOT-NEEDED", "closure_reason")}),
        # The answer that decides is itself at fault: one fault is one finding.
        ({"decision": "??", "decided_on": ""}, {("CELL-CODE", "decision")}),
        ({"decision": "??"}, {("CELL-CODE", "decision")}),
        ({"decision": ""}, {("CELL-BLANK", "decision")}),
        ({"closed_on": "31/31/2025", "closure_reason": "planned"}, {("CELL-DATE", "closed_on")}),
    ],
)
def test_a_field_that_another_makes_necessary(row, expected):
    checked = parsed("st_giles_referrals", REFERRAL | row)
    found = {
        (rule, field) for rule, _, field in about(FORMS["st_giles_referrals"], checked.findings)
    }
    assert found == expected


# ---- Whole sheets -------------------------------------------------------------------------------


def test_all_faults_come_in_one_pass():
    bad = {"child_key": "?", "met_on": "13/25/2025", "local_authority": "?", "decision": ""}
    checked = parsed("meeting_decisions", DECISION, bad)
    assert about(FORMS["meeting_decisions"], checked.findings) == {
        ("CELL-KEY", 3, "child_key"),
        ("CELL-DATE", 3, "met_on"),
        ("CELL-CODE", 3, "local_authority"),
        ("CELL-BLANK", 3, "decision"),
    }


def test_a_short_list_is_told_in_the_fix_and_a_long_one_is_not():
    checked = parsed("st_giles_referrals", REFERRAL | {"decision": "??"})
    (fix,) = (item.fix for item in checked.findings if item.rule == "CELL-CODE")
    assert str(fix) == (
        "Choose an answer from the list of ‘Decision’: ‘Accepted’, ‘Declined’ and ‘Waiting’."
    )
    assert "Derbyniwyd" in fix.to("cy")
    long = parsing._few_answers(FORMS["children"].field("ethnicity"))
    assert long == {}


def test_no_finding_holds_a_value():
    secret = "Siân14"
    checked = parsed("st_giles_referrals", dict.fromkeys(REFERRAL, secret))
    assert len(checked.findings) > 5
    assert secret not in repr(checked.findings).replace("referral_ref", "")


def test_a_cell_that_reading_has_refused_is_not_refused_again():
    bad = return_of(
        sheet("meeting_decisions", DECISION | {"child_key": "Siân Evans", "met_on": "?"})
    )
    name = Finding("ID-NAME", "reject", _("A name"), _("Delete it"), "Meeting decisions", 2, "A")
    checked = parse(replace(bad, findings=(name,)), FORMS)
    assert [item.rule for item in checked.findings] == ["ID-NAME", "CELL-DATE"]


def test_a_record_is_named_by_its_reference_or_else_by_a_valid_key():
    checked = parsed("st_giles_referrals", REFERRAL | {"source": "?"})
    assert checked.findings[0].record == "SG001"
    checked = parsed("meeting_decisions", DECISION | {"decision": "?", "child_key": "?"})
    assert {item.record for item in checked.findings} == {None}


def test_a_column_that_is_missing_is_missing_throughout_and_no_cell_of_it_is_at_fault():
    columns = [name for name in CHILD if name not in {"sex", "exclusion"}]
    checked = parsed("children", CHILD, columns=columns)
    assert checked.findings == ()
    assert checked.tables["children"]["sex"].isna().all()


def test_a_form_declared_nil_is_an_empty_table():
    checked = parse(return_of(nil=("missing_episodes",)), FORMS)
    table = checked.tables["missing_episodes"]
    assert table.empty
    assert str(table.dtypes["reported_at"]) == "datetime64[us, UTC]"
    assert checked.findings == ()


def test_cells_as_received_are_left_as_they_are():
    received = return_of(sheet("meeting_decisions", DECISION | {"child_key": OTHER_KEY.lower()}))
    before = received.sheets[0].cells.copy()
    parse(received, FORMS)
    pd.testing.assert_frame_equal(received.sheets[0].cells, before)
