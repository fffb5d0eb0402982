"""What the police tell: the children that are known, and their missing episodes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analyses.invented.filling import draw, leave_blank, moment, numbered, tidy
from analyses.invented.process import GRADES
from analyses.invented.world import NEVER, Array, Days
from evaluation.quarters import Quarter

MADE_AFTER_DAYS = 12
"""A return is made this many days after its quarter ended, and knows what happened by then."""

_KNOWN_DAYS = 365
"""A child leaves the list when nothing was heard of it for so long."""

_ETHNICITY = {
    "W1": 0.80, "W9": 0.04, "M1": 0.03, "M9": 0.02, "A9": 0.02, "B2": 0.02, "A2": 0.02,
    "W3": 0.02, "NS": 0.03,
}  # fmt: skip
_FLAG = {"no": 0.72, "yes": 0.12, "not_known": 0.12, "not_asked": 0.04}
_DOMESTIC_ABUSE = {"no": 0.40, "yes": 0.38, "not_known": 0.20, "not_asked": 0.02}
_LANGUAGE = {"english": 0.80, "welsh": 0.07, "other": 0.03, "not_asked": 0.10}
_EXCLUSION = {
    "none": 0.62, "fixed_5": 0.20, "fixed_over_5": 0.07, "permanent": 0.03, "not_known": 0.08,
}  # fmt: skip
_FROM_CARE = {
    "residential_care": 0.50, "foster_care": 0.28, "supported_housing": 0.10, "home": 0.05,
    "education": 0.04, "other": 0.03,
}  # fmt: skip
_FROM_HOME = {"home": 0.84, "education": 0.07, "other": 0.06, "not_known": 0.03}
_HARM = {"no": 0.90, "yes": 0.04, "not_known": 0.06}
_INTERVIEW = {"done": 0.50, "declined": 0.27, "not_offered": 0.17, "not_due": 0.06}
_OFFERED = ["done", "declined"]


def draw_facts(children: pd.DataFrame, days: Days, *, rng: np.random.Generator) -> pd.DataFrame:
    """What stays the same in all returns: the form's columns, a row a child, by its number."""
    count = len(children)
    facts = pd.DataFrame(
        {
            "birth_month": _month_starts(children["birth_month"].to_numpy()),
            "sex": children["sex"],
            "ethnicity": draw(_ETHNICITY, count, rng),
            "local_authority": children["local_authority"],
            "care_status": children["care_status"],
            "disability": draw(_FLAG, count, rng),
            "language": draw(_LANGUAGE, count, rng),
            "domestic_abuse": draw(_DOMESTIC_ABUSE, count, rng),
            "exclusion": draw(_EXCLUSION, count, rng),
            "history_from": days.calendar(children["arrives"].to_numpy()),
        },
    )
    return leave_blank(facts, rng)


def draw_records(
    episodes: pd.DataFrame, children: pd.DataFrame, *, rng: np.random.Generator
) -> pd.DataFrame:
    """What the police come to record about each episode in the end.

    One row is one episode: child, episode_ref, the form's coded columns, and, in minutes since
    day 0 (missing where it does not happen), reported, returned, offered, answered.
    """
    rows = episodes.sort_values(["day", "minute", "child"], ignore_index=True)
    count = len(rows)
    cared_for = children["care_status"].str.startswith("looked_after").to_numpy()[rows["child"]]
    worse = (rng.random(count) < 0.15) & (rows["grade"] < len(GRADES) - 1)
    interview = draw(_INTERVIEW, count, rng)
    # Somebody calls in working hours on a later day, and hears at once or after a few days.
    offered = _working_hour(rows["back"] + 1 + rng.gamma(1.5, 0.9, count).astype(int), rng)
    later = _working_hour(offered // 1440 + rng.gamma(1.2, 2.0, count).astype(int), rng)
    answered = later.clip(lower=offered + 30)
    records = pd.DataFrame(
        {
            "child": rows["child"],
            "episode_ref": numbered("EP-", count, 6),
            "reported": (rows["day"] * 1440 + rows["minute"]).to_numpy(),
            "returned": (rows["back"] * 1440 + rows["back_minute"]).to_numpy(),
            "local_authority": children["local_authority"].to_numpy()[rows["child"]],
            "missing_from": draw(_FROM_HOME, count, rng).mask(
                cared_for, draw(_FROM_CARE, count, rng)
            ),
            "risk_first": np.array(GRADES)[rows["grade"]],
            "risk_highest": np.array(GRADES)[rows["grade"] + worse],
            "harm": draw(_HARM, count, rng),
            "interview": interview,
            "offered": offered.where(interview.isin(_OFFERED)),
            "answered": answered.where(interview.isin(_OFFERED)),
            "definition": "app_2017",
        }
    )
    elsewhere = rng.random(count) < 0.05
    records["local_authority"] = records["local_authority"].mask(elsewhere, "other")
    return leave_blank(records, rng)


def episodes_of(
    records: pd.DataFrame,
    keys: pd.Series,
    children: pd.DataFrame,
    days: Days,
    quarter: Quarter,
    *,
    first: bool,
) -> pd.DataFrame:
    """The form 'missing_episodes' for a quarter, as known some days after it ended.

    Episodes reported in it, and earlier ones that were still open, or whose interview was
    outstanding, when it began. The first return carries all history of those who are still
    children.
    """
    begins, ends = (days.number(day) * 1440 for day in (quarter.first_day, (quarter + 1).first_day))
    unsettled = records[["returned", "answered"]].max(axis=1) >= begins
    still_children = children["turns"].to_numpy()[records["child"]] * 1440 >= begins
    told = (records["reported"] >= begins) | unsettled | (still_children & first)
    rows = records[told & (records["reported"] < ends)]

    made = ends + MADE_AFTER_DAYS * 1440
    missing, unoffered, unanswered = (
        rows[column] > made for column in ("returned", "offered", "answered")
    )
    interview = (
        rows["interview"]
        .mask(unanswered, "offered")
        .mask(unoffered, "not_offered")
        .mask(missing, "not_due")
    )
    form = pd.DataFrame(
        {
            "episode_ref": rows["episode_ref"],
            "child_key": rows["child"].map(keys),
            **moment("reported", rows["reported"], days),
            **moment("returned", rows["returned"].mask(missing), days),
            "local_authority": rows["local_authority"],
            "missing_from": rows["missing_from"],
            "risk_first": rows["risk_first"],
            "risk_highest": rows["risk_highest"],
            "harm": rows["harm"],
            "interview": interview,
            **moment("interview_offered", rows["offered"].mask(missing | unoffered), days),
            **moment("interview", rows["answered"].where(interview == "done"), days),
            "definition": rows["definition"],
        }
    )
    return tidy(form)


def children_of(
    facts: pd.DataFrame,
    keys: pd.Series,
    children: pd.DataFrame,
    days: Days,
    quarter: Quarter,
    *,
    heard_of: pd.DataFrame,
    named: pd.Index,
) -> pd.DataFrame:
    """The form 'children' for a quarter: those heard of in the year before it ended.

    `heard_of` has a row for each episode, each referral and each moving away (child, day).
    `named` are the children in the quarter's other returns; they are listed whatever their age.
    """
    begins, ends = days.number(quarter.first_day), days.number(quarter.last_day)
    recent = heard_of[(heard_of["day"] <= ends) & (heard_of["day"] > ends - _KNOWN_DAYS)]
    still_children = children.index[children["turns"] >= begins]
    known = named.union(pd.Index(recent["child"].unique()).intersection(still_children))
    rows = facts.loc[known]
    leaves = children.loc[known, "leaves"].to_numpy()
    left = leaves <= ends
    form = rows.assign(
        child_key=keys[known],
        followed_to=days.calendar(np.where(left, leaves, NEVER)),
        followed_to_reason=pd.Series("moved", index=known, dtype="str").where(left),
    )
    return tidy(form[["child_key", *facts.columns, "followed_to", "followed_to_reason"]])


def _month_starts(months: Array) -> Array:
    return (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")


def _working_hour(days: pd.Series, rng: np.random.Generator) -> pd.Series:
    """A minute between nine and five on each numbered day, in minutes since day 0."""
    return days * 1440 + rng.integers(9 * 60, 17 * 60, len(days))
