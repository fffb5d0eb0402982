"""Open-access sessions of Positive Futures: heads are counted, and nobody is identified."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule
from evaluation.returns.declaring import Day, Whole, Words, code, date, flag, form, ref, whole
from evaluation.returns.holding import not_above, not_before, unless
from schemas._codes import codes


class PositiveFuturesSessions(pa.DataFrameModel):
    """One row is one open-access session."""

    session_ref: Words = ref(_("Session reference"))
    held_on: Day = date(_("Held on"))
    local_authority: Words = code(_("Local authority"), codes("local_authority"))
    venue_ref: Words = ref(_("Venue reference"))
    activity: Words = code(_("Activity"), codes("activity"))
    minutes: Whole = whole(_("Minutes"))
    attendances: Whole = whole(
        _("Attendances"),
        about=_("Heads counted; a child who comes to ten sessions is ten attendances"),
    )
    first_attendances: Whole = whole(_("First attendances"), need="want")
    cancelled: Words = flag(_("Cancelled"))


def held_in_the_quarter(sessions: pd.DataFrame, around: Around) -> pd.Series:
    """SES-01."""
    first, last = around.quarter.first_day, around.quarter.last_day
    held_on = sessions["held_on"]
    return not_before(held_on, pd.Timestamp(first)) & not_above(held_on, pd.Timestamp(last))


def first_ones_are_attendances(sessions: pd.DataFrame, _around: Around) -> pd.Series:
    """SES-02."""
    return not_above(sessions["first_attendances"], sessions["attendances"])


def nobody_came_to_a_cancelled_one(sessions: pd.DataFrame, _around: Around) -> pd.Series:
    """SES-03."""
    return unless((sessions["cancelled"] == "yes") & (sessions["attendances"] > 0))


def is_of_usual_size(sessions: pd.DataFrame, _around: Around) -> pd.Series:
    """SES-04. A cancelled session may have lasted no minutes."""
    minutes = sessions["minutes"]
    none = (sessions["cancelled"] == "yes") & (minutes == 0)
    unusual = ((minutes < 15) & ~none) | (minutes > 480) | (sessions["attendances"] > 200)
    return unless(unusual)


SESSION = {
    "session_ref": "S001",
    "held_on": "06/05/2025",
    "venue_ref": "V01",
    "activity": "football",
    "minutes": "90",
    "attendances": "24",
    "first_attendances": "3",
    "cancelled": "no",
}
CANCELLED = SESSION | {"attendances": "0", "first_attendances": "0", "cancelled": "yes"}

RULES = (
    Rule(
        id="SES-01",
        severity="reject",
        columns=("held_on",),
        test=held_in_the_quarter,
        says=_("Held on lies in the quarter"),
        message=_("This session was not in the quarter of the return."),
        fix=_("Check the date. If it is right, send this session with its own quarter’s return."),
        good=Example((SESSION | {"held_on": "01/04/2025"},)),
        bad=Example((SESSION | {"held_on": "31/03/2025"},)),
    ),
    Rule(
        id="SES-02",
        severity="reject",
        columns=("first_attendances", "attendances"),
        test=first_ones_are_attendances,
        says=_("First attendances is not above attendances"),
        message=_("There were more first attendances than attendances."),
        fix=_("Check both numbers: everyone who came for the first time is an attendance."),
        good=Example((SESSION | {"first_attendances": "24"},)),
        bad=Example((SESSION | {"first_attendances": "25"},)),
    ),
    Rule(
        id="SES-03",
        severity="reject",
        columns=("attendances", "cancelled"),
        test=nobody_came_to_a_cancelled_one,
        says=_("A cancelled session has no attendances"),
        message=_("This session was cancelled, and has attendances."),
        fix=_("Write 0 for ‘Attendances’ and ‘First attendances’, or correct ‘Cancelled’."),
        good=Example((CANCELLED,)),
        bad=Example((CANCELLED | {"attendances": "24"},)),
    ),
    Rule(
        id="SES-04",
        severity="explain",
        columns=("minutes", "attendances", "cancelled"),
        test=is_of_usual_size,
        says=_("Minutes are 15 to 480 and attendances at most 200"),
        message=_("This session lasted less than 15 or more than 480 minutes, or over 200 came."),
        fix=_("Check both numbers. If they are right, write why on the Explanations sheet."),
        good=Example((SESSION | {"minutes": "480", "attendances": "200"},)),
        bad=Example((SESSION | {"minutes": "600"},)),
    ),
)

FORM = form(
    PositiveFuturesSessions,
    name="positive_futures_sessions",
    title=_("Positive Futures sessions"),
    one_row_is=_("One open-access session; nobody who came is identified"),
    sent_by=_("Positive Futures"),
    key=("session_ref",),
    rules=RULES,
)
