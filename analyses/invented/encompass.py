"""What the police tell of domestic abuse: which children were at which incident, and who was told."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from analyses.invented.filling import draw, leave_blank, moment, numbered, tidy
from analyses.invented.schools import PRIMARIES, SECONDARIES, school_ref
from analyses.invented.world import HISTORY_DAYS, NEVER, Array, Days
from evaluation.quarters import Quarter

_PER_CHILD_AND_YEAR = 0.067
_WITH_A_SECOND_CHILD = 0.25
_REPEATED = 0.6
"""Shape of how often it happens in a household: the smaller, the more in a few."""

_OUTCOME = {"notified": 0.88, "authority": 0.03, "no_school": 0.03, "not_sent": 0.04,
            "not_due": 0.02}  # fmt: skip
_TOLD = ["notified", "authority"]
_NO_SCHOOL = ["authority", "no_school"]
_PRESENT = {"yes": 0.70, "no": 0.20, "not_known": 0.10}

# Most happen in the evening and at night: share of incidents up to a minute of the day.
_HAPPENED_SHARE = (0.0, 0.18, 0.24, 0.50, 1.0)
_HAPPENED_MINUTE = (0, 180, 480, 1020, 1440)

REVIEWED_ON = date(2024, 3, 18)
"""A review, from which day on more are told: reports/bodies/invented/gwent.toml says so too."""

_BEFORE_SCHOOL, _SINCE_REVIEW = 0.78, 0.92
"""How many of those told are told before the school day, until the review and from it on."""

_NIGHT_ENDS, _MORNING = 6 * 60, (7 * 60, 8 * 60 + 40)


def draw_incidents(
    facts: pd.DataFrame,
    children: pd.DataFrame,
    days: Days,
    *,
    rng: np.random.Generator,
    reviewed_on: date | None = REVIEWED_ON,
) -> pd.DataFrame:
    """The incidents of all quarters, of children who are known to have lived with abuse.

    One row is one child at one incident: child, day, incident_ref, the form's coded columns, and,
    in minutes since day 0 (missing where it does not happen), incident, recorded, notified. All
    is settled within the days after which a return is made. Without a review (`reviewed_on` None)
    the same chances give the same incidents, told as they would have been.
    """
    living_with_it = np.flatnonzero(facts["domestic_abuse"] == "yes")
    weights = rng.gamma(_REPEATED, 1, len(living_with_it))
    quarters = days.days - HISTORY_DAYS
    count = rng.poisson(_PER_CHILD_AND_YEAR * len(children) * quarters / 365.25)
    day = np.sort(rng.integers(HISTORY_DAYS, days.days, count))
    first, second = (
        _here(day, living_with_it, weights / weights.sum(), children, rng) for _ in range(2)
    )
    also = (rng.random(count) < _WITH_A_SECOND_CHILD) & (second != first)
    rows = pd.DataFrame(
        {
            "child": np.concatenate([first, second[also]]),
            "at": np.concatenate([np.arange(count), np.flatnonzero(also)]),
        }
    ).sort_values(["at", "child"], ignore_index=True)
    at = rows["at"].to_numpy()
    minute = np.interp(rng.random(count), _HAPPENED_SHARE, _HAPPENED_MINUTE).astype(int) % 1440
    incident = (day * 1440 + minute)[at]
    outcome = draw(_OUTCOME, len(rows), rng)
    reviewed = NEVER if reviewed_on is None else days.number(reviewed_on)
    soon = np.where(day[at] < reviewed, _BEFORE_SCHOOL, _SINCE_REVIEW)
    told = pd.Series(_told(incident, soon, rng), dtype="float")
    incidents = pd.DataFrame(
        {
            "child": rows["child"],
            "day": day[at],
            "incident_ref": np.array(numbered("DA-", count, 5))[at],
            "incident": incident,
            "recorded": (incident + rng.gamma(2, 60, count).astype(int)[at]).astype(float),
            "local_authority": children["local_authority"].to_numpy()[first][at],
            "school_ref": _schools(rows["child"].to_numpy(), day[at], children, days, rng),
            "child_present": draw(_PRESENT, len(rows), rng),
            "outcome": outcome,
            "notified": told.where(outcome.isin(_TOLD)),
        }
    )
    incidents["school_ref"] = incidents["school_ref"].mask(outcome.isin(_NO_SCHOOL))
    return leave_blank(incidents, rng)


def incidents_of(
    incidents: pd.DataFrame, keys: pd.Series, days: Days, quarter: Quarter
) -> pd.DataFrame:
    """The form 'op_encompass_incidents' for a quarter."""
    begins, ends = days.number(quarter.first_day), days.number(quarter.last_day)
    rows = incidents[incidents["day"].between(begins, ends)]
    form = pd.DataFrame(
        {
            "incident_ref": rows["incident_ref"],
            "child_key": rows["child"].map(keys),
            **moment("incident", rows["incident"], days),
            **moment("recorded", rows["recorded"], days),
            "local_authority": rows["local_authority"],
            "school_ref": rows["school_ref"],
            "child_present": rows["child_present"],
            "outcome": rows["outcome"],
            **moment("notified", rows["notified"], days),
        }
    )
    return tidy(form)


def _here(
    day: Array, among: Array, weights: Array, children: pd.DataFrame, rng: np.random.Generator
) -> Array:
    """A child for each day, of those who are there on it and still children."""
    arrives, leaves, turns = (children[name].to_numpy() for name in ("arrives", "leaves", "turns"))
    who = rng.choice(among, len(day), p=weights)
    while True:
        absent = (arrives[who] > day) | (leaves[who] <= day) | (turns[who] < day)
        if not absent.any():
            return who
        who[absent] = rng.choice(among, int(absent.sum()), p=weights)


def _schools(
    child: Array, day: Array, children: pd.DataFrame, days: Days, rng: np.random.Generator
) -> pd.Series:
    """The school of each child on a day, by its age when the academic year began."""
    places = rng.random((2, len(children)))  # every child has a primary school and a secondary
    began = np.array([days.month(int(each)) for each in day]) - 8  # September is its first month
    age = began // 12 * 12 + 8 - children["birth_month"].to_numpy()[child]
    primary = (places[0] * PRIMARIES).astype(int)[child]
    secondary = PRIMARIES + (places[1] * SECONDARIES).astype(int)[child]
    numbers = np.where(age >= 11 * 12, secondary, primary)
    authorities = children["local_authority"].to_numpy()[child]
    refs = [school_ref(*pair) for pair in zip(authorities, numbers.tolist(), strict=True)]
    return pd.Series(refs, dtype="str")


def _told(incident: Array, share_soon: Array, rng: np.random.Generator) -> Array:
    """When the school or the authority is told: most before the school day, some days later."""
    count = len(incident)
    morning = incident // 1440 + (incident % 1440 >= _NIGHT_ENDS)
    soon = morning * 1440 + rng.integers(*_MORNING, count)
    late = (morning + rng.integers(1, 10, count)) * 1440 + rng.integers(9 * 60, 17 * 60, count)
    return np.where(rng.random(count) < share_soon, soon, late)
