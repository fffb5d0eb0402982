"""Decisions of the weekly missing meeting."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule, When
from evaluation.quarters import Quarter
from evaluation.returns.declaring import Day, Words, code, date, form, key
from evaluation.returns.holding import not_above, not_before
from schemas._codes import codes


class MeetingDecisions(pa.DataFrameModel):
    """One row is one decision about one child at one meeting."""

    child_key: Words = key(_("Child key"))
    met_on: Day = date(_("Met on"))
    local_authority: Words = code(_("Local authority"), codes("local_authority"))
    decision: Words = code(
        _("Decision"),
        codes("meeting_decision"),
        about=_(
            "Refer to St Giles, refer to Positive Futures, refer elsewhere, "
            "no referral, already supported"
        ),
    )
    reason_not_referred: Words = code(
        _("Reason not referred"),
        codes("reason_not_referred"),
        need=When("decision", ("no_referral",)),
    )


SERVICES = {
    "refer_st_giles": "st_giles_referrals",
    "refer_positive_futures": "positive_futures_referrals",
}
"""The form in which the child then appears."""


def met_in_the_quarter(decisions: pd.DataFrame, around: Around) -> pd.Series:
    """MEE-01."""
    first, last = around.quarter.first_day, around.quarter.last_day
    met_on = decisions["met_on"]
    return not_before(met_on, pd.Timestamp(first)) & not_above(met_on, pd.Timestamp(last))


def appears_in_the_service(decisions: pd.DataFrame, around: Around) -> pd.Series:
    """MEE-02. Undecided, and so True, until the service has sent both quarters' returns.

    A service that has never sent anything is undecided too; `reads` tells of it.
    """
    arrived = {(form, str(quarter)) for _, form, quarter in around.arrived}
    holds = pd.Series(data=True, index=decisions.index)
    for decision, service in SERVICES.items():
        referrals = around.tables.get(service)
        for quarter in decisions["quarter"].unique():
            both = (quarter, str(Quarter.parse(quarter) + 1))
            sent = arrived.issuperset((service, each) for each in both)
            if sent and referrals is not None:
                known = referrals.loc[referrals["quarter"].isin(both), "child_key"]
                asked = (decisions["decision"] == decision) & (decisions["quarter"] == quarter)
                holds &= ~asked | decisions["child_key"].isin(known)
    return holds


DECISION = {"child_key": "EXAMPRE0001W", "met_on": "06/05/2025", "decision": "refer_st_giles"}
ELSEWHERE = DECISION | {"child_key": "EXAMPRE0002T", "decision": "refer_positive_futures"}
REFERRAL = {"referral_ref": "R001", "child_key": "EXAMPRE0001W"}

RULES = (
    Rule(
        id="MEE-01",
        severity="reject",
        columns=("met_on",),
        test=met_in_the_quarter,
        says=_("Met on lies in the quarter"),
        message=_("This meeting was not in the quarter of the return."),
        fix=_("Check the date. If it is right, send this decision with its own quarter’s return."),
        good=Example((DECISION,)),
        bad=Example((DECISION | {"met_on": "31/03/2025"},)),
    ),
    Rule(
        id="MEE-02",
        severity="explain",
        columns=("child_key", "met_on", "decision"),
        test=appears_in_the_service,
        says=_(
            "A child referred to a service appears in that service’s return "
            "of this quarter or the next"
        ),
        message=_("This child was referred to a service and is not in that service’s returns."),
        fix=_("Ask the service whether the referral reached it, and under which child key."),
        good=Example(
            (DECISION, ELSEWHERE),
            tables={
                "st_giles_referrals": (REFERRAL,),
                "positive_futures_referrals": (REFERRAL | {"child_key": "EXAMPRE0002T"},),
            },
        ),
        bad=Example(
            (DECISION, ELSEWHERE),
            tables={
                "st_giles_referrals": (REFERRAL,),
                "positive_futures_referrals": (REFERRAL,),
            },
        ),
        scope="snapshot",
        reads=tuple(SERVICES.values()),
    ),
)

FORM = form(
    MeetingDecisions,
    name="meeting_decisions",
    title=_("Meeting decisions"),
    one_row_is=_(
        "One decision about one child at one meeting "
        "(a child referred to two services has two rows)"
    ),
    sent_by=_("The weekly missing meeting"),
    key=("child_key", "met_on", "decision"),
    rules=RULES,
)
