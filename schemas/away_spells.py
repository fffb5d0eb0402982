"""Away spells: when a child could not go missing, or could not be observed."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule
from evaluation.returns.declaring import Day, Words, code, date, form, key
from evaluation.returns.holding import apart, not_before
from schemas._codes import codes


class AwaySpells(pa.DataFrameModel):
    """One row is one spell of one child."""

    child_key: Words = key(_("Child key"))
    from_on: Day = date(_("First day away"))
    to_on: Day = date(
        _("Last day away"),
        need="may",
        about=_("Blank means it goes on; it is then told again in the next return"),
    )
    reason: Words = code(
        _("Reason away"),
        codes("away_reason"),
        about=_("Custody, secure accommodation, hospital, out of area"),
    )


def still_away(spells: pd.DataFrame) -> pd.DataFrame:
    """The spells that the next return tells again."""
    return spells[spells["to_on"].isna()]


def ends_after_it_begins(spells: pd.DataFrame, _around: Around) -> pd.Series:
    """AWA-01."""
    return not_before(spells["to_on"], spells["from_on"])


def does_not_overlap(spells: pd.DataFrame, _around: Around) -> pd.Series:
    """AWA-02. One spell may begin on the day on which another ends."""
    return apart(spells["child_key"], spells["from_on"], spells["to_on"])


SPELL = {
    "child_key": "EXAMPRE0001W",
    "from_on": "06/05/2025",
    "to_on": "20/05/2025",
    "reason": "hospital",
}
THE_NEXT = SPELL | {"from_on": "20/05/2025", "to_on": "", "reason": "secure"}

RULES = (
    Rule(
        id="AWA-01",
        severity="reject",
        columns=("to_on", "from_on"),
        test=ends_after_it_begins,
        says=_("The last day away is not before the first"),
        message=_("‘Last day away’ is before ‘First day away’."),
        fix=_("Check both dates. If the child is still away, leave ‘Last day away’ blank."),
        good=Example((SPELL | {"to_on": "06/05/2025"},)),
        bad=Example((SPELL | {"to_on": "05/05/2025"},)),
    ),
    Rule(
        id="AWA-02",
        severity="explain",
        columns=("from_on", "to_on", "child_key"),
        test=does_not_overlap,
        says=_("Spells of one child do not overlap"),
        message=_("This spell begins before an earlier one of the same child has ended."),
        fix=_("Check the dates of both. If they are right, write why on the Explanations sheet."),
        good=Example((SPELL, THE_NEXT)),
        bad=Example((SPELL, THE_NEXT | {"from_on": "19/05/2025"})),
    ),
)

FORM = form(
    AwaySpells,
    name="away_spells",
    title=_("Away spells"),
    one_row_is=_("One spell in which a child could not go missing or could not be observed"),
    sent_by=_("The data controller: the police, or the local authority"),
    key=("child_key", "from_on"),
    rules=RULES,
    carries=still_away,
)
