"""Small tables of what happened to children, by the number of the day. Time zero is day 0."""

from datetime import date, timedelta

import pandas as pd

from evaluation.following import (
    follow,
)
from evaluation.language import Text
from evaluation.nouns import Cohort, Outcome, Snapshot
from evaluation.quarters import Quarter

ZERO = date(2025, 3, 1)


def day(number):
    return None if pd.isna(number) else ZERO + timedelta(days=int(number))


def cohort(**last_days):
    """Children, each with the last day of its follow-up: cohort(A=20)."""
    children = pd.DataFrame(
        {
            "child_key": list(last_days),
            "arm": "referred",
            "time_zero": pd.Timestamp(ZERO),
            "followed_to": pd.to_datetime([day(number) for number in last_days.values()]),
            "ended_by": "data_end",
        }
    )
    return Cohort("spec", children, flow=(), data_end=day(20), snapshot="s")


def spells(*rows, names):
    frame = pd.DataFrame(rows, columns=["child_key", *names])
    return frame.assign(**{name: pd.to_datetime(frame[name].map(day)) for name in names})


def episodes(*rows):
    """Episodes of child A: (reported on day, returned on day)."""
    frame = spells(*[("A", *row) for row in rows], names=["started_on", "ended_on"])
    return frame.assign(event_ref=[f"E{number}" for number in range(len(frame))])


def outcome(events):
    return Outcome(
        name="re_missing",
        title=Text("Missing"),
        phrase=Text("missing"),
        better="fewer",
        grain="episode",
        windows_days=(90,),
        events=lambda snapshot: events,
        needs=("missing_episodes",),
    )


def snapshot(missing_episodes=()):
    tables = {"missing_episodes": missing_episodes}
    return Snapshot("s", Quarter(2025, 1), tables, frozenset(), ())


def followed(events, *, away=(), last_day=20):
    spell = spells(*[("A", *row) for row in away], names=["from_on", "to_on"])
    return follow(cohort(A=last_day), outcome(events), snapshot(), away=spell)


def rows(at_risk, *, of="A"):
    one = at_risk.rows[at_risk.rows["child_key"] == of]
    columns = ["start", "stop", "events", "ended_by"]
    return list(one[columns].itertuples(index=False, name=None))
