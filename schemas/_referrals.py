"""What every service that takes targeted referrals is asked for, and the rules of a referral.

A referral is open while it waits for a decision, or is accepted and not closed.
"""

from itertools import combinations

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule, When
from evaluation.returns.declaring import Day, Whole, Words, code, date, key, ref, whole
from evaluation.returns.holding import (
    apart,
    earlier_returns,
    last_known,
    last_return,
    not_above,
    not_before,
    same,
    unless,
)
from schemas._codes import codes


class Referrals(pa.DataFrameModel):
    """One row is one referral of one child to one service."""

    referral_ref: Words = ref(_("Referral reference"))
    child_key: Words = key(_("Child key"))
    local_authority: Words = code(_("Local authority"), codes("local_authority"))
    referred_on: Day = date(_("Referred on"))
    source: Words = code(_("Referred by"), codes("referral_source"))
    reason: Words = code(_("Reason for referral"), codes("referral_reason"))
    decision: Words = code(
        _("Decision"), codes("referral_decision"), about=_("Accepted, declined, waiting")
    )
    decided_on: Day = date(_("Decided on"), need=When("decision", ("accepted", "declined")))
    decline_reason: Words = code(
        _("Reason declined"), codes("decline_reason"), need=When("decision", ("declined",))
    )
    first_contact_on: Day = date(
        _("First contact on"),
        need="may",
        about=_("First contact that reached the child or the family"),
    )
    first_session_on: Day = date(_("First session on"), need="may")
    sessions_offered: Whole = whole(
        _("Sessions offered"), need="want", about=_("Since referral, cumulative")
    )
    sessions_attended: Whole = whole(
        _("Sessions attended"), need="want", about=_("Since referral, cumulative")
    )
    closed_on: Day = date(_("Closed on"), need="may")
    closure_reason: Words = code(
        _("Reason closed"), codes("closure_reason"), need=When("closed_on")
    )


DATES = ("referred_on", "decided_on", "first_contact_on", "first_session_on", "closed_on")


def is_open(referrals: pd.DataFrame) -> pd.Series:
    """Where a referral waits, or is accepted and not closed."""
    accepted = referrals["decision"] == "accepted"
    return (referrals["decision"] == "waiting") | (accepted & referrals["closed_on"].isna())


def still_open(referrals: pd.DataFrame) -> pd.DataFrame:
    """The referrals that the next return must have, too."""
    return referrals[is_open(referrals)]


def dates_are_in_order(referrals: pd.DataFrame, _around: Around) -> pd.Series:
    """REF-01. The first contact may come before the decision."""
    holds = not_before(referrals["first_contact_on"], referrals["referred_on"])
    order = ("referred_on", "decided_on", "first_session_on", "closed_on")
    for earlier, later in combinations(order, 2):
        holds &= not_before(referrals[later], referrals[earlier])
    return holds


def attended_were_offered(referrals: pd.DataFrame, _around: Around) -> pd.Series:
    """REF-02."""
    return not_above(referrals["sessions_attended"], referrals["sessions_offered"])


def dated_by_quarter_end(referrals: pd.DataFrame, around: Around) -> pd.Series:
    """REF-03."""
    ended = pd.Timestamp(around.quarter.last_day)
    return pd.DataFrame({day: not_above(referrals[day], ended) for day in DATES}).all(
        axis="columns"
    )


def declined_has_no_session(referrals: pd.DataFrame, _around: Around) -> pd.Series:
    """REF-04."""
    return unless((referrals["decision"] == "declined") & referrals["first_session_on"].notna())


def keeps_its_child(referrals: pd.DataFrame, around: Around) -> pd.Series | None:
    """REF-05."""
    before = earlier_returns(around)
    if before is None:
        return None
    return same(referrals["child_key"], last_known(referrals, before, "referral_ref", "child_key"))


def open_one_is_here(referrals: pd.DataFrame, around: Around) -> pd.Series | None:
    """REF-06. One row is one referral that was open in the last return."""
    last = last_return(around)
    if last is None:
        return None
    were_open = last.loc[is_open(last), "referral_ref"]
    return pd.Series(were_open.isin(referrals["referral_ref"]).to_numpy(), index=were_open)


def goes_forward(referrals: pd.DataFrame, around: Around) -> pd.Series | None:
    """REF-07."""
    before = earlier_returns(around)
    if before is None:
        return None
    was = {
        column: last_known(referrals, before, "referral_ref", column)
        for column in ("sessions_offered", "sessions_attended", "closed_on")
    }
    reopened = was["closed_on"].notna() & referrals["closed_on"].isna()
    return (
        not_before(referrals["sessions_offered"], was["sessions_offered"])
        & not_before(referrals["sessions_attended"], was["sessions_attended"])
        & ~reopened
    )


def first_session_is_soon(referrals: pd.DataFrame, around: Around) -> pd.Series:
    """REF-08. A child waits from the acceptance, or from the referral while none is decided."""
    accepted = referrals["decision"] == "accepted"
    took = referrals["first_session_on"] - referrals["decided_on"]
    since = referrals["decided_on"].where(accepted, referrals["referred_on"])
    waited = pd.Timestamp(around.quarter.last_day) - since
    waits = is_open(referrals) & referrals["first_session_on"].isna()
    late = accepted & (took > pd.Timedelta(days=30))
    return unless(late | (waits & (waited >= pd.Timedelta(days=30))))


def one_open_at_a_time(referrals: pd.DataFrame, _around: Around) -> pd.Series:
    """REF-09."""
    declined = referrals["decision"] == "declined"
    ended_on = referrals["closed_on"].mask(declined, referrals["decided_on"])
    return apart(referrals["child_key"], referrals["referred_on"], ended_on)


def first_session_was_attended(referrals: pd.DataFrame, _around: Around) -> pd.Series:
    """REF-10."""
    return unless(referrals["first_session_on"].notna() & (referrals["sessions_attended"] < 1))


WAITING = {
    "referral_ref": "R001",
    "child_key": "EXAMPRE0001W",
    "referred_on": "12/05/2025",
    "decision": "waiting",
}
ACCEPTED = WAITING | {"decision": "accepted", "decided_on": "20/05/2025"}
BEGUN = ACCEPTED | {
    "first_contact_on": "15/05/2025",
    "first_session_on": "02/06/2025",
    "sessions_offered": "3",
    "sessions_attended": "2",
}
CLOSED = BEGUN | {"closed_on": "20/06/2025", "closure_reason": "planned"}
DECLINED = WAITING | {
    "decision": "declined",
    "decided_on": "20/05/2025",
    "decline_reason": "no_consent",
}
WAITING_BEFORE = WAITING | {"referred_on": "12/03/2025"}
ACCEPTED_BEFORE = WAITING_BEFORE | {
    "decision": "accepted",
    "decided_on": "15/03/2025",
    "sessions_offered": "2",
    "sessions_attended": "2",
}

RULES = (
    Rule(
        id="REF-01",
        severity="reject",
        columns=DATES,
        test=dates_are_in_order,
        says=_(
            "No other date is before the referral; decision, first session and closure are in "
            "that order where given (contact may come before the decision)"
        ),
        message=_(
            "The dates of this referral are not in order: the referral before any other; then "
            "decided, first session, closed."
        ),
        fix=_(
            "Check every date of the row. First contact may come before the decision, "
            "and nothing may come before the referral."
        ),
        good=Example((CLOSED,)),
        bad=Example((CLOSED | {"first_session_on": "19/05/2025"},)),
    ),
    Rule(
        id="REF-02",
        severity="reject",
        columns=("sessions_attended", "sessions_offered"),
        test=attended_were_offered,
        says=_("Sessions attended is not above sessions offered"),
        message=_("More sessions were attended than were offered."),
        fix=_("Check both numbers: every session that was attended counts as offered."),
        good=Example((BEGUN | {"sessions_attended": "3"},)),
        bad=Example((BEGUN | {"sessions_attended": "4"},)),
    ),
    Rule(
        id="REF-03",
        severity="reject",
        columns=DATES,
        test=dated_by_quarter_end,
        says=_("No date is after the quarter ended"),
        message=_("A date of this referral is after the quarter ended."),
        fix=_("Check every date of the row. What came after the quarter goes in the next return."),
        good=Example((CLOSED | {"closed_on": "30/06/2025"},)),
        bad=Example((CLOSED | {"closed_on": "01/07/2025"},)),
    ),
    Rule(
        id="REF-04",
        severity="reject",
        columns=("first_session_on", "decision"),
        test=declined_has_no_session,
        says=_("A declined referral has no first session"),
        message=_("This referral was declined, and has a date of a first session."),
        fix=_("Correct the decision, or leave ‘First session on’ blank."),
        good=Example((DECLINED,)),
        bad=Example((DECLINED | {"first_session_on": "02/06/2025"},)),
    ),
    Rule(
        id="REF-05",
        severity="reject",
        columns=("child_key", "referral_ref"),
        test=keeps_its_child,
        says=_("A referral reference keeps its child key from return to return"),
        message=_("This referral reference belonged to another child key in an earlier return."),
        fix=_("Check the referral reference and the child key; a new referral gets a new one."),
        good=Example((ACCEPTED,), {"2024Q4": (WAITING_BEFORE,)}),
        bad=Example((ACCEPTED | {"child_key": "EXAMPRE0002T"},), {"2024Q4": (WAITING_BEFORE,)}),
        scope="earlier",
    ),
    Rule(
        id="REF-06",
        severity="explain",
        columns=("referral_ref", "decision", "closed_on"),
        test=open_one_is_here,
        says=_(
            "A referral that was open in the last return is in this one; open means waiting, or "
            "accepted and not closed (open + new - closed - declined adds up)"
        ),
        message=_("This referral was open in the last return and is not in this one."),
        fix=_("Add its row, closed or still open, or write why not on the Explanations sheet."),
        good=Example((ACCEPTED_BEFORE,), {"2024Q4": (WAITING_BEFORE,)}),
        bad=Example((ACCEPTED | {"referral_ref": "R002"},), {"2024Q4": (WAITING_BEFORE,)}),
        scope="earlier",
        per="record",
    ),
    Rule(
        id="REF-07",
        severity="explain",
        columns=("referral_ref", "sessions_offered", "sessions_attended", "closed_on"),
        test=goes_forward,
        says=_("Cumulative sessions do not fall, and a closed referral stays closed"),
        message=_(
            "Fewer sessions than in an earlier return, or a referral that was closed is open again."
        ),
        fix=_(
            "Sessions are counted since the referral. If the numbers are right, "
            "write why on the Explanations sheet."
        ),
        good=Example(
            (ACCEPTED_BEFORE | {"sessions_offered": "3"},), {"2024Q4": (ACCEPTED_BEFORE,)}
        ),
        bad=Example(
            (ACCEPTED_BEFORE | {"sessions_attended": "1"},), {"2024Q4": (ACCEPTED_BEFORE,)}
        ),
        scope="earlier",
    ),
    Rule(
        id="REF-08",
        severity="note",
        columns=("first_session_on", "decided_on", "decision", "referred_on", "closed_on"),
        test=first_session_is_soon,
        says=_(
            "The first session is within 30 days of acceptance, or the child has been waiting "
            "less than 30 days at the quarter’s end"
        ),
        message=_("This child has waited 30 days or more for a first session."),
        fix=_("Check the dates. If they are right, nothing needs doing."),
        good=Example((BEGUN, ACCEPTED | {"referral_ref": "R002", "decided_on": "01/06/2025"})),
        bad=Example((ACCEPTED | {"decided_on": "31/05/2025"},)),
    ),
    Rule(
        id="REF-09",
        severity="note",
        columns=("referred_on", "child_key", "decision", "decided_on", "closed_on"),
        test=one_open_at_a_time,
        says=_("A child has one open referral at a time"),
        message=_("This referral begins while an earlier one of the same child is open."),
        fix=_("Check whether both are one referral. If they are two, nothing needs doing."),
        good=Example((CLOSED, WAITING | {"referral_ref": "R002", "referred_on": "20/06/2025"})),
        bad=Example((CLOSED, WAITING | {"referral_ref": "R002", "referred_on": "19/06/2025"})),
    ),
    Rule(
        id="REF-10",
        severity="explain",
        columns=("sessions_attended", "first_session_on"),
        test=first_session_was_attended,
        says=_("A referral with a first session has at least one session attended"),
        message=_("There is a date of a first session, and no session was attended."),
        fix=_(
            "Correct the number or leave ‘First session on’ blank. If both are right, "
            "write why on the Explanations sheet."
        ),
        good=Example((BEGUN,)),
        bad=Example((BEGUN | {"sessions_attended": "0"},)),
    ),
)
