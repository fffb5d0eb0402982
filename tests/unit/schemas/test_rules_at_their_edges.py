"""Rules where their two examples do not say all: edges, blanks and several returns."""

import pytest

from evaluation.nouns import Around
from evaluation.quarters import Quarter
from schemas import FORMS
from tests.unit.returns.making import OTHER_KEY, RIGHT, about, accepted, parsed

NOW = Quarter.parse("2025Q1")


def holds(form, rule_id, *changes, earlier=None):
    """For each row (or record), whether the rule holds; None where there is nothing to compare."""
    rule = next(rule for rule in FORMS[form].rules if rule.id == rule_id)
    rows = parsed(form, *(RIGHT[form] | change for change in changes)).tables[form]
    before = {}
    if earlier:
        returns = {when: [RIGHT[form] | row for row in some] for when, some in earlier.items()}
        before = {form: accepted(form, returns)}
    result = rule.test(rows, Around(form, NOW, {form: rows}, before))
    return None if result is None else result.to_list()


@pytest.mark.parametrize(
    ("born", "is_of_age"),
    [("2020-05", False), ("2020-04", True), ("2007-04", True), ("2007-03", False)],
)
def test_a_child_is_5_from_the_first_day_of_the_month_and_18_after_the_last(born, is_of_age):
    assert holds("children", "CHI-02", {"birth_month": born}) == [is_of_age]


def test_what_a_child_was_is_what_the_newest_return_that_said_it_says():
    earlier = {"2024Q3": [{"sex": "male"}], "2024Q4": [{"sex": "female"}]}
    assert holds("children", "CHI-03", {}, earlier=earlier) == [True]


def test_a_blank_is_no_change_and_neither_is_a_new_child():
    earlier = {"2024Q4": [{"ethnicity": ""}]}
    assert holds("children", "CHI-03", {}, {"child_key": OTHER_KEY}, earlier=earlier) == [
        True,
        True,
    ]
    assert holds("children", "CHI-03", {"ethnicity": ""}, earlier={"2024Q4": [{}]}) == [True]


def test_the_return_that_this_one_replaces_is_not_an_earlier_one():
    assert holds("children", "CHI-03", {"sex": "male"}, earlier={"2025Q1": [{}]}) is None


def test_an_episode_may_return_after_the_quarter():
    assert holds("missing_episodes", "MIS-02", {"returned_at": "15/07/2025 10:00"}) == [True]


def test_the_quarter_ends_with_its_last_local_day():
    late = {"reported_at": "30/06/2025 23:30", "returned_at": ""}
    assert holds("missing_episodes", "MIS-02", late) == [True]


def test_an_episode_that_goes_on_overlaps_the_next_one_of_the_child_only():
    rows = [
        {"returned_at": ""},
        {"episode_ref": "M2", "reported_at": "09/05/2025 10:00", "returned_at": ""},
        {"episode_ref": "M3", "reported_at": "09/05/2025 10:00", "child_key": OTHER_KEY},
    ]
    assert holds("missing_episodes", "MIS-05", *rows) == [True, False, True]


def test_an_episode_within_a_long_one_does_not_hide_the_next_overlap():
    rows = [
        {"reported_at": "01/05/2025 10:00", "returned_at": "10/05/2025 10:00"},
        {"reported_at": "02/05/2025 10:00", "returned_at": "02/05/2025 12:00"},
        {"reported_at": "09/05/2025 10:00", "returned_at": "09/05/2025 12:00"},
        {"reported_at": "11/05/2025 10:00", "returned_at": "11/05/2025 12:00"},
    ]
    assert holds("missing_episodes", "MIS-05", *rows) == [True, False, False, True]


def test_the_order_of_the_rows_does_not_matter_to_an_overlap():
    rows = [{"reported_at": "02/05/2025 07:00", "returned_at": "02/05/2025 09:00"}, {}]
    assert holds("missing_episodes", "MIS-05", *rows) == [False, True]


def test_an_episode_closed_in_an_earlier_quarter_need_not_be_sent_again():
    earlier = {"2024Q4": [{"episode_ref": "OLD1"}]}
    assert holds("missing_episodes", "MIS-06", {}, earlier=earlier) == []
    assert holds("missing_episodes", "MIS-07", {}, earlier=earlier) == [True]


def test_only_the_last_return_says_what_is_still_open():
    earlier = {
        "2024Q3": [{"episode_ref": "OLD1", "returned_at": ""}],
        "2024Q4": [{"episode_ref": "OLD1"}],
    }
    assert holds("missing_episodes", "MIS-06", {}, earlier=earlier) == []


def test_an_episode_that_the_replaced_return_had_has_vanished():
    earlier = {"2025Q1": [{}, {"episode_ref": "M2"}]}
    assert holds("missing_episodes", "MIS-07", {}, earlier=earlier) == [True, False]


def test_a_meeting_is_in_the_quarter_from_its_first_to_its_last_day():
    days = ["01/04/2025", "30/06/2025", "31/03/2025", "01/07/2025"]
    assert holds("meeting_decisions", "MEE-01", *({"met_on": day} for day in days)) == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("change", "in_order"),
    [
        ({}, True),
        ({"first_contact_on": "06/05/2025"}, True),  # before the decision
        ({"first_contact_on": "05/05/2025"}, False),  # before the referral
        ({"decided_on": "05/05/2025"}, False),
        ({"first_session_on": "", "closed_on": "08/05/2025"}, False),  # before the decision
        ({"first_session_on": "", "closed_on": "09/05/2025"}, True),
        ({"closed_on": "19/05/2025"}, False),
        ({"referred_on": ""}, True),
    ],
)
def test_the_dates_of_a_referral_are_in_order(change, in_order):
    assert holds("st_giles_referrals", "REF-01", change) == [in_order]


def test_a_key_may_be_corrected_in_the_return_that_replaces_the_one_it_was_wrong_in():
    earlier = {"2025Q1": [{"child_key": OTHER_KEY}]}
    assert holds("st_giles_referrals", "REF-05", {}, earlier=earlier) is None


@pytest.mark.parametrize(
    ("was", "ought_to_be_here"),
    [
        ({"decision": "waiting"}, ["OLD1"]),
        ({"decision": "accepted"}, ["OLD1"]),
        ({"decision": "declined"}, []),
        ({"decision": "accepted", "closed_on": "31/03/2025"}, []),
    ],
)
def test_open_is_waiting_or_accepted_and_not_closed(was, ought_to_be_here):
    earlier = {"2024Q4": [{"referral_ref": "OLD1"} | was]}
    assert holds("st_giles_referrals", "REF-06", {}, earlier=earlier) == [False] * len(
        ought_to_be_here
    )


@pytest.mark.parametrize(
    ("was", "forward"),
    [
        ({"sessions_offered": "5"}, False),
        ({"sessions_attended": ""}, True),
        ({"closed_on": "01/03/2025"}, False),
        ({"referral_ref": "OLD1", "sessions_offered": "9"}, True),
    ],
)
def test_a_referral_goes_forward(was, forward):
    assert holds("st_giles_referrals", "REF-07", {}, earlier={"2024Q4": [was]}) == [forward]


@pytest.mark.parametrize(
    ("change", "soon"),
    [
        ({"first_session_on": "08/06/2025"}, True),  # 30 days
        ({"first_session_on": "09/06/2025"}, False),
        ({"first_session_on": ""}, False),  # 52 days
        ({"first_session_on": "", "decided_on": "01/06/2025"}, True),  # 29 days
        ({"first_session_on": "", "decided_on": "31/05/2025"}, False),
        ({"first_session_on": "", "decision": "waiting", "decided_on": ""}, False),
        ({"first_session_on": "", "decision": "declined"}, True),
        ({"first_session_on": "", "closed_on": "10/06/2025"}, True),
    ],
)
def test_a_child_does_not_wait_long_for_a_first_session(change, soon):
    assert holds("st_giles_referrals", "REF-08", change) == [soon]


def test_a_declined_referral_is_over_on_the_day_of_the_decision():
    rows = [
        {"decision": "declined"},
        {"referral_ref": "SG2", "referred_on": "09/05/2025"},
        {"referral_ref": "SG3", "referred_on": "10/05/2025"},
    ]
    assert holds("st_giles_referrals", "REF-09", *rows) == [True, True, False]


def test_unknown_sessions_are_not_none():
    assert holds("st_giles_referrals", "REF-10", {"sessions_attended": ""}) == [True]


def test_two_children_may_have_open_referrals_at_once():
    rows = [{}, {"referral_ref": "SG2", "child_key": OTHER_KEY}]
    assert holds("st_giles_referrals", "REF-09", *rows) == [True, True]


def test_a_spell_away_may_begin_on_the_day_on_which_another_ends_and_not_before():
    rows = [{}, {"from_on": "20/05/2025", "to_on": ""}, {"from_on": "25/05/2025"}]
    assert holds("away_spells", "AWA-02", *rows) == [True, True, False]


@pytest.mark.parametrize(
    ("change", "usual"),
    [
        ({"minutes": "15"}, True),
        ({"minutes": "14"}, False),
        ({"minutes": "480"}, True),
        ({"minutes": "481"}, False),
        ({"minutes": ""}, True),
        ({"attendances": "200"}, True),
        ({"attendances": "201"}, False),
        ({"attendances": "0", "cancelled": "yes", "minutes": "0"}, True),
        ({"attendances": "0", "cancelled": "no", "minutes": "0"}, False),
        ({"attendances": "0", "cancelled": "yes", "minutes": "999"}, False),
    ],
)
def test_a_session_is_of_usual_size(change, usual):
    assert holds("positive_futures_sessions", "SES-04", change) == [usual]


@pytest.mark.parametrize("cancelled", ["no", "not_known", ""])
def test_only_a_session_that_was_cancelled_has_no_attendances(cancelled):
    assert holds("positive_futures_sessions", "SES-03", {"cancelled": cancelled}) == [True]


def test_a_run_of_60_days_has_its_first_and_its_last_day():
    rows = [{"from_on": "01/04/2025", "to_on": day} for day in ("30/05/2025", "31/05/2025")]
    assert holds("school_closures", "SCH-02", *rows) == [True, False]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"school_ref": ""}, {("CELL-NEEDED", "school_ref")}),
        ({"outcome": "not_sent", "notified_at": ""}, set()),
        ({"outcome": "not_sent", "notified_at": "", "school_ref": ""}, {("CELL-NEEDED", "school_ref")}),
        ({"outcome": "authority"}, set()),
        ({"outcome": "authority", "school_ref": ""}, set()),
        ({"outcome": "authority", "notified_at": ""}, {("CELL-NEEDED", "notified_at")}),
        ({"outcome": "not_due", "school_ref": "", "notified_at": ""}, set()),
        ({"outcome": "no_school"}, {("CELL-NOT-NEEDED", "notified_at")}),
    ],
)  # fmt: skip
def test_what_became_of_a_notification_says_what_else_is_needed(change, fault):
    form = "op_encompass_incidents"
    findings = parsed(form, RIGHT[form] | change).findings
    assert {(rule, field) for rule, _, field in about(FORMS[form], findings)} == fault
