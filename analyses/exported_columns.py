"""The dictionary of an export: what each column of each table means. Read by evaluators, in English."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `unit` is empty where it has none; `missing` says what a blank means."""

    name: str
    kind: str
    about: str
    unit: str = ""
    missing: str = "never"


@dataclass(frozen=True, slots=True)
class Exported:
    """One table: what one row is, and its columns in order."""

    name: str
    one_row_is: str
    columns: tuple[Column, ...]


_KEY = Column("child_key", "text", "The child's pseudonym, as the data controller made it.")
_ARM = Column("arm", "text", "'referred' or 'not_referred' at time zero; never by what came later.")
_ZERO = Column("time_zero", "date", "The first meeting at which the child met the trigger: day 0.")
_NO_ROW = "no children return ever told of the child"

COHORT = Exported(
    "cohort",
    "one child compared: discussed, met the trigger, and left out by no exclusion",
    (
        _KEY,
        _ARM,
        _ZERO,
        Column("followed_to", "date", "The last day on which the child can be observed."),
        Column(
            "ended_by",
            "text",
            "Why not longer: 'data_end' (returns end), 'turned_18', 'left'.",
        ),
        Column(
            "data_end",
            "date",
            "The last day of the unbroken run of episode returns that holds time zero.",
        ),
        Column(
            "history_from",
            "date",
            "From when the child's missing episodes are complete on record.",
            missing=_NO_ROW,
        ),
        Column("age", "whole number", "Age at time zero, from the month of birth.", unit="years"),
        Column("sex", "code", "See data_dictionary, children.sex.", missing=_NO_ROW),
        Column("local_authority", "code", "Of the meeting: an ONS code."),
        Column(
            "care_status",
            "code",
            "As last told for a quarter that ended before time zero; 'not_known' where none had.",
        ),
        Column("episodes_90", "whole number", "Episodes begun in the 90 days before time zero."),
        Column("episodes_365", "whole number", "Episodes begun in the 365 days before."),
        Column(
            "days_since_last",
            "whole number",
            "From the beginning of the last episode to time zero.",
            unit="days",
            missing="no episode before",
        ),
        Column(
            "risk_last",
            "code",
            "First risk grade of the last episode before, as first told.",
            missing="no episode before",
        ),
        Column(
            "referred_later_on",
            "date",
            "The first meeting after time zero that referred the child; adjusted for nowhere.",
            missing="none is on record",
        ),
    ),
)

AT_RISK = Exported(
    "at_risk",
    "one child between two changes of state, in the interval (start, stop] of days since time zero",
    (
        _KEY,
        _ARM,
        _ZERO,
        Column("start", "whole number", "Day after which the row begins.", unit="days"),
        Column("stop", "whole number", "Last day of the row; start < stop.", unit="days"),
        Column("events", "whole number", "Outcome episodes that begin on day stop.", unit="episodes"),
        Column(
            "ended_by",
            "text",
            "Why the row ends: 'event', 'not_at_risk' (missing or away for whole days), or the "
            "child's own reason on its last day.",
        ),
    ),
)  # fmt: skip

WINDOWED = Exported(
    "windowed",
    "one child in one window of days since time zero; a child has a row for every window",
    (
        _KEY,
        _ARM,
        Column("window_days", "whole number", "Length of the window.", unit="days"),
        Column(
            "complete",
            "0 or 1",
            "1 where the window ended before the child's data_end. Rates and ratios of a release "
            "are of these alone.",
        ),
        Column("events", "whole number", "Outcome episodes begun in the window.", unit="episodes"),
        Column("days_at_risk", "whole number", "Days on which one could have begun.", unit="days"),
        Column("any_event", "0 or 1", "1 where there was an episode."),
        Column(
            "first_event_day",
            "whole number",
            "Calendar days from time zero to the first.",
            unit="days",
            missing="no episode in the window",
        ),
        Column("followed_days", "whole number", "Calendar days followed, at most the window.", unit="days"),
        Column(
            "days_to_first",
            "whole number",
            "first_event_day, otherwise followed_days: the time of a survival curve.",
            unit="days",
        ),
        Column("ended_by", "text", "'window' where the child was followed through it, else why not."),
    ),
)  # fmt: skip

FLOW = Exported(
    "flow",
    "one step from the children discussed to the children compared; counts are exact",
    (
        Column("reason", "text", "All ('discussed'), why left out, or the arm."),
        Column("title", "text", "The same in words."),
        Column("children", "whole number", "Each child counts once.", unit="children"),
    ),
)

TABLES = (COHORT, AT_RISK, WINDOWED, FLOW)
