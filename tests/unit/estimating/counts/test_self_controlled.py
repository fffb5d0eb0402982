import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.counts import case_series


def frames(periods, events, exposures):
    return (
        pd.DataFrame(periods, columns=["child_key", "start", "stop"]),
        pd.DataFrame(events, columns=["child_key", "day"]),
        pd.DataFrame(exposures, columns=["child_key", "day"]),
    )


def intervals(periods, exposures, events=(("A", 1),), **asked):
    found = case_series(*frames(periods, events, exposures), **{"risk": [(0, 9)], **asked})
    return found.intervals


def rows(made, *columns):
    return list(made[["start", "stop", *columns]].itertuples(index=False, name=None))


def test_days_are_cut_about_the_exposure():
    made = intervals([("A", 0, 100)], [("A", 50)], before=5)
    assert rows(made, "exposed") == [
        (0, 44, "baseline"),
        (44, 49, "before_5_1"),  # days 45 to 49
        (49, 59, "after_0_9"),  # days 50 to 59
        (59, 100, "baseline"),
    ]
    assert made["days"].sum() == 100


def test_windows_end_where_observation_does():
    made = intervals([("A", 48, 55)], [("A", 50)], before=5)
    assert rows(made, "exposed") == [(48, 49, "before_5_1"), (49, 55, "after_0_9")]


def test_the_later_exposure_counts_and_after_goes_before_before():
    made = intervals(
        [("A", 0, 40)], [("A", 10), ("A", 14), ("A", 26)], before=5, risk=[(0, 3), (4, 9)]
    )
    assert rows(made, "exposed") == [
        (0, 4, "baseline"),
        (4, 9, "before_5_1"),
        (9, 17, "after_0_3"),
        (17, 23, "after_4_9"),
        (23, 25, "before_5_1"),
        (25, 29, "after_0_3"),
        (29, 35, "after_4_9"),
        (35, 40, "baseline"),
    ]


def test_an_event_lies_in_the_interval_that_its_day_ends():
    found = case_series(
        *frames(
            [("A", 0, 100), ("B", 10, 50), ("B", 60, 80)],
            [("A", 44), ("A", 45), ("A", 49), ("A", 50), ("A", 100), ("A", 0), ("A", 101),
             ("B", 10), ("B", 11), ("B", 55), ("B", 61), ("C", 5)],
            [("A", 50)],
        ),
        risk=[(0, 9)],
        before=5,
    )  # fmt: skip
    made = found.intervals.set_index(["child_key", "start"])["events"]
    assert made["A"].tolist() == [1, 2, 1, 1]
    assert made["B"].tolist() == [1, 1]
    assert found.outside == 5
    assert "outside_observation" in [one.trap for one in found.beware]


def test_bands_are_counted_from_birth_where_that_is_asked():
    children, events, exposures = frames([("A", 0, 100), ("B", 0, 100)], [("A", 3)], [])
    children["born"] = [-50, -20]
    found = case_series(
        children,
        events,
        exposures,
        risk=[(0, 9)],
        bands={"age": (60, 110), "year": (30,)},
        since={"age": "born"},
    )
    a = found.intervals[found.intervals["child_key"] == "A"]
    assert rows(a, "age", "year") == [
        (0, 10, 0, 0),
        (10, 30, 1, 0),
        (30, 60, 1, 1),
        (60, 100, 2, 1),
    ]


def test_dates_and_seasons():
    children, events, exposures = frames(
        [("A", "2024-01-31", "2024-12-31")], [("A", "2024-04-01")], [("A", "2024-03-25")]
    )
    for frame in (children, events, exposures):
        for column in frame.columns.drop("child_key"):
            frame[column] = pd.to_datetime(frame[column])
    found = case_series(children, events, exposures, risk=[(0, 9)], before=0, seasons=True)
    made = found.intervals
    assert made["season"].tolist() == [1, 1, 2, 2, 3, 4]
    assert made["days"].tolist() == [53, 7, 3, 88, 92, 92]
    assert made["events"].tolist() == [0, 0, 1, 0, 0, 0]
    with pytest.raises(WrongUse, match="dates"):
        intervals([("A", 0, 100)], [("A", 50)], seasons=True)


def spiked(children=1500, *, seed=3):
    """Referral follows an event; the service does nothing."""
    rng = np.random.default_rng(seed)
    key = np.arange(children)
    events = pd.DataFrame(
        {"child_key": np.repeat(key, 3), "day": rng.integers(1, 366, 3 * children)}
    ).drop_duplicates()
    chosen = events.sort_values(["child_key", "day"]).groupby("child_key").nth(1)
    exposed = chosen.assign(day=chosen["day"] + rng.integers(1, 21, len(chosen)))
    return pd.DataFrame({"child_key": key, "start": 0, "stop": 365}), events, exposed


def test_the_window_before_takes_the_spike_out_of_the_baseline():
    """Trap (a): with the spike in the baseline a service that does nothing seems to work."""
    plain = case_series(*spiked(), risk=[(0, 90)], before=0)
    found = case_series(*spiked(), risk=[(0, 90)])
    assert found.one(group="before_28_1").value > 2
    assert plain.one(group="after_0_90").high < 0.95
    assert found.one(group="after_0_90").value > plain.one(group="after_0_90").value + 0.1
    assert [one.trap for one in plain.beware] == ["regression_to_the_mean"]
    assert not found.beware


def test_events_that_end_observation_are_warned_of():
    periods = [(key, 0, 50 + key) for key in range(20)]
    found = case_series(
        *frames(periods, [(key, 50 + key) for key in range(5)], [(0, 10)]), risk=[(0, 5)]
    )
    assert "event_ends_observation" in [one.trap for one in found.beware]


def test_a_window_without_events_is_missing_and_the_rest_is_there():
    found = case_series(
        *frames(
            [("A", 0, 100), ("B", 0, 100)], [("A", 52), ("B", 90), ("B", 5)], [("A", 50), ("B", 50)]
        ),
        risk=[(0, 9), (10, 20)],
        before=5,
    )
    assert found.one(group="after_10_20").why_not == "separation"
    assert found.one(group="after_0_9").value == pytest.approx(74 / 10 / 2)
    assert found.one(group="after_0_9").of == 2


def test_nobody_had_an_event():
    found = case_series(*frames([("A", 0, 100)], [], [("A", 50)]), risk=[(0, 9)])
    assert {one.why_not for one in found} == {"no_events"}


@pytest.mark.parametrize(
    ("periods", "asked", "word"),
    [
        ([("A", 5, 5)], {}, "stop after"),
        ([("A", 0, 10), ("A", 9, 20)], {}, "overlap"),
        ([("A", 0.5, 10)], {}, "whole"),
        ([("A", None, 10)], {}, "whole"),
        ([("A", 0, 10)], {"risk": [(5, 9), (9, 12)]}, "in order"),
        ([("A", 0, 10)], {"risk": []}, "in order"),
        ([("A", 0, 10)], {"before": -1}, "before exposure"),
        ([("A", 0, 10)], {"since": {"age": "born"}}, "age"),
        ([], {}, "No child"),
    ],
)
def test_bad_use_is_refused_in_words(periods, asked, word):
    with pytest.raises(WrongUse, match=word):
        intervals(periods, [("A", 5)], **asked)
