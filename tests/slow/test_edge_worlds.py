"""A whole invented world, from which one provider's returns are taken away: nothing becomes zero."""

from dataclasses import replace
from datetime import date

import pytest

from analyses.invented.returns import invent, snapshot_of
from analyses.monitoring import SERIES, charted
from analyses.plan import read_plan
from analyses.quarterly import estimates
from analyses.services import Contract
from evaluation.disclosure import PUBLIC, release
from evaluation.language import Text
from evaluation.nouns import DatedEvent
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, METHODS, REASONS
from reports.reading import read_body

pytestmark = pytest.mark.slow

QUARTERS = Quarter(2023, 1).to(Quarter(2024, 4))
PLAN = replace(read_plan(), bootstrap_replicates=19)
PROVIDERS = read_body("gwent").providers
ONE_OF_A_KIND = {provider.forms: name for name, provider in PROVIDERS.items()}.values()
"""One of those that send the same forms: the others' silence looks alike."""
CONTRACTS = (Contract("st_giles", 100_000, "2023/24"),)
REVIEW = DatedEvent(date(2024, 2, 5), "review", Text("A review"), ("op_encompass",))


@pytest.fixture(scope="module")
def returns():
    return invent(QUARTERS, children=600, seed=3)


def everything(snapshot):
    """Every figure of a release."""
    return estimates(
        snapshot, PLAN, PROVIDERS, contracts=CONTRACTS, events=[REVIEW], registered=PLAN
    )


def leaves(told, snapshot):
    return release(
        told, PUBLIC, body="gwent", quarter=snapshot.quarter, snapshot="S1", plan=PLAN.hash,
        claim_quarter=None, versions={}, made_on=date(2025, 4, 20),
    ).figures  # fmt: skip


def is_sound(told, snapshot):
    assert len(leaves(told, snapshot)) == len(told)
    assert [f for f in told if f.value is None and not f.why_not] == []
    assert {f.why_not for f in told if f.why_not} <= REASONS.keys()
    assert {code for f in told for code in f.unmet} <= ASSUMPTIONS.keys()
    assert {f.method for f in told if f.method} <= METHODS.keys()


@pytest.mark.parametrize("silent", ONE_OF_A_KIND)
def test_a_provider_that_never_sent_anything_leaves_reasons_and_no_zeros(returns, silent):
    snapshot = snapshot_of(
        {key: forms for key, forms in returns.items() if key[0] != silent}, QUARTERS[-1]
    )
    told = everything(snapshot)
    is_sound(told, snapshot)
    gone = set(PROVIDERS[silent].forms) - {form for _, form, _ in snapshot.arrived}
    for series in SERIES.values():
        if gone & set(series.forms):
            own = [
                f
                for f in told
                if (f.section, f.measure, f.outcome)
                == (series.section, series.measure, series.outcome)
                and f.cohort == series.cohort
            ]
            assert {f.value for f in own} <= {None}, series.name
            assert charted(told, series).variation is None


@pytest.mark.parametrize("silent", ONE_OF_A_KIND)
def test_a_quarter_that_one_provider_skipped_is_a_gap_and_not_a_quiet_time(returns, silent):
    skipped = (silent, Quarter(2024, 2))
    snapshot = snapshot_of(
        {key: rows for key, rows in returns.items() if key != skipped}, QUARTERS[-1]
    )
    told = everything(snapshot)
    is_sound(told, snapshot)
    for series in SERIES.values():
        if set(PROVIDERS[silent].forms) & set(series.forms):
            points = charted(told, series).points
            assert points.loc["2024-07":"2024-09", "value"].isna().all(), series.name
            assert set(points.loc["2024-07":"2024-09", "why_not"]) == {"no_return"}, series.name
            assert set(points.loc["2024-07":"2024-09", "marks"]) == {""}


@pytest.mark.parametrize("quarter", QUARTERS[:3], ids=str)
def test_the_first_quarters_can_be_released_too(returns, quarter):
    snapshot = snapshot_of(returns, quarter)
    told = everything(snapshot)
    is_sound(told, snapshot)
    assert max(f.group for f in told if f.measure == "episodes") == f"{quarter.last_day:%Y-%m}"
    assert {f.value for f in told if f.role == "primary"} == {None}
