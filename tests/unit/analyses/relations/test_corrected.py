"""A quarter that is corrected: five children fewer, one more, and the same once more."""

from collections import Counter
from datetime import date

import numpy as np
import pandas as pd
import pytest

from analyses.relations import relations
from analyses.services.funnel import STAGES
from evaluation.disclosure import PUBLIC, Left, counts_behind, place_of, release
from evaluation.nouns import Estimate
from evaluation.quarters import Quarter

QUARTER = Quarter(2024, 4)
MONTHS = [f"2024-{month:02}" for month in range(4, 13)]
REASONS = ("unsuitable", "unreachable", "refused", "moved")


def referred(number, seed=3):
    """Invented children who were referred: how far each came, and what is said of each."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "stage": rng.choice(5, number, p=(0.2, 0.15, 0.25, 0.25, 0.15)),
            "reason": rng.choice(REASONS, number, p=(0.5, 0.3, 0.15, 0.05)),
            "month": rng.choice(MONTHS, number),
            "age": rng.choice(["10_12", "13_15", "16_17"], number, p=(0.1, 0.5, 0.4)),
            "sex": rng.choice(["girl", "boy", "unknown"], number, p=(0.45, 0.5, 0.05)),
        }
    )


def figures(children):
    """The funnel, why children were declined, who engaged by age and sex, and the months."""
    every = len(children)
    for number, stage in enumerate(STAGES):
        reached = int((children["stage"] >= number).sum())
        yield Estimate("referrals", stage, cohort="st_giles_12_months", children=reached, of=every,
                       value=reached / every)  # fmt: skip
    declined = children[children["stage"] == 0]
    yield Estimate("referrals", "declined", cohort="st_giles_12_months", children=len(declined),
                   of=every, value=len(declined) / every)  # fmt: skip
    for reason in REASONS:
        own = int((declined["reason"] == reason).sum())
        yield Estimate("referrals", "declined_because", reason, cohort="st_giles_12_months",
                       children=own, of=len(declined), value=own / len(declined))  # fmt: skip
    engaged = children["stage"] >= 3
    yield Estimate("engagement", "engaged", cohort="st_giles", children=int(engaged.sum()),
                   of=every, value=engaged.mean())  # fmt: skip
    for split in ("age", "sex"):
        for group, own in engaged.groupby(children[split]):
            yield Estimate("engagement", "engaged", group, cohort=f"st_giles_by_{split}",
                           children=int(own.sum()), of=len(own), value=own.mean())  # fmt: skip
    for month, own in children.groupby("month"):
        yield Estimate("monitoring", "referrals_made", month, cohort="st_giles", unit="records",
                       children=len(own), events=len(own), value=float(len(own)))  # fmt: skip


def made(estimates, earlier):
    return release(
        estimates, PUBLIC, body="gwent", quarter=QUARTER, snapshot="s", plan="p",
        claim_quarter=None, versions={}, made_on=date(2025, 4, 30), earlier=earlier,
        relations=relations(
            estimates, {at: left.release for at, left in earlier.items()}, str(QUARTER)
        ),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [3, 4])
def test_a_correction_leaves_and_the_same_again_is_the_same(seed):
    children = referred(171, seed)
    versions = [children.iloc[:170], children.iloc[5:170], children.iloc[4:], children.iloc[4:]]
    earlier, left = {}, []
    for number, version in enumerate(versions):
        estimates = list(figures(version))
        left.append(made(estimates, earlier))
        earlier[f"r{number}"] = Left(left[-1], counts_behind(estimates))
    first, *corrected, again = left
    assert again.figures == corrected[-1].figures
    for each in corrected:
        withheld = Counter(figure.withheld for figure in each.figures)
        assert withheld["earlier_release"] <= 3
        assert each.figures != first.figures  # the correction is seen


def test_where_nothing_changed_in_between_nothing_is_withheld_for_the_sake_of_it():
    """Only the months of one quarter are told by a release of another quarter too."""
    estimates = list(figures(referred(170)))
    before = release(
        estimates, PUBLIC, body="gwent", quarter=QUARTER - 1, snapshot="s", plan="p",
        claim_quarter=None, versions={}, made_on=date(2025, 1, 30), relations=[],
    )  # fmt: skip
    found = relations(estimates, {"before": before}, str(QUARTER))
    linked = {each.left[0].place for each in found if each.kind == "same"}
    assert linked == {place_of(each) for each in estimates if each.section == "monitoring"}
