"""A country's counts give what its rows give."""

import duckdb
import numpy as np
import pandas as pd
import pytest

from evaluation.errors import WrongUse
from evaluation.estimating.cox import Cox, kernel
from evaluation.estimating.cox.cells import cox_from_cells
from evaluation.estimating.limits import CannotEstimate

FORMULA = "day ~ arm + C(band)"


@pytest.fixture(scope="module")
def rows():
    """2,000 rows in whole days, half of them entering late, in three areas."""
    rng = np.random.default_rng(21)
    count = 2000
    arm = rng.choice(["new", "old"], count)
    band = rng.integers(1, 4, count)
    stop = np.ceil(np.minimum(rng.exponential(40 / np.where(arm == "new", 1.5, 1) / band), 90))
    start = np.floor(stop * rng.uniform(0, 1, count)) * rng.integers(0, 2, count)
    return pd.DataFrame(
        {
            "arm": arm,
            "band": band,
            "area": rng.choice(["a", "b", "c"], count),
            "start": np.minimum(start, stop - 1),
            "stop": stop,
            "event": ((rng.random(count) < 0.8) & (stop < 90)).astype(int),
            "weight": rng.choice([0.5, 1.0, 2.5], count),
        }
    )


def counted(rows, *, by="arm, band", weight="1", entry=False):
    """The GROUP BY of the docstring; who enters is counted beside who leaves."""
    leaving = f"""
        SELECT {by}, stop AS day, sum({weight}) AS leave, sum(event * {weight}) AS events,
               sum(event) AS event_rows, 0 AS enter
        FROM rows GROUP BY ALL"""
    entering = f"""
        SELECT {by}, start AS day, 0 AS leave, 0 AS events, 0 AS event_rows, sum({weight}) AS enter
        FROM rows WHERE start > 0 GROUP BY ALL"""
    cells = duckdb.sql(f"{leaving} UNION ALL {entering}" if entry else leaving).df()
    return cells if entry else cells.drop(columns="enter")


def of_rows(rows, *, ties, entry=False, strata=None, weights=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernel, "group", lambda _: None)
        return Cox.from_formula(
            FORMULA,
            rows.rename(columns={"stop": "day"}),
            event="event",
            start="start" if entry else None,
            strata=strata,
            weights=weights,
            ties=ties,
        ).fit(cov_type="nonrobust", warn=False)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("entry", [False, True])
@pytest.mark.parametrize("strata", [None, "area"])
@pytest.mark.parametrize("weight", [None, "weight"])
def test_counts_give_what_the_rows_give(rows, ties, entry, strata, weight):
    cells = counted(
        rows,
        by="arm, band" + (", area" if strata else ""),
        weight=weight or "1",
        entry=entry,
    )
    found = cox_from_cells(
        FORMULA,
        cells.sample(frac=1, random_state=1),
        enter="enter" if entry else None,
        event_rows="event_rows",
        strata=strata,
        ties=ties,
    )
    fitted = of_rows(rows, ties=ties, entry=entry, strata=strata, weights=weight)
    mine = found.model
    pd.testing.assert_series_equal(mine.params, fitted.params, rtol=1e-9)
    pd.testing.assert_series_equal(mine.bse, fitted.bse, rtol=1e-9)
    assert (mine.llf, mine.llnull) == pytest.approx((fitted.llf, fitted.llnull), rel=1e-11)
    pd.testing.assert_frame_equal(mine.baseline(), fitted.baseline(), rtol=1e-9, check_dtype=False)
    ratio = found.one("hazard_ratio", "arm[T.old]")
    assert ratio.value == pytest.approx(np.exp(fitted.params["arm[T.old]"]), rel=1e-9)
    assert ratio.se == pytest.approx(fitted.bse["arm[T.old]"], rel=1e-9)
    if weight is None:
        assert (ratio.children, ratio.events) == (2000, rows["event"].sum())


def test_whole_events_need_no_count_of_rows(rows):
    cells = counted(rows).drop(columns="event_rows")
    ratios = cox_from_cells(FORMULA, cells).model.params
    assert ratios.to_numpy() == pytest.approx(of_rows(rows, ties="efron").params.to_numpy())
    with pytest.raises(WrongUse, match="event_rows"):
        cox_from_cells(FORMULA, cells.assign(events=cells["events"] / 2))
    halves = cells.assign(events=cells["events"] / 2, leave=cells["leave"] / 2)
    by_breslow = cox_from_cells(FORMULA, halves, ties="breslow").model.params
    assert by_breslow.to_numpy() == pytest.approx(of_rows(rows, ties="breslow").params.to_numpy())


def test_cells_that_lack_a_covariate_are_left_out_and_told_of(rows):
    lacking = rows.assign(arm=rows["arm"].mask(rows.index % 9 == 0))
    found = cox_from_cells(FORMULA, counted(lacking))
    whole = of_rows(lacking.dropna(), ties="efron")
    assert found.model.params.to_numpy() == pytest.approx(whole.params.to_numpy())
    assert (found.model.n_missing, found.model.nobs) == (223, 1777)
    assert "223 rows" in str(found.beware[0].text)


def test_separation_is_told(rows):
    cells = counted(rows)
    quiet = cells.assign(events=cells["events"].where(cells["arm"] == "old", 0))
    found = cox_from_cells("day ~ arm", quiet.drop(columns="event_rows"))
    ratio = found.one("hazard_ratio")
    assert (ratio.value, ratio.why_not, ratio.unmet) == (None, "separation", ("separation",))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"leave": -1}, "missing or negative"),
        ({"events": np.nan}, "missing or negative"),
        ({"leave": 0}, "more events than rows"),
        ({"day": np.inf}, "no day"),
        ({"enter": 99}, "never stop"),
    ],
    ids=str,
)
def test_counts_that_cannot_be_are_refused(rows, wrong, says):
    cells = counted(rows, entry=True)
    with pytest.raises(WrongUse, match=says):
        cox_from_cells(FORMULA, cells.assign(**wrong), enter="enter")


def test_no_event_is_no_estimate(rows):
    with pytest.raises(CannotEstimate):
        cox_from_cells(FORMULA, counted(rows.assign(event=0)))


def test_what_wants_rows_says_so(rows):
    fitted = cox_from_cells(FORMULA, counted(rows)).model
    with pytest.raises(WrongUse, match="wants rows"):
        _ = fitted.kernel.sets
