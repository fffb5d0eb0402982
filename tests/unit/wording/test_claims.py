"""The claims: each only where the released figures bear it, and never a word too many."""

from dataclasses import replace
from datetime import date

import pytest

from evaluation.language import LANGUAGES, Text
from evaluation.nouns import AT_LOOK, Claiming, Figure, Release
from evaluation.quarters import Quarter
from evaluation.wording import ASSUMPTIONS, awaited, can_and_cannot, for_100_children, say
from evaluation.wording.numbers import confidence

OUTCOME, PHRASE = Text("Going missing again"), Text("missing episodes")


def figure(**changes):
    return replace(
        Figure(
            section="re_missing", measure="rate_ratio", group="contrast", cohort="discussed",
            outcome="re_missing", days=182, unit="children", children=150, of=None, events=None,
            value=0.78, low=0.62, high=0.97, confidence=0.95, method="", design_level=3,
            unmet=("unmeasured_confounding",), role="primary", withheld=None, why_not=None,
        ),
        **changes,
    )  # fmt: skip


def release(quarter="2024Q4", *figures, claim_quarter="2024Q4", **claiming):
    return Release(
        body="gwent", quarter=Quarter.parse(quarter), snapshot="s", plan="p",
        claim_quarter=claim_quarter and Quarter.parse(claim_quarter), policy={}, versions={},
        made_on=date(2025, 4, 30), figures=figures, claiming=Claiming(**claiming),
    )  # fmt: skip


def claim(ratio, quarter="2024Q4", *, made=None, **others):
    return say(ratio, outcome=OUTCOME, phrase=PHRASE, release=made or release(quarter), **others)


@pytest.mark.parametrize(
    ("low", "high", "kind"),
    [
        (0.62, 0.97, "fewer"),
        (1.1, 1.9, "more"),
        (0.7, 1.2, "inconclusive"),
        (0.7, 1.0, "inconclusive"),
        (1.0, 1.4, "inconclusive"),
    ],
)
def test_a_claim_is_what_the_released_interval_says(low, high, kind):
    assert claim(figure(low=low, high=high)).kind == kind


@pytest.mark.parametrize(
    ("ratio", "per_100", "kind"),
    [
        ((0.52, 1.0), (-72.0, -0.42), "fewer"),
        ((0.52, 1.0), (-72.0, 0.3), "inconclusive"),
        ((1.0, 1.9), (2.1, 96.0), "more"),
        ((1.0, 1.9), (-0.2, 96.0), "inconclusive"),
    ],
)
def test_a_limit_that_rounding_puts_on_1_lies_where_the_result_for_100_children_lies(
    ratio, per_100, kind
):
    """Or 1.04 would be no evidence of more where 0.994 is evidence of fewer."""
    low, high = per_100
    said = claim(
        figure(low=ratio[0], high=ratio[1]),
        per_100=figure(
            measure="episodes_per_100_children", value=(low + high) / 2, low=low, high=high
        ),
    )
    assert said.kind == kind


def test_a_claim_gives_the_interval_the_result_for_100_children_and_the_sizes_of_the_groups():
    said = claim(
        figure(),
        per_100=figure(measure="episodes_per_100_children", value=-34.0, low=-71.0, high=-0.51),
        arms=(figure(children=60), figure(children=90)),
    )
    assert str(said.headline) == (
        "Going missing again: there is evidence of fewer missing episodes among children referred, "
        "in the 182 days after."
    )
    assert [str(sentence) for sentence in said.sentences] == [
        (
            "Rate ratio: 0.78 (95% confidence interval 0.62 to 0.97). Below 1 means fewer missing episodes "
            "for each day at risk than in the comparison group; above 1 means more."
        ),
        (
            "For every 100 children referred, over 182 days: 34 fewer missing episodes than in the "
            "comparison group; the interval runs from 0.51 to 71 fewer."
        ),
        "Number of children referred: 60. In the comparison group: 90.",
    ]


def test_inconclusive_is_never_passed_off_as_no_effect():
    said = claim(figure(low=0.7, high=1.2))
    assert "does not mean that the service has no effect" in str(said.sentences[0])


@pytest.mark.parametrize("quarter", ["2024Q3", "2025Q1"])
def test_in_any_quarter_but_the_plan_s_the_figures_are_interim(quarter):
    said = claim(figure(), quarter)
    assert said.kind == "interim"
    assert "interim, no claim" in str(said.headline)
    assert "January to March 2025" in str(said.sentences[0])
    assert "0.78" in str(said.sentences[1])


@pytest.mark.parametrize(
    "change",
    [
        {"role": "monitoring", "design_level": 2},
        {"role": "secondary"},
        {"design_level": 2},
        {"design_level": None},
    ],
)
def test_only_the_primary_comparison_may_carry_a_claim(change):
    assert claim(figure(**change)).kind == "monitoring"


def test_every_claim_names_the_design_and_what_weakens_it():
    for low, high in ((0.62, 0.97), (1.1, 1.9), (0.7, 1.2)):
        said = claim(figure(low=low, high=high, unmet=("unmeasured_confounding", "crossing_over")))
        assert "Level 3 of 5" in str(said.level)
        assert said.weakened_by == (
            ASSUMPTIONS["unmeasured_confounding"], ASSUMPTIONS["crossing_over"],
        )  # fmt: skip


# ---- What forbids a claim --------------------------------------------------------------------------


BLOCKED_BY = ("few_children", "imbalance", "returns_missing", "definition_changed")


@pytest.mark.parametrize("code", BLOCKED_BY)
def test_what_the_plan_names_forbids_a_claim_and_says_so(code):
    said = claim(
        figure(unmet=("unmeasured_confounding", code)), made=release(blocked_by=BLOCKED_BY)
    )
    assert said.kind == "blocked"
    assert "no claim can be made" in str(said.headline)
    assert str(ASSUMPTIONS[code]) in str(said.meaning)
    assert str(ASSUMPTIONS["unmeasured_confounding"]) not in str(said.meaning)
    assert "evidence" not in " ".join(map(str, (said.headline, *said.sentences)))


def test_several_things_that_forbid_a_claim_stand_as_sentences_not_as_a_list():
    codes = BLOCKED_BY[:2]
    said = claim(figure(unmet=codes), made=release(blocked_by=BLOCKED_BY))
    for language in LANGUAGES:
        both = " ".join(ASSUMPTIONS[code].to(language) for code in codes)
        assert both in said.meaning.to(language)


def test_what_the_plan_does_not_name_forbids_nothing():
    said = claim(figure(unmet=("crossing_over",)), made=release(blocked_by=BLOCKED_BY))
    assert said.kind == "fewer"


def test_whatever_departs_from_the_plan_is_exploratory_and_claims_nothing():
    for said in (
        claim(figure(role="exploratory", unmet=("departs_from_plan",))),
        claim(figure(), made=release(departs=("trigger_days",))),
    ):
        assert said.kind == "exploratory"
        assert "does not name it" in str(said.meaning)
        assert "0.78" in str(said.sentences[1])


# ---- Two main figures ------------------------------------------------------------------------------


def other(low, high, **changes):
    return figure(
        cohort="referred_now",
        role="co_primary",
        value=(low * high) ** 0.5,
        low=low,
        high=high,
        **changes,
    )


@pytest.mark.parametrize(
    ("agreement", "low", "high", "kind"),
    [
        ("first", 0.5, 0.8, "fewer"),
        ("first", 0.7, 1.4, "fewer"),
        ("first", 1.2, 1.9, "inconclusive"),
        ("both", 0.5, 0.8, "fewer"),
        ("both", 0.7, 1.4, "inconclusive"),
        ("both", 1.2, 1.9, "inconclusive"),
    ],
)
def test_the_first_figure_claims_and_the_other_may_not_contradict_it(agreement, low, high, kind):
    said = claim(figure(), made=release(agreement=agreement), co_primary=other(low, high))
    assert said.kind == kind
    assert "referred yet" in str(said.beside)
    if kind == "inconclusive":
        assert "do not agree" in str(said.meaning)
        assert "does not mean" in str(said.meaning)


def test_the_other_figure_never_makes_a_claim_of_its_own():
    said = claim(figure(low=0.7, high=1.2), co_primary=other(0.4, 0.7))
    assert said.kind == "inconclusive"
    assert "fit fewer" in str(said.meaning)
    assert claim(other(0.4, 0.7)).kind == "monitoring"


@pytest.mark.parametrize(
    "nothing", [None, {"withheld": "small_arm"}, {"why_not": "too_few_children"}]
)
def test_without_the_other_figure_the_first_stands_unless_both_are_asked_for(nothing):
    gone = nothing and replace(other(1, 1), value=None, low=None, high=None, **nothing)
    assert claim(figure(), co_primary=gone).kind == "fewer"
    assert claim(figure(), made=release(agreement="both"), co_primary=gone).kind == "inconclusive"
    assert ("is not shown, because" in str(claim(figure(), co_primary=gone).beside)) == bool(
        nothing
    )


def test_what_weakens_the_other_figure_forbids_a_claim_only_where_both_are_asked_for():
    weak = other(0.4, 0.7, unmet=("few_children",))
    made = {
        agreement: release(agreement=agreement, blocked_by=BLOCKED_BY)
        for agreement in ("first", "both")
    }
    assert claim(figure(), made=made["first"], co_primary=weak).kind == "fewer"
    assert claim(figure(), made=made["both"], co_primary=weak).kind == "blocked"


# ---- Rules other than a date -----------------------------------------------------------------------


def test_until_enough_children_have_been_followed_the_figures_are_interim_and_say_what_is_awaited():
    made = release(claim_quarter=None, rule="by_children", children=100, days=182)
    said = claim(figure(), made=made)
    assert said.kind == "interim"
    assert "100 children in each group whose 182 days are complete" in str(said.meaning)


def looking(low, high, *, others=()):
    wide = figure(measure="rate_ratio" + AT_LOOK, low=low, high=high, confidence=0.9969)
    return release(
        "2024Q4", wide, *others, rule="by_spending", looks=(Quarter(2024, 4), Quarter(2025, 2))
    )


def test_at_a_look_the_claim_is_judged_and_told_by_the_interval_of_the_look():
    assert claim(figure(), made=looking(0.5, 0.99)).kind == "fewer"
    said = claim(figure(), made=looking(0.5, 1.3))
    assert said.kind == "inconclusive"
    assert "(99.7% confidence interval 0.50 to 1.30)" in str(said.ratio)


def test_a_limit_on_1_is_decided_by_the_difference_of_the_same_look():
    per_100 = figure(measure="episodes_per_100_children", value=-30.0, low=-60.0, high=-4.0)
    for high, kind in ((-0.5, "fewer"), (2.0, "inconclusive")):
        wide = replace(per_100, measure="episodes_per_100_children" + AT_LOOK, high=high)
        assert claim(figure(), made=looking(0.5, 1.0, others=(wide,)), per_100=per_100).kind == kind


def test_at_a_look_without_its_interval_nothing_is_claimed():
    made = release(rule="by_spending", looks=(Quarter(2024, 4),))
    assert claim(figure(), made=made).kind == "not_estimable"


@pytest.mark.parametrize(
    ("claim_quarter", "words"),
    [("2025Q2", "July to September 2025"), (None, "last look has passed")],
)
def test_between_looks_the_next_one_is_named(claim_quarter, words):
    made = release(
        "2024Q3", claim_quarter=claim_quarter, rule="by_spending", looks=(Quarter(2025, 2),)
    )
    assert claim(figure(), made=made).kind == "interim"
    assert words in str(awaited(made))


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.95, "95%"),
        (0.9, "90%"),
        (0.9969, "99.7%"),
        (0.976, "97.6%"),
        (0.99998, "99.998%"),
        (1.0, "99.999%"),
    ],
)
def test_a_stricter_confidence_is_never_written_as_certainty(share, written):
    assert confidence(share) == written


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (None, "holds no figure"),
        (figure(value=None, low=None, high=None, why_not="no_comparison"), "cannot be estimated, because there is no group to compare with"),
        (figure(value=None, low=None, high=None, withheld="small_arm"), "withheld, because one side of the comparison comes from too few children"),
        (figure(low=None), "holds no figure with an interval"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("quarter", ["2024Q4", "2024Q3"])
def test_without_a_figure_there_is_no_claim_but_a_reason(ratio, words, quarter):
    said = claim(ratio, quarter)
    assert said.kind == "not_estimable"
    assert words in str(said.headline)


@pytest.mark.parametrize(
    ("value", "low", "high", "words"),
    [
        (-34.0, -71.0, 5.2, "34 fewer missing episodes than in the comparison group; the interval runs from 71 fewer to 5.2 more"),
        (12.0, -5.0, 30.0, "12 more missing episodes than in the comparison group; the interval runs from 5.0 fewer to 30 more"),
        (12.0, 2.0, 30.0, "12 more missing episodes than in the comparison group; the interval runs from 2.0 to 30 more"),
    ],
)  # fmt: skip
def test_the_result_for_100_children_says_fewer_and_more_at_the_right_ends(value, low, high, words):
    assert words in str(for_100_children(figure(value=value, low=low, high=high), PHRASE))


def test_the_panel_names_every_assumption_that_is_not_met():
    limits = can_and_cannot(figure(unmet=("crossing_over", "time_away_not_removed")))
    assert any("Level 3 of 5" in str(text) for text in limits.can)
    assert "is the cause" in str(limits.cannot[0])
    assert ["referred later" in str(text) for text in limits.weakened_by] == [True, False]
    assert "Time away from home" in str(limits.weakened_by[1])


def test_without_a_figure_the_panel_says_that_nothing_is_known():
    for nothing in (None, figure(value=None)):
        limits = can_and_cannot(nothing)
        assert "Nothing yet" in str(limits.can[0])
        assert "not a figure of zero" in str(limits.cannot[0])
