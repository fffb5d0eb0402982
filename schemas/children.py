"""Children: who they are, as known at the end of the quarter."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule, When
from evaluation.returns.declaring import Day, Words, code, date, flag, form, key, month
from evaluation.returns.holding import earlier_returns, last_known, not_before, same, unless
from schemas._codes import codes


class Children(pa.DataFrameModel):
    """One row is one child known to any of the services."""

    child_key: Words = key(_("Child key"))
    birth_month: Day = month(_("Month of birth"), about=_("Month and year of birth; never the day"))
    sex: Words = code(_("Sex"), codes("sex"))
    ethnicity: Words = code(
        _("Ethnicity"),
        codes("ethnicity"),
        need="want",
        about=_("Police 18+1 or Census 2021 answers; reported in five groups and not stated"),
    )
    local_authority: Words = code(
        _("Local authority"),
        codes("local_authority"),
        about=_("The authority responsible for the child"),
    )
    care_status: Words = code(
        _("Care status"),
        codes("care_status"),
        about=_("Not looked after, looked after here, or looked after by another authority"),
    )
    disability: Words = flag(_("Disability"), need="want")
    language: Words = code(
        _("Preferred language"),
        codes("language"),
        need="want",
        about=_("Language that the child prefers for services"),
    )
    domestic_abuse: Words = flag(
        _("Domestic abuse"), need="want", about=_("Known to have lived with domestic abuse")
    )
    exclusion: Words = code(
        _("Exclusion from school"),
        codes("exclusion"),
        need="want",
        about=_("Worst exclusion in the 12 months before the quarter ended"),
    )
    history_from: Day = date(
        _("History from"),
        about=_("Missing episodes of this child are complete from this date on"),
        past=True,
    )
    followed_to: Day = date(
        _("Followed to"),
        need="may",
        about=_("Date from which the child can no longer be observed"),
    )
    followed_to_reason: Words = code(
        _("Why followed no longer"), codes("exit_reason"), need=When("followed_to")
    )


def leaves_after_history_begins(children: pd.DataFrame, _around: Around) -> pd.Series:
    """CHI-01."""
    return not_before(children["followed_to"], children["history_from"])


def is_of_age(children: pd.DataFrame, around: Around) -> pd.Series:
    """CHI-02. Only the month of birth is known: 5 from its first day, 18 after its last."""
    born = children["birth_month"]
    began = around.quarter.first_day
    months = (began.year - born.dt.year) * 12 + began.month - born.dt.month
    return unless((months < 5 * 12) | (months > 18 * 12))


def stays_the_same(children: pd.DataFrame, around: Around) -> pd.Series | None:
    """CHI-03."""
    before = earlier_returns(around)
    if before is None:
        return None
    alike = pd.DataFrame(
        {
            column: same(children[column], last_known(children, before, "child_key", column))
            for column in ("birth_month", "sex", "ethnicity")
        }
    )
    return alike.all(axis="columns")


CHILD = {"child_key": "EXAMPRE0001W", "birth_month": "2010-06", "history_from": "01/04/2024"}

RULES = (
    Rule(
        id="CHI-01",
        severity="reject",
        columns=("followed_to", "history_from"),
        test=leaves_after_history_begins,
        says=_("Followed to is not before history from"),
        message=_("‘Followed to’ is before ‘History from’."),
        fix=_("Check both dates and correct the one that is wrong."),
        good=Example((CHILD | {"followed_to": "15/05/2025", "followed_to_reason": "moved"},)),
        bad=Example((CHILD | {"followed_to": "31/03/2024", "followed_to_reason": "moved"},)),
    ),
    Rule(
        id="CHI-02",
        severity="note",
        columns=("birth_month",),
        test=is_of_age,
        says=_("The child was at least 5 and under 18 when the quarter began"),
        message=_("This child was younger than 5, or 18 or older, when the quarter began."),
        fix=_("Check the month of birth. If it is right, nothing needs doing."),
        good=Example((CHILD,)),
        bad=Example((CHILD | {"birth_month": "2007-03"},)),
    ),
    Rule(
        id="CHI-03",
        severity="explain",
        columns=("child_key", "birth_month", "sex", "ethnicity"),
        test=stays_the_same,
        says=_("Month of birth, sex and ethnicity do not change from an earlier return"),
        message=_("The month of birth, the sex or the ethnicity differs from an earlier return."),
        fix=_(
            "Check that the child key belongs to this child. If the change is right, "
            "write why on the Explanations sheet."
        ),
        good=Example((CHILD | {"sex": "female"},), {"2024Q4": (CHILD | {"sex": "female"},)}),
        bad=Example((CHILD | {"sex": "female"},), {"2024Q4": (CHILD | {"sex": "male"},)}),
        scope="earlier",
    ),
)

FORM = form(
    Children,
    name="children",
    title=_("Children"),
    one_row_is=_("A child known to any of the services, as known at the end of the quarter"),
    sent_by=_("The data controller: the police, or the local authority"),
    key=("child_key",),
    rules=RULES,
)
