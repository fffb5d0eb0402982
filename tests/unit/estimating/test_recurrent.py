"""Models of recurring events: what they refuse, how they number and clock, what they warn of."""

import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.causes import cause_specific
from evaluation.estimating.cox import cox
from evaluation.estimating.recurrent import andersen_gill, pwp_gap, pwp_total
from evaluation.following import at_risk_table, recurring

CALLS = [andersen_gill, pwp_total, pwp_gap]


@pytest.fixture(scope="module")
def rows():
    """60 children with up to four rows each."""
    rng = np.random.default_rng(4)
    made = []
    for child in range(60):
        start, arm, age = 0, "new" if child % 2 else "old", int(rng.integers(3, 17))
        for _ in range(4):
            stop = start + int(rng.integers(2, 60))
            event = int(rng.random() < 0.7)
            made.append((f"C{child}", start, stop, event, arm, age))
            start = stop
            if not event:
                break
    return pd.DataFrame(made, columns=["child_key", "start", "stop", "event", "arm", "age"])


@pytest.mark.parametrize("call", CALLS)
def test_the_child_is_the_unit_of_its_errors(call, rows):
    found = call("stop ~ arm + age", rows)
    ratio = found.one("hazard_ratio", "arm[T.old]")
    assert found.model.n_clusters == ratio.children == 60
    assert (ratio.unit, ratio.method) == ("children", f"{call.__name__}_efron")
    assert ratio.low < ratio.value < ratio.high


@pytest.mark.parametrize("call", CALLS)
def test_rows_of_a_child_that_overlap_are_refused(call, rows):
    with pytest.raises(WrongUse, match="Rows of 1 child overlap"):
        call("stop ~ arm", pd.concat([rows, rows.head(1)]))


@pytest.mark.parametrize("call", CALLS)
def test_kinds_of_columns_and_odd_indexes_change_nothing(call, rows):
    other = rows.sample(frac=1, random_state=1).assign(
        child_key=lambda frame: frame["child_key"].astype("category"),
        event=lambda frame: frame["event"].astype(bool),
        stop=lambda frame: frame["stop"].astype("Int64"),
    )
    other.index = [7] * len(other)
    before = other.copy()
    one, two = (call("stop ~ arm + age", frame).table for frame in (rows, other))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9)
    pd.testing.assert_frame_equal(other, before)


def test_a_column_that_is_not_there_is_named(rows):
    with pytest.raises(WrongUse, match=r"no column child\."):
        andersen_gill("stop ~ arm", rows, child="child")
    with pytest.raises(WrongUse, match="no column until"):
        pwp_gap("until ~ arm", rows)


def test_later_events_are_numbered_only_where_each_row_is_known(rows):
    lacking = rows.assign(event=rows["event"].astype(float).mask(rows.index == 1))
    assert "missing_values" in [one.trap for one in andersen_gill("stop ~ arm", lacking).beware]
    with pytest.raises(WrongUse, match="cannot be numbered"):
        pwp_total("stop ~ arm", lacking)


def test_strata_with_few_events_are_told_of_and_may_be_pooled(rows):
    few = rows[~((rows.groupby("child_key").cumcount() == 3) & (rows.index > 40))]
    traps = [one for one in pwp_total("stop ~ arm", few).beware if one.trap == "few_events"]
    assert "numbered 4" in str(traps[0].text)
    assert "few_events" not in [one.trap for one in pwp_total("stop ~ arm", few, most=3).beware]
    with pytest.raises(WrongUse, match="1 or more"):
        pwp_total("stop ~ arm", few, most=0)


def test_a_gap_in_several_rows_is_one_gap(rows):
    middle = np.floor((rows["start"] + rows["stop"]) / 2)
    cut = rows["stop"] - rows["start"] > 1
    pieces = pd.concat(
        [
            rows[cut].assign(stop=middle[cut], event=0),
            rows.assign(start=rows["start"].mask(cut, middle)),
        ]
    )
    one, two = (pwp_gap("stop ~ arm + age", frame).table for frame in (rows, pieces))
    pd.testing.assert_frame_equal(one, two, rtol=1e-9)


def test_the_rows_of_the_at_risk_table_are_numbered_and_clocked_alike():
    rng = np.random.default_rng(8)
    keys = [f"C{number}" for number in range(40)]
    children = pd.DataFrame(
        {
            "child_key": keys,
            "arm": rng.choice(["new", "old"], 40),
            "time_zero": pd.Timestamp("2025-01-01"),
            "followed_to": pd.Timestamp("2025-01-01")
            + pd.to_timedelta(rng.integers(60, 300, 40), "D"),
        }
    )
    started = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(1, 300, 150), "D")
    episodes = pd.DataFrame(
        {
            "child_key": rng.choice(keys, 150),
            "started_on": started,
            "ended_on": started + pd.to_timedelta(rng.integers(0, 9, 150), "D"),
        }
    )
    rows = recurring(at_risk_table(children, episodes)).rows
    by_events = pwp_gap("stop ~ arm", rows)
    by_columns = cox(
        "gap_stop ~ arm", rows, event="event", start="gap_start", strata="enum", cluster="child_key"
    )
    assert by_events.one("hazard_ratio").value == by_columns.one("hazard_ratio").value
    assert by_events.one("hazard_ratio").se == by_columns.one("hazard_ratio").se


class TestCauses:
    """Hazards of one kind of event, others ending the wait."""

    cases = pd.DataFrame(
        {
            "days": [5, 8, 12, 20, 21, 30, 33, 41],
            "ended": ["back", "moved", None, "back", "back", "moved", "", "back"],
            "age": [3, 9, 7, 8, 2, 5, 6, 4],
        }
    )

    def found(self, **named):
        called = {"cause": "ended", "of": "back"} | named
        return cause_specific("days ~ age", called.pop("data", self.cases), **called)

    def test_other_kinds_are_censored_and_counted(self):
        found = self.found(censored="")
        assert found.model.nobs == 7
        assert found.one("hazard_ratio").events == 4
        assert "competing_events" in found.one("hazard_ratio").unmet
        assert [one.trap for one in found.beware] == [
            "missing_values",
            "few_events",
            "competing_events",
        ]
        assert "2 events of another kind" in str(found.beware[-1].text)

    def test_missing_may_mean_that_nothing_happened(self):
        found = self.found(
            censored=None, data=self.cases.assign(ended=lambda f: f["ended"].replace("", None))
        )
        assert found.model.nobs == 8
        assert "2 events" in str(found.beware[-1].text)

    def test_without_other_kinds_there_is_nothing_to_beware_of(self):
        alone = self.cases.replace({"ended": {"moved": ""}})
        found = self.found(censored="", data=alone)
        assert "competing_events" in found.one("hazard_ratio").met
        assert "competing_events" not in [one.trap for one in found.beware]

    def test_a_hazard_of_one_kind_is_coxs_with_the_others_censored(self):
        numbers = self.cases.assign(ended=[1, 2, 0, 1, 1, 2, 0, 1])
        by_number = self.found(data=numbers, of=1)
        by_word = self.found(
            censored=None, data=self.cases.assign(ended=lambda f: f["ended"].replace("", None))
        )
        assert by_number.one("hazard_ratio").value == by_word.one("hazard_ratio").value


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("column", ["start", "stop"])
def test_times_that_are_no_numbers_are_refused(call, rows, column):
    with pytest.raises(WrongUse, match="must be numbers"):
        call("stop ~ arm", rows.assign(**{column: "soon"}))


def test_a_stop_that_is_missing_among_objects_is_left_out_or_refused(rows):
    stop = [None, *rows["stop"].tolist()[1:]]
    lacking = rows.assign(stop=pd.Series(stop, dtype=object))
    assert andersen_gill("stop ~ arm", lacking).model.n_missing == 1
    for call in (pwp_total, pwp_gap):
        with pytest.raises(WrongUse, match="cannot be numbered"):
            call("stop ~ arm", lacking)
