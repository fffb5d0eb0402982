"""A return in types is checked against its forms' models and rules."""

from dataclasses import replace

import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.nouns import Snapshot
from evaluation.quarters import Quarter
from evaluation.returns.checking import check, check_snapshot, rules_version
from evaluation.returns.parsing import parse
from schemas import FORMS
from tests.unit.returns.making import (
    CHILD,
    DECISION,
    EPISODE,
    KEY,
    OTHER_KEY,
    REFERRAL,
    about,
    accepted,
    parsed,
    return_of,
)

ANOTHER = REFERRAL | {"referral_ref": "SG002", "child_key": OTHER_KEY}


def checked(form, *rows, earlier=None, **options):
    before = {form: accepted(form, earlier)} if earlier else {}
    return check(parsed(form, *rows, **options), FORMS, before)


def found(form, *rows, **options):
    return about(FORMS[form], checked(form, *rows, **options).findings)


def test_a_right_return_has_no_finding_and_says_which_rules_had_nothing_to_compare_with():
    result = checked("st_giles_referrals", REFERRAL)
    assert result.findings == ()
    assert {rule for rule, _ in result.not_run} == {"REF-05", "REF-06", "REF-07"}
    assert {str(reason) for _, reason in result.not_run} == {
        "There is no earlier return to compare with."
    }


def test_every_row_of_a_repeated_key_is_marked_once():
    rows = [DECISION, DECISION | {"met_on": "13/05/2025"}, DECISION]
    assert found("meeting_decisions", *rows) == {
        ("ROW-TWICE", 2, "child_key"),
        ("ROW-TWICE", 4, "child_key"),
    }


def test_keys_that_could_not_be_read_are_not_the_same_key():
    bad = EPISODE | {"episode_ref": "?", "child_key": KEY}
    later = bad | {"reported_at": "10/05/2025 10:00", "returned_at": "10/05/2025 11:00"}
    assert found("missing_episodes", bad, later) == {
        ("CELL-REF", 2, "episode_ref"),
        ("CELL-REF", 3, "episode_ref"),
    }


def test_a_fault_that_parsing_told_is_not_told_again():
    rows = [DECISION | {"met_on": "", "decision": "?"}, DECISION]
    assert found("meeting_decisions", *rows) == {
        ("CELL-BLANK", 2, "met_on"),
        ("CELL-CODE", 2, "decision"),
    }


def test_a_value_that_parsing_would_never_give_is_found_by_the_model():
    right = parsed("st_giles_referrals", REFERRAL, ANOTHER)
    table = right.tables["st_giles_referrals"]
    wrong = table.assign(sessions_offered=pd.array([4, -4], dtype="Int64"), source=["police", "?"])
    wrong = wrong.astype({"source": "str"})
    result = check(replace(right, tables={"st_giles_referrals": wrong}), FORMS, {})
    assert about(FORMS["st_giles_referrals"], result.findings) == {
        ("CELL-NOT-ALLOWED", 3, "sessions_offered"),
        ("CELL-NOT-ALLOWED", 3, "source"),
        ("REF-02", 3, "sessions_attended"),
    }
    assert "-4" not in repr(result.findings)


def test_a_table_of_other_types_is_broken_code_not_a_finding():
    right = parsed("st_giles_referrals", REFERRAL)
    table = right.tables["st_giles_referrals"].astype({"referred_on": "str"})
    with pytest.raises(WrongUse, match="Parse the return first"):
        check(replace(right, tables={"st_giles_referrals": table}), FORMS, {})


def test_a_rule_marks_its_first_column_in_the_row_of_the_record():
    result = checked(
        "missing_episodes",
        EPISODE,
        EPISODE | {"episode_ref": "M2", "returned_at": "01/05/2025 20:00"},
    )
    finding = next(item for item in result.findings if item.rule == "MIS-01")
    assert (finding.sheet, finding.row, finding.column) == ("Missing episodes", 3, "D")
    assert finding.record == "M2"


def test_findings_come_in_the_order_of_the_sheet():
    rows = [
        EPISODE | {"definition": "?", "returned_at": "01/05/2025 20:00"},
        EPISODE | {"episode_ref": "?"},
    ]
    places = [(item.row, item.column) for item in checked("missing_episodes", *rows).findings]
    assert places == sorted(places)


def test_a_rule_whose_column_is_missing_is_not_run():
    columns = [name for name in CHILD if name != "sex"]
    result = checked("children", CHILD, columns=columns, earlier={"2024Q4": [CHILD]})
    assert dict(result.not_run)["CHI-03"].to("en") == "The column ‘Sex’ is missing."


def test_a_rule_that_needs_another_form_of_the_workbook_is_not_run_without_it():
    form = FORMS["children"]
    rule = replace(form.rules[0], reads=("missing_episodes",))
    forms = FORMS | {"children": replace(form, rules=(rule,))}
    result = check(
        parsed("children", CHILD | {"followed_to": "01/01/2020", "followed_to_reason": "moved"}),
        forms,
        {},
    )
    assert (
        str(dict(result.not_run)["CHI-01"])
        == "The form ‘Missing episodes’ is not in this workbook."
    )
    assert result.findings == ()


def test_without_a_quarter_no_rule_is_run_and_all_say_so():
    result = checked("meeting_decisions", DECISION | {"met_on": "01/01/2020"}, quarter=None)
    assert str(dict(result.not_run)["MEE-01"]) == "The quarter of the return is not known."
    assert result.findings == ()


def test_a_record_that_ought_to_be_there_has_a_finding_without_a_row():
    waiting = REFERRAL | {
        "referral_ref": "SG9",
        "decision": "waiting",
        "decided_on": "",
        "first_session_on": "",
    }
    waiting |= {"referred_on": "10/03/2025"}
    result = checked("st_giles_referrals", REFERRAL, earlier={"2024Q4": [waiting]})
    (finding,) = [item for item in result.findings if item.rule == "REF-06"]
    assert (finding.row, finding.column, finding.record) == (None, None, "SG9")
    assert result.acceptable


def test_a_nil_return_after_open_referrals_is_asked_to_explain():
    nil = parse(return_of(nil=("st_giles_referrals",)), FORMS)
    before = accepted("st_giles_referrals", {"2024Q4": [REFERRAL | {"referred_on": "01/02/2025"}]})
    result = check(nil, FORMS, {"st_giles_referrals": before})
    assert [(item.rule, item.record) for item in result.findings] == [("REF-06", "SG001")]


def test_tables_and_earlier_returns_are_left_as_they_are():
    before = accepted("missing_episodes", {"2024Q4": [EPISODE | {"returned_at": ""}]})
    copy = before.copy()
    typed = parsed("missing_episodes", EPISODE)
    table = typed.tables["missing_episodes"].copy()
    check(typed, FORMS, {"missing_episodes": before})
    pd.testing.assert_frame_equal(before, copy)
    pd.testing.assert_frame_equal(typed.tables["missing_episodes"], table)


# ---- Across providers ---------------------------------------------------------------------------


def snapshot(rows, *, quarter="2025Q2", arrived=("2025Q1", "2025Q2")):
    """Rows by form and quarter; a form that is left out has never come."""
    tables = dict.fromkeys(FORMS) | {name: accepted(name, some) for name, some in rows.items()}
    came = frozenset(("somebody", name, Quarter.parse(when)) for name in rows for when in arrived)
    return Snapshot("1-0", Quarter.parse(quarter), tables, came, ())


def lost_referrals(rows, **options):
    findings = check_snapshot(snapshot(rows, **options), FORMS)
    return [(item.severity, item.sheet, item.record) for item in findings if item.rule == "MEE-02"]


OTHERS = {
    "children": {"2025Q1": [CHILD, CHILD | {"child_key": OTHER_KEY}]},
    "positive_futures_referrals": {"2025Q1": [], "2025Q2": []},
}
REFERRED = OTHERS | {"meeting_decisions": {"2025Q1": [DECISION]}}


def test_a_child_referred_to_a_service_that_never_shows_there_is_asked_about():
    rows = REFERRED | {"st_giles_referrals": {"2025Q1": [ANOTHER], "2025Q2": [ANOTHER]}}
    assert lost_referrals(rows) == [("explain", "meeting_decisions", KEY)]


def test_the_next_quarter_is_soon_enough():
    rows = REFERRED | {
        "st_giles_referrals": {
            "2025Q1": [ANOTHER],
            "2025Q2": [ANOTHER, REFERRAL | {"referral_ref": "SG003"}],
        }
    }
    assert lost_referrals(rows) == []


def test_nobody_is_asked_before_the_next_return_has_come():
    rows = REFERRED | {"st_giles_referrals": {"2025Q1": [ANOTHER]}}
    assert lost_referrals(rows, quarter="2025Q1", arrived=("2025Q1",)) == []


def test_a_service_that_never_sent_anything_is_told_as_such():
    assert lost_referrals(REFERRED) == [("note", "meeting_decisions", None)]
    (finding,) = (item for item in check_snapshot(snapshot(REFERRED), FORMS) if item.record is None)
    assert "St Giles referrals" in str(finding.message)
    assert "Positive Futures" not in str(finding.message)


def test_the_other_service_is_asked_about_all_the_same():
    elsewhere = DECISION | {"decision": "refer_positive_futures"}
    rows = OTHERS | {"meeting_decisions": {"2025Q1": [DECISION, elsewhere]}}
    assert lost_referrals(rows) == [
        ("note", "meeting_decisions", None),
        ("explain", "meeting_decisions", KEY),
    ]


def test_with_no_return_of_any_service_one_note_names_them_all():
    rows = {"children": OTHERS["children"], "meeting_decisions": {"2025Q1": [DECISION]}}
    (finding,) = (f for f in check_snapshot(snapshot(rows), FORMS) if f.rule == "MEE-02")
    assert finding.severity == "note"
    assert "St Giles referrals and Positive Futures referrals" in str(finding.message)


def test_a_key_without_a_child_is_one_finding_per_form_and_child():
    twice = [EPISODE, EPISODE | {"episode_ref": "M2"}]
    rows = {
        "children": {"2025Q1": [CHILD | {"child_key": OTHER_KEY}]},
        "missing_episodes": {"2025Q1": twice},
    }
    findings = check_snapshot(snapshot(rows), FORMS)
    assert [(item.rule, item.severity, item.sheet, item.row, item.record) for item in findings] == [
        ("SNAP-CHILD", "explain", "missing_episodes", None, KEY)
    ]


def test_without_a_return_of_children_their_keys_are_not_said_to_be_right():
    findings = check_snapshot(snapshot({"missing_episodes": {"2025Q1": [EPISODE]}}), FORMS)
    assert [(item.rule, item.severity) for item in findings] == [("SNAP-CHILD", "note")]


# ---- The version of the rules -------------------------------------------------------------------


def test_the_version_of_the_rules_changes_with_any_of_their_words():
    form = FORMS["children"]
    louder = replace(form.rules[0], severity="note")
    other = FORMS | {"children": replace(form, rules=(louder, *form.rules[1:]))}
    assert rules_version(FORMS) != rules_version(other)
    assert rules_version(FORMS) == rules_version(dict(reversed(FORMS.items())))
    assert len(rules_version(FORMS)) == 12
