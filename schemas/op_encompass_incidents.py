"""Operation Encompass: children at domestic-abuse incidents, and whether the school was told."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule, When
from evaluation.returns.declaring import Moment, Words, code, flag, form, key, moment, ref
from evaluation.returns.holding import not_above, not_before, unless
from schemas._codes import codes
from schemas.school_closures import academic_year


class OpEncompassIncidents(pa.DataFrameModel):
    """One row is one child at one incident that ought to be notified, notified or not."""

    incident_ref: Words = ref(_("Incident reference"))
    child_key: Words = key(_("Child key"))
    incident_at: Moment = moment(_("Incident at"))
    recorded_at: Moment = moment(_("Recorded at"), need="want")
    local_authority: Words = code(_("Local authority"), codes("local_authority"))
    school_ref: Words = ref(
        _("School number"),
        need=When("outcome", ("notified", "not_sent"), otherwise="may"),
        about=_("The official school number"),
    )
    child_present: Words = flag(_("Child present"), need="want")
    outcome: Words = code(
        _("Notification"),
        codes("notification_outcome"),
        about=_(
            "Notified, sent to the authority (home educated), no school known, not sent, not due"
        ),
    )
    notified_at: Moment = moment(_("Notified at"), need=When("outcome", ("notified", "authority")))


def notified_after_the_incident(incidents: pd.DataFrame, _around: Around) -> pd.Series:
    """ENC-01."""
    return not_before(incidents["notified_at"], incidents["incident_at"])


def happened_by_quarter_end(incidents: pd.DataFrame, around: Around) -> pd.Series:
    """ENC-02."""
    return not_above(incidents["incident_on"], pd.Timestamp(around.quarter.last_day))


def notified_within_28_days(incidents: pd.DataFrame, _around: Around) -> pd.Series:
    """ENC-03."""
    took = incidents["notified_at"] - incidents["incident_at"]
    return unless(took > pd.Timedelta(days=28))


def school_has_a_calendar(incidents: pd.DataFrame, around: Around) -> pd.Series:
    """ENC-04. One row is one school in one academic year: '9990101 2024/25'.

    A school has a calendar if one closure begins in that year; every school has holidays.
    """
    closures = around.tables["school_closures"]
    wanted = _school_years(incidents["school_ref"], incidents["incident_on"])
    known = _school_years(closures["school_ref"], closures["from_on"])
    return pd.Series(wanted.isin(known).to_numpy(), index=wanted, dtype=bool)


def _school_years(schools: pd.Series, days: pd.Series) -> pd.Series:
    """Each school and academic year that there is, once."""
    rows = pd.DataFrame({"school": schools, "year": academic_year(days)}).dropna()
    year = rows["year"].astype(int)  # a missing day made it a decimal
    ends = ((year + 1) % 100).astype(str).str.zfill(2)
    return (rows["school"] + " " + year.astype(str) + "/" + ends).drop_duplicates()


INCIDENT = {
    "incident_ref": "D001",
    "child_key": "EXAMPRE0001W",
    "incident_at": "06/05/2025 21:30",
    "recorded_at": "06/05/2025 23:05",
    "school_ref": "9990101",
    "outcome": "notified",
    "notified_at": "07/05/2025 08:15",
}
CLOSURE = {"school_ref": "9990101", "from_on": "26/05/2025", "to_on": "30/05/2025"}

RULES = (
    Rule(
        id="ENC-01",
        severity="reject",
        columns=("notified_at", "incident_at"),
        test=notified_after_the_incident,
        says=_("Notified at is not before incident at"),
        message=_("‘Notified at’ is before ‘Incident at’."),
        fix=_("Check both times and correct the one that is wrong."),
        good=Example((INCIDENT | {"notified_at": "06/05/2025 21:30"},)),
        bad=Example((INCIDENT | {"notified_at": "06/05/2025 21:29"},)),
    ),
    Rule(
        id="ENC-02",
        severity="reject",
        columns=("incident_at",),
        test=happened_by_quarter_end,
        says=_("Incident at is not after the quarter ended"),
        message=_("This incident was after the quarter ended."),
        fix=_("Check the date. If it is right, send this incident with the next return."),
        good=Example(
            (INCIDENT | {"incident_at": "30/06/2025 23:59", "notified_at": "01/07/2025 08:00"},)
        ),
        bad=Example(
            (INCIDENT | {"incident_at": "01/07/2025 00:00", "notified_at": "01/07/2025 08:00"},)
        ),
    ),
    Rule(
        id="ENC-03",
        severity="explain",
        columns=("notified_at", "incident_at"),
        test=notified_within_28_days,
        says=_("Notified at is within 28 days of incident at"),
        message=_("The school or the authority was notified more than 28 days after the incident."),
        fix=_("Check both times. If they are right, write why on the Explanations sheet."),
        good=Example((INCIDENT | {"notified_at": "03/06/2025 21:30"},)),
        bad=Example((INCIDENT | {"notified_at": "03/06/2025 21:31"},)),
    ),
    Rule(
        id="ENC-04",
        severity="note",
        columns=("school_ref", "incident_at"),
        test=school_has_a_calendar,
        says=_("The school has a calendar for the academic year"),
        message=_("No closures of this school are known for the academic year of an incident."),
        fix=_("Ask its local authority for the calendar, or check the school number."),
        good=Example((INCIDENT,), tables={"school_closures": (CLOSURE,)}),
        bad=Example(
            (INCIDENT,), tables={"school_closures": (CLOSURE | {"school_ref": "9990102"},)}
        ),
        scope="snapshot",
        per="record",
        reads=("school_closures",),
    ),
)

FORM = form(
    OpEncompassIncidents,
    name="op_encompass_incidents",
    title=_("Op Encompass incidents"),
    one_row_is=_(
        "One child at one domestic-abuse incident that ought to be notified, notified or not"
    ),
    sent_by=_("The police"),
    key=("incident_ref", "child_key"),
    rules=RULES,
)
