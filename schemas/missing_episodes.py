"""Missing episodes: when a child was reported missing and came back, and the return interview."""

import pandas as pd
import pandera.pandas as pa

from evaluation.language import _
from evaluation.nouns import Around, Example, Rule, When
from evaluation.returns.declaring import Moment, Words, code, flag, form, key, moment, ref
from evaluation.returns.holding import (
    apart,
    last_return,
    not_above,
    not_before,
    same,
    unless,
)
from schemas._codes import codes


class MissingEpisodes(pa.DataFrameModel):
    """One row is one missing episode of one child."""

    episode_ref: Words = ref(_("Episode reference"))
    child_key: Words = key(_("Child key"))
    reported_at: Moment = moment(_("Reported at"))
    returned_at: Moment = moment(
        _("Returned at"),
        need="may",
        about=_(
            "Blank means still missing when the return was made; "
            "it may lie after the quarter, analysis cuts it there"
        ),
    )
    local_authority: Words = code(
        _("Local authority"),
        codes("local_authority"),
        about=_("Where the child went missing from"),
    )
    missing_from: Words = code(_("Missing from"), codes("missing_from"), need="want")
    risk_first: Words = code(
        _("First risk grade"), codes("risk_grade"), about=_("Grade when first assessed")
    )
    risk_highest: Words = code(_("Highest risk grade"), codes("risk_grade"), need="want")
    harm: Words = flag(_("Came to harm"), need="want")
    interview: Words = code(
        _("Return interview"),
        codes("interview"),
        about=_("Return interview: not offered, offered, declined, done, not due"),
    )
    interview_offered_at: Moment = moment(_("Interview offered at"), need="may")
    interview_at: Moment = moment(_("Interview at"), need=When("interview", ("done",)))
    definition: Words = code(
        _("Recording definition"),
        codes("definition"),
        about=_("The recording definition in force; series break where it changes"),
    )


def unsettled(episodes: pd.DataFrame) -> pd.DataFrame:
    """The episodes that the next return has, too: still open, or with the interview outstanding."""
    outstanding = episodes["interview"].isin(["not_offered", "offered"])
    return episodes[episodes["returned_at"].isna() | outstanding]


def returned_after_reported(episodes: pd.DataFrame, _around: Around) -> pd.Series:
    """MIS-01."""
    return unless(episodes["returned_at"] <= episodes["reported_at"])


def reported_by_quarter_end(episodes: pd.DataFrame, around: Around) -> pd.Series:
    """MIS-02."""
    return not_above(episodes["reported_on"], pd.Timestamp(around.quarter.last_day))


def interviewed_after_return(episodes: pd.DataFrame, _around: Around) -> pd.Series:
    """MIS-03."""
    return not_before(episodes["interview_at"], episodes["returned_at"])


def lasts_less_than_28_days(episodes: pd.DataFrame, _around: Around) -> pd.Series:
    """MIS-04. An episode that goes on has no length yet."""
    return unless(episodes["returned_at"] - episodes["reported_at"] >= pd.Timedelta(days=28))


def does_not_overlap(episodes: pd.DataFrame, _around: Around) -> pd.Series:
    """MIS-05. An episode that goes on overlaps all later ones of the child."""
    return apart(episodes["child_key"], episodes["reported_at"], episodes["returned_at"])


def open_one_is_here(episodes: pd.DataFrame, around: Around) -> pd.Series | None:
    """MIS-06. One row is one episode that was open in the last return."""
    last = last_return(around)
    if last is None:
        return None
    were_open = last.loc[last["returned_at"].isna(), "episode_ref"]
    return pd.Series(were_open.isin(episodes["episode_ref"]).to_numpy(), index=were_open)


def neither_vanished_nor_swapped(episodes: pd.DataFrame, around: Around) -> pd.Series | None:
    """MIS-07. One row is one episode of an earlier return, this quarter's former one included.

    An episode has vanished if the return that this one replaces had it. Closed episodes of
    earlier quarters are not sent again, and those that were open are the matter of MIS-06.
    """
    earlier = around.earlier.get(around.form)
    if earlier is None or earlier.empty:
        return None
    before = earlier.sort_values("quarter", kind="stable").drop_duplicates(
        "episode_ref", keep="last"
    )
    now = before["episode_ref"].map(episodes.set_index("episode_ref")["child_key"])
    is_here = before["episode_ref"].isin(episodes["episode_ref"])
    replaced = before["quarter"] == str(around.quarter)
    holds = (is_here | ~replaced) & same(now, before["child_key"])
    return pd.Series(holds.to_numpy(), index=before["episode_ref"])


def highest_is_not_below_first(episodes: pd.DataFrame, _around: Around) -> pd.Series:
    """MIS-08."""
    order = {grade: place for place, grade in enumerate(codes("risk_grade").values)}
    return not_before(episodes["risk_highest"].map(order), episodes["risk_first"].map(order))


EPISODE = {
    "episode_ref": "M001",
    "child_key": "EXAMPRE0001W",
    "reported_at": "01/05/2025 21:30",
    "returned_at": "02/05/2025 08:00",
}
THE_NEXT = EPISODE | {
    "episode_ref": "M002",
    "reported_at": "02/05/2025 08:00",
    "returned_at": "02/05/2025 12:00",
}
STILL_MISSING = EPISODE | {"returned_at": ""}
AN_EARLIER_ONE = EPISODE | {"reported_at": "01/03/2025 21:30", "returned_at": "02/03/2025 08:00"}
STILL_MISSING_THEN = AN_EARLIER_ONE | {"returned_at": ""}

RULES = (
    Rule(
        id="MIS-01",
        severity="reject",
        columns=("returned_at", "reported_at"),
        test=returned_after_reported,
        says=_("Returned at is after reported at"),
        message=_("‘Returned at’ is not after ‘Reported at’."),
        fix=_("Check both times. If the child is still missing, leave ‘Returned at’ blank."),
        good=Example((EPISODE,)),
        bad=Example((EPISODE | {"returned_at": "01/05/2025 20:00"},)),
    ),
    Rule(
        id="MIS-02",
        severity="reject",
        columns=("reported_at",),
        test=reported_by_quarter_end,
        says=_("Reported at is not after the quarter ended"),
        message=_("This episode was reported after the quarter ended."),
        fix=_("Check the date. If it is right, send this episode with the next return."),
        good=Example((STILL_MISSING | {"reported_at": "30/06/2025 23:59"},)),
        bad=Example((STILL_MISSING | {"reported_at": "01/07/2025 00:00"},)),
    ),
    Rule(
        id="MIS-03",
        severity="reject",
        columns=("interview_at", "returned_at"),
        test=interviewed_after_return,
        says=_("Interview at is not before returned at"),
        message=_("‘Interview at’ is before ‘Returned at’."),
        fix=_("Check both times: the return interview comes after the child is back."),
        good=Example((EPISODE | {"interview": "done", "interview_at": "03/05/2025 10:00"},)),
        bad=Example((EPISODE | {"interview": "done", "interview_at": "01/05/2025 23:00"},)),
    ),
    Rule(
        id="MIS-04",
        severity="explain",
        columns=("returned_at", "reported_at"),
        test=lasts_less_than_28_days,
        says=_("An episode lasts less than 28 days"),
        message=_("This episode lasted 28 days or more."),
        fix=_("Check both times. If they are right, write why on the Explanations sheet."),
        good=Example((EPISODE | {"returned_at": "29/05/2025 21:29"},)),
        bad=Example((EPISODE | {"returned_at": "29/05/2025 21:30"},)),
    ),
    Rule(
        id="MIS-05",
        severity="note",
        columns=("reported_at", "returned_at", "child_key"),
        test=does_not_overlap,
        says=_("Episodes of one child do not overlap; overlaps are merged for analysis"),
        message=_("This episode begins before an earlier one of the same child has ended."),
        fix=_("Check the times of both. If they are right, nothing needs doing: they are merged."),
        good=Example((EPISODE, THE_NEXT)),
        bad=Example((EPISODE, THE_NEXT | {"reported_at": "02/05/2025 07:59"})),
    ),
    Rule(
        id="MIS-06",
        severity="explain",
        columns=("episode_ref",),
        test=open_one_is_here,
        says=_("An episode that was open in the last return is in this one, closed or still open"),
        message=_("This episode was open in the last return and is not in this one."),
        fix=_("Add its row, closed or still open, or write why not on the Explanations sheet."),
        good=Example((AN_EARLIER_ONE,), {"2024Q4": (STILL_MISSING_THEN,)}),
        bad=Example((EPISODE | {"episode_ref": "M002"},), {"2024Q4": (STILL_MISSING_THEN,)}),
        scope="earlier",
        per="record",
    ),
    Rule(
        id="MIS-07",
        severity="explain",
        columns=("episode_ref", "child_key"),
        test=neither_vanished_nor_swapped,
        says=_("An episode in an earlier return has not vanished or changed its child"),
        message=_("This episode was in an earlier return, and has vanished or changed its child."),
        fix=_(
            "Check the episode reference and the child key. If the change is right, "
            "write why on the Explanations sheet."
        ),
        good=Example((EPISODE,), {"2024Q4": (AN_EARLIER_ONE,), "2025Q1": (EPISODE,)}),
        bad=Example((EPISODE | {"child_key": "EXAMPRE0002T"},), {"2024Q4": (AN_EARLIER_ONE,)}),
        scope="earlier",
        per="record",
    ),
    Rule(
        id="MIS-08",
        severity="note",
        columns=("risk_highest", "risk_first"),
        test=highest_is_not_below_first,
        says=_("The highest risk grade is not below the first"),
        message=_("The highest risk grade is below the first one."),
        fix=_("Check both grades: the highest is at least the first."),
        good=Example((EPISODE | {"risk_first": "medium", "risk_highest": "high"},)),
        bad=Example((EPISODE | {"risk_first": "medium", "risk_highest": "low"},)),
    ),
)

FORM = form(
    MissingEpisodes,
    name="missing_episodes",
    title=_("Missing episodes"),
    one_row_is=_(
        "One missing episode of one child, reported in the quarter, or still open "
        "or with its interview outstanding at the quarter’s start"
    ),
    sent_by=_("The police"),
    key=("episode_ref",),
    rules=RULES,
    carries=unsettled,
)
