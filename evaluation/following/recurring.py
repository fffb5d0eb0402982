"""Time at risk as models of recurring events want it: an event or none a row, its number, its gap."""

from __future__ import annotations

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import AtRisk


def recurring(at_risk: AtRisk, *, most: int | None = None) -> AtRisk:
    """Lay time at risk out for Andersen-Gill and Prentice-Williams-Peterson models.

    One row is one (start, stop] of `at_risk`, in the order of child and day, with these beside it:

        event        1 where an event falls on day stop, otherwise 0
        enum         the number of the event that the child is at risk of: days with an event
                     before, and 1; no more than `most`, so that the last stratum pools those
                     who have come as far as that
        gap_start    start and stop counted from when the child came to be at risk of it:
        gap_stop     from time zero for the first event; for a later one from the first day at
                     risk after the event before

    Several events of a child on one day are one here, because the day is the unit of time: the
    order within it is not known, and a model of one event a row cannot hold two. `events` keeps
    their number and `changed` counts 'events_on_a_day_that_had_one'; models of counts use them
    all. Time away within a gap is no time at risk, and the clock of the gap runs on.

    Raises WrongUse where `most` is less than 1.
    Source: Prentice, Williams & Peterson (1981), Biometrika 68:373; Therneau & Grambsch (2000),
    chapter 8.

    >>> import pandas as pd
    >>> from evaluation.following import at_risk_table
    >>> children = pd.DataFrame({"child_key": ["A"], "time_zero": ["2025-03-01"],
    ...                          "followed_to": ["2025-03-21"]})
    >>> episodes = pd.DataFrame({"child_key": ["A"], "started_on": ["2025-03-06"],
    ...                          "ended_on": ["2025-03-09"]})
    >>> recurring(at_risk_table(children, episodes)).rows[
    ...     ["start", "stop", "event", "enum", "gap_start", "gap_stop"]]
       start  stop  event  enum  gap_start  gap_stop
    0      0     5      1     1          0         5
    1      7    20      0     2          0        13
    """
    if most is not None and most < 1:
        raise WrongUse(_("`most` is the number of the last stratum: 1 or more."))
    rows = at_risk.rows.sort_values(["child_key", "start"], ignore_index=True)
    event = (rows["events"] > 0).astype("int64")
    before = event.groupby(rows["child_key"]).cumsum() - event
    origin = (
        rows["start"].groupby([rows["child_key"], before]).transform("min").where(before > 0, 0)
    )
    return AtRisk(
        rows=rows.assign(
            event=event,
            enum=(before + 1).clip(upper=most),
            gap_start=rows["start"] - origin,
            gap_stop=rows["stop"] - origin,
        ),
        changed={
            **at_risk.changed,
            "events_on_a_day_that_had_one": int((rows["events"] - event).sum()),
        },
        away_removed=at_risk.away_removed,
    )


def first_only(at_risk: AtRisk) -> AtRisk:
    """Keep each child's time at risk up to its first event, for models of the first alone.

    One row is one (start, stop] until the first day with an event, with `event` (0 or 1) beside
    it. What comes later is left out and counted in `changed`: 'events_after_the_first' (those
    on the same day among them) and 'days_after_the_first'.
    """
    numbered = recurring(at_risk)
    rows = numbered.rows
    first = rows["enum"] == 1
    later = rows[~first]
    kept = rows[first].drop(columns=["enum", "gap_start", "gap_stop"]).reset_index(drop=True)
    return AtRisk(
        rows=kept,
        changed={
            **at_risk.changed,
            "events_after_the_first": int(rows["events"].sum() - kept["event"].sum()),
            "days_after_the_first": int((later["stop"] - later["start"]).sum()),
        },
        away_removed=at_risk.away_removed,
    )
