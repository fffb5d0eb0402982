"""The whole road finds a known effect: from workbooks to what a report would claim.

A few worlds go through workbooks that are written, read, checked and accepted; that is CI's part.
That the road in memory gives the same release lets `make calibrate` take it many times, and write
docs/recovery.md.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from recovery.page import summed, written
from recovery.roads import (
    by_workbooks,
    claimed,
    in_memory,
    of_the_claim,
    one,
    planned,
    take_in,
    world,
)
from recovery.running import Settings, run
from scipy.stats import binom

from analyses.invented.world import CHILDREN
from evaluation.store import receipts
from reports.quarterly.comparison import claim

ROOT = Path(__file__).parents[2]
EFFECTS = (1.0, 0.7, 0.5)
SEED = 5_000
FEW = planned(199)


@pytest.fixture(scope="module", params=EFFECTS)
def lived(request, tmp_path_factory):
    """A small world with this effect, and the release that came of its workbooks."""
    returns = world(request.param, children=3_600, seed=1)
    store = take_in(returns, tmp_path_factory.mktemp("road"))
    assert len(receipts(store)) == len(returns)  # each was right, and accepted
    return request.param, returns, by_workbooks(store, FEW)


@pytest.mark.slow
def test_the_road_through_workbooks_and_the_one_in_memory_lead_to_one_claim(lived):
    effect, returns, release = lived
    if effect == EFFECTS[-1]:  # the whole release takes longer: once is enough
        assert in_memory(returns, FEW).figures == release.figures
    short, exact = claimed(returns, FEW)
    assert of_the_claim(short, FEW) == of_the_claim(release, FEW)
    assert len(of_the_claim(short, FEW)) == 5
    assert claim(short) == claim(release)
    ratio = one(exact, "rate_ratio", FEW.window_days)
    assert ratio.low < effect < ratio.high  # of these worlds; many are asked below how often
    before, after = (figure.value for figure in exact[:2])
    assert after < 0.7 * before  # whatever the service did
    assert claim(release).kind != "more"


def unlikely_few(share, worlds):
    """Fewer than this come by chance once in a thousand."""
    return binom.ppf(0.001, worlds, share)


def unlikely_many(share, worlds):
    return binom.isf(0.001, worlds, share)


@pytest.mark.calibrate
def test_over_many_worlds_it_keeps_what_the_plan_promises_and_the_table_is_written():
    """RECOVERY_WORLDS of each effect (default 300), RECOVERY_WORKERS processes, RECOVERY_MINUTES."""
    settings = Settings(
        effects=EFFECTS,
        worlds=int(os.environ.get("RECOVERY_WORLDS", "300")),
        children=CHILDREN,
        replicates=399,
        truth_children=200_000,
        seed=SEED,
    )
    minutes = float(os.environ.get("RECOVERY_MINUTES", "inf"))
    began = datetime.now(UTC)
    plan = planned(settings.replicates)
    found, truths = run(
        settings,
        kept=ROOT / "build" / "recovery",
        workers=int(os.environ.get("RECOVERY_WORKERS", os.cpu_count() or 1)),
        until=began.timestamp() + 60 * minutes,
    )
    rows = summed(found, truths, plan)
    page = written(rows, settings, truths, on=began.date())
    whole = rows["worlds"].min() >= 100
    target = ROOT / ("docs/recovery.md" if whole else "build/recovery/recovery.md")
    target.write_text(page, encoding="utf-8")
    print(page)  # noqa: T201

    for row in rows.itertuples():
        worlds = row.worlds
        covered, claimed_right, wrong = (
            round(share * worlds) for share in (row.covers, row.power, row.wrong)
        )
        assert unlikely_few(0.95, worlds) <= covered <= unlikely_many(0.95, worlds)
        promised = (unlikely_few(row.power_plan, worlds), unlikely_many(row.power_plan, worlds))
        assert promised[0] <= claimed_right <= promised[1]
        assert wrong <= unlikely_many(0.025, worlds)
        assert abs(row.bias) < 3.3 * row.bias_error
        assert row.naive < 0.6
        assert row.naive_better > 0.99
