"""School closures: the days on which each school is closed to pupils."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule
from evaluation.returns.declaring import Day, Words, code, date, form, ref
from evaluation.returns.holding import not_before, unless
from schemas._codes import codes


class SchoolClosures(pa.DataFrameModel):
    """One row is one run of days on which one school is closed to pupils."""

    school_ref: Words = ref(_("School number"), about=_("The official school number"))
    local_authority: Words = code(_("Local authority"), codes("local_authority"))
    from_on: Day = date(_("First day closed"))
    to_on: Day = date(_("Last day closed"))
    kind: Words = code(
        _("Kind of closure"),
        codes("closure_kind"),
        about=_("Holiday, INSET day, other; weekends and Welsh bank holidays need no row"),
    )


def academic_year(days: pd.Series) -> pd.Series:
    """The year in which each day's academic year began, on 1 September."""
    return (days - pd.DateOffset(months=8)).dt.year


def ends_after_it_begins(closures: pd.DataFrame, _around: Around) -> pd.Series:
    """SCH-01."""
    return not_before(closures["to_on"], closures["from_on"])


def is_at_most_60_days(closures: pd.DataFrame, _around: Around) -> pd.Series:
    """SCH-02. Both the first and the last day count."""
    return unless(closures["to_on"] - closures["from_on"] >= pd.Timedelta(days=60))


CLOSURE = {
    "school_ref": "9990101",
    "from_on": "26/05/2025",
    "to_on": "30/05/2025",
    "kind": "holiday",
}
SUMMER = CLOSURE | {"from_on": "03/07/2025", "to_on": "31/08/2025"}

RULES = (
    Rule(
        id="SCH-01",
        severity="reject",
        columns=("to_on", "from_on"),
        test=ends_after_it_begins,
        says=_("The last day closed is not before the first"),
        message=_("‘Last day closed’ is before ‘First day closed’."),
        fix=_("Check both dates; where one day is closed, they are the same."),
        good=Example((CLOSURE | {"to_on": "26/05/2025"},)),
        bad=Example((CLOSURE | {"to_on": "25/05/2025"},)),
    ),
    Rule(
        id="SCH-02",
        severity="explain",
        columns=("to_on", "from_on"),
        test=is_at_most_60_days,
        says=_("A run is at most 60 days"),
        message=_("This school is closed for more than 60 days on end."),
        fix=_("Check both dates. If they are right, write why on the Explanations sheet."),
        good=Example((SUMMER,)),
        bad=Example((SUMMER | {"from_on": "02/07/2025"},)),
    ),
)

FORM = form(
    SchoolClosures,
    name="school_closures",
    title=_("School closures"),
    one_row_is=_("One run of days on which one school is closed to pupils"),
    sent_by=_("The local authority (education)"),
    key=("school_ref", "from_on"),
    rules=RULES,
)
