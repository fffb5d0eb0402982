"""Time at risk, against a slow and obvious oracle that looks at every child on every day."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.following import (
    at_risk_table,
    first_only,
    follow,
    history,
    merge_episodes,
    recurring,
    split,
    windowed,
)
from evaluation.language import Text
from evaluation.nouns import Cohort, Outcome, Snapshot
from evaluation.quarters import Quarter

ORIGIN = date(2025, 1, 1)
FOREVER = 10**6


# ---- The oracle: whole numbers of days since ORIGIN, plain Python, one child at a time -----------


def merged(episodes):
    """[(start, end or None)] -> the same without overlaps, by comparing every pair."""
    starts = sorted({start for start, _ in episodes})

    def end_of(start, end):
        return end if end is not None else next((s for s in starts if s > start), FOREVER)

    groups = [{(start, end_of(start, end), number)} for number, (start, end) in enumerate(episodes)]
    changed = True
    while changed:
        changed = False
        for one in groups:
            for other in groups:
                if one is not other and overlap(span(one), span(other)):
                    one.update(other)
                    groups.remove(other)
                    changed = True
                    break
            if changed:
                break
    return sorted(span(group) for group in groups)


def span(group):
    return min(start for start, *_ in group), max(end for _, end, _ in group)


def overlap(one, other):
    return one[0] < other[1] and other[0] < one[1]


def at_risk_days(child, episodes, away):
    """{day since time zero: events} for each day on which the child is at risk."""
    zero, last, _, entered = child
    absences = merged(episodes) + [(a, FOREVER if b is None else b) for a, b in away]
    days = {}
    for day in range(zero + 1, last + 1):
        if entered is not None and day < entered:
            continue
        if not any(a < day < b for a, b in absences):
            days[day - zero] = sum(start == day for start, _ in merged(episodes))
    return days


# ---- The same thing as frames --------------------------------------------------------------------


def on(day):
    return pd.NaT if day is None else pd.Timestamp(ORIGIN + timedelta(days=day))


def world(children, episodes, away):
    """children: {key: (zero, last, arm, entered)}; episodes, away: {key: [(from, to)]}."""
    cohort = Cohort(
        "random",
        pd.DataFrame(
            [
                (key, arm, on(zero), on(last), "data_end", on(entered))
                for key, (zero, last, arm, entered) in children.items()
            ],
            columns=["child_key", "arm", "time_zero", "followed_to", "ended_by", "at_risk_from"],
        ),
        (),
        ORIGIN + timedelta(days=60),
        "s",
    )
    return cohort, frame(episodes, "started_on", "ended_on"), frame(away, "from_on", "to_on")


def frame(spells, first, last):
    rows = [(key, on(a), on(b)) for key, spell in spells.items() for a, b in spell]
    made = pd.DataFrame(rows, columns=["child_key", first, last])
    made = made.astype({first: "datetime64[us]", last: "datetime64[us]"})
    return made.assign(event_ref=[f"E{number}" for number in range(len(made))])


def outcome(events):
    text = Text("random")
    return Outcome("random", text, text, "fewer", "episode", (30,), lambda _: events, ())


SNAPSHOT = Snapshot("s", Quarter(2025, 1), {}, frozenset(), ())


def agree(children, episodes, away):
    cohort, events, spells = world(children, episodes, away)
    at_risk = follow(cohort, outcome(events), SNAPSHOT, away=spells)
    rows = at_risk.rows
    windows = windowed(at_risk, cohort, days=30, complete_only=False).set_index("child_key")

    for key, child in children.items():
        expected = at_risk_days(child, episodes.get(key, []), away.get(key, []))
        mine = rows[rows["child_key"] == key]
        seen = {}
        for row in mine.itertuples():
            assert row.start < row.stop
            assert not seen.keys() & set(range(row.start + 1, row.stop + 1))
            seen |= dict.fromkeys(range(row.start + 1, row.stop + 1), 0)
            seen[row.stop] = row.events
        assert seen == expected

        zero, last, *_ = child
        if last <= zero:
            assert key not in windows.index
            continue
        window = windows.loc[key]
        within = {day: events for day, events in expected.items() if day <= 30}
        first = min((day for day, events in within.items() if events), default=None)
        assert window["days_at_risk"] == len(within)
        assert window["events"] == sum(within.values())
        assert (None if pd.isna(window["first_event_day"]) else window["first_event_day"]) == first
        assert window["days_to_first"] == (first or min(last - zero, 30))

    changed = at_risk.changed
    places = ("merged", "before_time_zero", "before_entry", "after_follow_up")
    places = (*places, "while_away", "counted")
    assert changed["episodes"] == sum(changed[place] for place in places)
    assert changed["days_followed"] - changed["days_removed"] == (rows.stop - rows.start).sum()
    assert changed["counted"] == rows["events"].sum()
    assert changed["days_before_entry"] == sum(
        day < entered
        for zero, last, _, entered in children.values()
        if entered is not None
        for day in range(zero + 1, last + 1)
    )


KEYS = "ABCD"
SPELL = st.tuples(st.integers(-10, 50), st.none() | st.integers(0, 12)).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + pair[1])
)
SPELLS = st.dictionaries(st.sampled_from(KEYS), st.lists(SPELL, max_size=6))
CHILDREN = st.dictionaries(
    st.sampled_from(KEYS),
    st.tuples(
        st.integers(-5, 20),
        st.integers(0, 45),
        st.sampled_from(["x", "y"]),
        st.none() | st.integers(-9, 50),
    ),
    min_size=1,
)
CHANGES = st.dictionaries(
    st.sampled_from(KEYS), st.dictionaries(st.integers(-9, 50), st.integers(0, 3), max_size=4)
)


@settings(max_examples=15, deadline=None)
@given(CHILDREN, SPELLS, SPELLS)
def test_rows_are_the_days_that_the_oracle_finds(children, episodes, away):
    agree(children, episodes, away)


def test_three_hundred_random_children_agree_too():
    rng = np.random.default_rng(2025)

    def spells(rate, longest):
        starts = rng.integers(-10, 50, rng.poisson(rate))
        return [
            (int(a), None if rng.random() < 0.1 else int(a + rng.integers(0, longest)))
            for a in starts
        ]

    keys = [f"C{number:03}" for number in range(300)]
    children = {
        key: (
            int(rng.integers(-5, 20)),
            int(rng.integers(0, 45)),
            "xy"[rng.integers(2)],
            None if rng.random() < 0.5 else int(rng.integers(-9, 30)),
        )
        for key in keys
    }
    agree(
        children,
        {key: spells(3, 9) for key in keys},
        {key: spells(0.7, 15) for key in keys},
    )


@settings(max_examples=15, deadline=None)
@given(CHILDREN, SPELLS, CHANGES)
def test_splitting_gives_each_day_the_state_that_it_had_and_loses_nothing(
    children, episodes, states
):
    cohort, events, _ = world(children, episodes, {})
    whole = at_risk_table(cohort.children, events)
    changes = pd.DataFrame(
        [(key, on(day), value) for key, known in states.items() for day, value in known.items()],
        columns=["child_key", "on", "value"],
    ).astype({"on": "datetime64[us]"})
    parts = split(whole, changes, into="state")

    def by_day(rows):
        return {
            (row.child_key, day): row.events if day == row.stop else 0
            for row in rows.itertuples()
            for day in range(row.start + 1, row.stop + 1)
        }

    assert by_day(parts.rows) == by_day(whole.rows)
    assert (parts.rows["start"] < parts.rows["stop"]).all()
    before = 0
    for row in parts.rows.itertuples():
        known = states.get(row.child_key, {})
        for day in range(row.start + 1, row.stop + 1):
            earlier = [change for change in known if change < day + children[row.child_key][0]]
            assert row.state == (known[max(earlier)] if earlier else 0)
            before += bool(known) and not earlier
    assert parts.changed["state_days_before"] == before
    assert parts.rows.query("ended_by != 'changed'").equals(
        parts.rows.drop_duplicates(["child_key", "stop"]).query("ended_by != 'changed'")
    )


@settings(max_examples=15, deadline=None)
@given(CHILDREN, SPELLS, st.none() | st.integers(1, 3))
def test_the_number_and_gap_of_each_row_are_what_is_found_by_counting(children, episodes, most):
    cohort, events, _ = world(children, episodes, {})
    whole = at_risk_table(cohort.children, events)
    found = recurring(whole, most=most)
    for _key, rows in found.rows.groupby("child_key"):
        days_with_one, origin = 0, 0
        for row in rows.itertuples():
            number = days_with_one + 1
            assert row.enum == (number if most is None else min(number, most))
            origin = row.start if origin is None else origin
            assert (row.gap_start, row.gap_stop) == (row.start - origin, row.stop - origin)
            assert row.event == (row.events > 0)
            if row.event:
                days_with_one, origin = number, None
    folded = found.changed["events_on_a_day_that_had_one"]
    assert found.rows["event"].sum() + folded == whole.changed["counted"]

    first = first_only(whole)
    assert (first.rows.groupby("child_key")["event"].sum() <= 1).all()
    assert first.rows["event"].sum() == whole.rows.query("events > 0")["child_key"].nunique()
    assert (
        first.rows["event"].sum() + first.changed["events_after_the_first"]
        == whole.changed["counted"]
    )
    days = (first.rows["stop"] - first.rows["start"]).sum()
    assert days + first.changed["days_after_the_first"] == (
        whole.changed["days_followed"] - whole.changed["days_removed"]
    )


@settings(max_examples=10, deadline=None)
@given(st.lists(SPELL, max_size=8), st.lists(st.integers(-5, 60), min_size=1, max_size=4))
def test_merging_and_history_are_what_the_oracle_finds(episodes, days):
    _cohort, events, _away = world({}, {"A": episodes}, {})
    expected = merged(episodes)

    found = merge_episodes(events)
    assert found["started_on"].tolist() == [on(start) for start, _ in expected]
    assert found["ended_on"].isna().tolist() == [end == FOREVER for _, end in expected]
    assert found["episodes"].sum() == len(episodes)

    moments = pd.DataFrame({"child_key": "A", "on": [on(day) for day in days]})
    known = history(events, moments, lookbacks_days=[7, 20]).set_index("on")
    for day in days:
        ago = [day - start for start, _ in expected if start < day]
        row = known.loc[on(day)]
        assert row["episodes_7"] == sum(n <= 7 for n in ago)
        assert row["episodes_20"] == sum(n <= 20 for n in ago)
        assert (None if pd.isna(row["days_since_last"]) else row["days_since_last"]) == min(
            ago, default=None
        )


def test_frames_given_are_not_altered():
    cohort, events, away = world({"A": (0, 20, "x", 4)}, {"A": [(3, 8)]}, {"A": [(5, 9)]})
    changes = pd.DataFrame({"child_key": ["A"], "on": [on(12)]})
    given = [cohort.children, events, away, changes]
    before = [one.copy() for one in given]
    at_risk = follow(cohort, outcome(events), SNAPSHOT, away=away)
    given.append(at_risk.rows)
    before.append(at_risk.rows.copy())
    recurring(split(at_risk, changes))
    for one, other in zip(before, given, strict=True):
        pd.testing.assert_frame_equal(one, other)
