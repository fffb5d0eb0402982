"""From text to types, one finding per fault."""

from dataclasses import replace

import pandas as pd
import pytest

from evaluation.language import _
from evaluation.nouns import Finding
from evaluation.returns.parsing import READ, parse
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


def value(form, field_name, text):
    """What one cell becomes, and the faults that it has."""
    field = FORMS[form].field(field_name)
    column = READ[field.kind](pd.Series([text], dtype="str"), field)
    return column.typed.iloc[0], {fault.id for fault, at in column.faults.items() if at[0]}


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


# ---- Days, months and moments -------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "14/08/2025",
        "14/8/25",
        "14/08/25",
        "2025-08-14",
        "2025-08-14T00:00:00",
        " 14/08/2025 ",
        "14/08/2025 10:30",
    ],
)
def test_a_day_may_be_written_so(text):
    day, rules = value("meeting_decisions", "met_on", text)
    assert day == pd.Timestamp("2025-08-14")
    assert rules == set()


@pytest.mark.parametrize(
    "text",
    [
        "13/25/2025",
        "30/02/2025",
        "31/04/25",
        "29/02/2025",
        "00/05/2025",
        "2025-13-01",
        "2025-08",
        "14 August 2025",
        "14.08.2025",
        "14/08/0025",
        "14/08/225",
        "14/08/2125",
        "45883",
        "14/08/2025 25:00",
        "#REF!",
        "14/08/2025; DROP",
    ],
)
def test_a_day_may_not_be_written_so(text):
    day, rules = value("meeting_decisions", "met_on", text)
    assert pd.isna(day)
    assert rules == {"CELL-DATE"}


def test_the_day_comes_before_the_month():
    day, _ = value("meeting_decisions", "met_on", "03/04/2025")
    assert day == pd.Timestamp("2025-04-03")


def test_a_leap_day_exists():
    day, _ = value("meeting_decisions", "met_on", "29/2/24")
    assert day == pd.Timestamp("2024-02-29")


@pytest.mark.parametrize(
    "text", ["2010-06", "2010-6", "2010-06-01", "01/06/2010", "2010-06-01T00:00:00"]
)
def test_a_month_may_be_written_so(text):
    month, rules = value("children", "birth_month", text)
    assert month == pd.Timestamp("2010-06-01")
    assert rules == set()


@pytest.mark.parametrize(
    "text", ["2010-06-02", "14/06/2010", "2010-06-14T00:00:00", "1/6/2010 09:00"]
)
def test_another_day_of_a_month_is_a_date_of_birth(text):
    month, rules = value("children", "birth_month", text)
    assert pd.isna(month)
    assert rules == {"CELL-BIRTH-DATE"}


@pytest.mark.parametrize("text", ["2010", "June 2010", "2010-13", "06/2010", "31/06/2010"])
def test_a_month_may_not_be_written_so(text):
    month, rules = value("children", "birth_month", text)
    assert pd.isna(month)
    assert rules == {"CELL-MONTH"}


@pytest.mark.parametrize(
    ("field", "text"), [("birth_month", "1/6/98"), ("history_from", "01/07/2025")]
)
def test_a_birth_or_a_history_does_not_lie_in_the_future(field, text):
    checked = parsed("children", CHILD | {field: text})
    assert about(FORMS["children"], checked.findings) == {("CELL-FUTURE", 2, field)}
    assert checked.tables["children"][field].isna().all()


def test_without_a_quarter_the_future_is_not_known_and_says_so():
    checked = parsed("children", CHILD | {"birth_month": "2098-06"}, quarter=None)
    assert checked.findings == ()
    assert "CELL-FUTURE" in dict(checked.not_run)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("14/08/2025 21:30", "2025-08-14 20:30"),
        ("14/8/25 9:05", "2025-08-14 08:05"),
        ("14/08/2025 21:30:15", "2025-08-14 20:30:15"),
        ("2025-08-14 21:30", "2025-08-14 20:30"),
        ("2025-08-14T21:30:15.123000", "2025-08-14 20:30:15.123"),
        ("2025-01-14T21:30:00", "2025-01-14 21:30"),
        ("2025-08-14T00:00:00", "2025-08-13 23:00"),
        ("14/08/2025 00:00", "2025-08-13 23:00"),
    ],
)
def test_a_moment_is_a_wall_clock_time_kept_in_utc(text, utc):
    moment, rules = value("missing_episodes", "reported_at", text)
    assert moment == pd.Timestamp(utc, tz="UTC")
    assert rules == set()


def test_a_moment_has_a_local_day_beside_it():
    table = parsed("missing_episodes", EPISODE | {"reported_at": "14/08/2025 00:30"}).tables[
        "missing_episodes"
    ]
    assert table["reported_at"].iloc[0] == pd.Timestamp("2025-08-13 23:30", tz="UTC")
    assert table["reported_on"].iloc[0] == pd.Timestamp("2025-08-14")
    assert list(table.columns[2:4]) == ["reported_at", "reported_on"]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("14/08/2025", "CELL-TIME-MISSING"),
        ("2025-08-14", "CELL-TIME-MISSING"),
        ("14/08/2025 24:00", "CELL-TIME"),
        ("14/08/2025 2:30 pm", "CELL-TIME"),
        ("13/25/2025 10:00", "CELL-TIME"),
        ("21:30", "CELL-TIME"),
        ("2025-08", "CELL-TIME"),
        ("2025-08-14T21:30:00Z", "CELL-TIME"),
        ("30/03/2025 01:30", "CELL-TIME-SKIPPED"),
    ],
)
def test_a_moment_may_not_be_written_so(text, rule):
    moment, rules = value("missing_episodes", "reported_at", text)
    assert pd.isna(moment)
    assert rules == {rule}


def test_the_hour_that_occurs_twice_is_the_first_and_noted():
    checked = parsed("missing_episodes", EPISODE | {"reported_at": "26/10/2025 01:30"})
    moment = checked.tables["missing_episodes"]["reported_at"].iloc[0]
    assert moment == pd.Timestamp("2025-10-26 00:30", tz="UTC")
    assert [(item.rule, item.severity) for item in checked.findings] == [
        ("CELL-TIME-TWICE", "note")
    ]


# ---- Words and numbers --------------------------------------------------------------------------


@pytest.mark.parametrize("text", [KEY, KEY.lower(), "EXAM PRE0 001W", "exam-pre0-001w", f" {KEY} "])
def test_a_child_key_forgives_case_spaces_and_hyphens(text):
    assert value("meeting_decisions", "child_key", text) == (KEY, set())


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("EXAMPRE0001X", "CELL-KEY-CHECK"),
        ("EXAMPRE0010W", "CELL-KEY-CHECK"),
        ("EXAMPLE0001W", "CELL-KEY"),  # an L
        ("EXAMPRE0001", "CELL-KEY"),
        ("EXAMPRE0001WW", "CELL-KEY"),
        ("Siân Evans", "CELL-KEY"),
        ("ÉXAMPRE0001W", "CELL-KEY"),
    ],
)
def test_a_mistyped_child_key_is_refused(text, rule):
    key, rules = value("meeting_decisions", "child_key", text)
    assert pd.isna(key)
    assert rules == {rule}


def test_the_fix_of_a_child_key_names_the_letters_that_are_never_in_it():
    finding = parsed("meeting_decisions", DECISION | {"child_key": "EXAMPLE0001W"}).findings[0]
    assert "never I, L, O or U" in str(finding.fix)


@pytest.mark.parametrize("text", ["SG001", "2025/14", "a_1-b", "1" * 24])
def test_a_reference_stays_as_it_is(text):
    assert value("st_giles_referrals", "referral_ref", text) == (text, set())


@pytest.mark.parametrize("text", ["Evans", "SG 001", "1" * 25, "SG.1", "SG٣"])
def test_a_name_never_passes_for_a_reference(text):
    ref, rules = value("st_giles_referrals", "referral_ref", text)
    assert pd.isna(ref)
    assert rules == {"CELL-REF"}


@pytest.mark.parametrize("text", ["W06000022", "w06000022", "Newport", "  newport ", "NEWPORT"])
def test_an_answer_may_be_its_code_or_its_label(text):
    assert value("meeting_decisions", "local_authority", text) == ("W06000022", set())


def test_an_answer_may_be_its_welsh_label():
    for field in FORMS["children"].fields:
        for code in field.codes.codes if field.codes else ():
            assert value("children", field.name, code.label.to("cy")) == (code.code, set())


def test_an_apostrophe_and_inner_spaces_are_forgiven():
    label = "outside  the service’s scope"
    assert value("st_giles_referrals", "decline_reason", label) == ("out_of_scope", set())


@pytest.mark.parametrize("text", ["Bristol", "E06000023", "yes", "1"])
def test_an_answer_outside_its_list_is_refused(text):
    answer, rules = value("meeting_decisions", "local_authority", text)
    assert pd.isna(answer)
    assert rules == {"CELL-CODE"}


@pytest.mark.parametrize(
    ("text", "code"),
    [("Yes", "yes"), ("NO", "no"), ("not known", "not_known"), ("not_asked", "not_asked")],
)
def test_a_flag_is_read_like_an_answer(text, code):
    assert value("children", "disability", text) == (code, set())


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("12.0", 12), ("0", 0), (" 7 ", 7)])
def test_a_whole_number(text, number):
    assert value("st_giles_referrals", "sessions_offered", text) == (number, set())


@pytest.mark.parametrize("text", ["12.5", "-1", "twelve", "1e3", "1,000", "1" * 12])
def test_not_a_whole_number(text):
    number, rules = value("st_giles_referrals", "sessions_offered", text)
    assert pd.isna(number)
    assert rules == {"CELL-NUMBER"}


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
