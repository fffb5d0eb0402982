"""What each section says, and what it must not say, of releases that differ."""

import re
from dataclasses import replace

import pytest

from evaluation.nouns import Before, Claiming
from reports.reading import read_body
from tests.unit.reports.sections_text import SECTIONS, written


@pytest.mark.usefixtures("working_directory")
def test_the_first_page_answers_its_four_questions(making):
    text = written("headline", making.full(), "en")
    assert re.findall(r"^### (.*)$", text, re.MULTILINE)[:4] == [
        "Is it working?", "How sure are we?", "What changed since last quarter?",
        "What needs a decision?",
    ]  # fmt: skip
    assert "evidence of fewer missing episodes" in text
    assert "Children waiting for St Giles to decide: 15" in text
    assert "January 2025 (50)" in text


def test_a_return_that_has_not_come_needs_a_decision(making):
    release = making.full(quarter=making.Quarter(2024, 2))
    text = written("headline", release, "en")
    assert "Gwent missing meeting has not sent: Meeting decisions" in text


def test_in_a_quarter_without_a_claim_nothing_should_be_settled(making):
    release = making.full(claim_quarter=making.Quarter(2025, 4))
    text = written("headline", release, "en")
    assert "interim, no claim" in text
    assert "Nothing about the service should be settled" in text
    assert "evidence of" not in text


@pytest.mark.usefixtures("working_directory")
def test_while_nobody_can_know_the_quarter_of_the_conclusion_the_report_says_so(making):
    asked = Claiming(rule="by_children", days=182, children=100)
    release = replace(making.full(), claim_quarter=None, claiming=asked)
    text = written("headline", release, "en")
    assert "Nothing about the service should be settled" in text
    assert "100 children in each group whose 182 days are complete" in text
    assert "evidence of" not in text
    assert "not known yet" in written("method", release, "en")


@pytest.mark.usefixtures("working_directory")
def test_under_a_plan_that_departs_the_figures_are_shown_as_exploratory(making):
    made = making.full()
    figures = [replace(f, role="exploratory", unmet=(*f.unmet, "departs_from_plan"))
               if f.role in {"primary", "secondary"} else f for f in made.figures]  # fmt: skip
    asked = Claiming(days=182, departs=("trigger_days", "seed"))
    release = replace(made, figures=tuple(figures), claiming=asked)
    text = written("re_missing", release, "en")
    assert "exploratory, no claim" in text
    assert "Rate ratio" in text
    assert "evidence of" not in text + written("headline", release, "en")
    assert "trigger" in written("method", release, "en")


def test_an_early_look_that_is_inconclusive_settles_nothing(making):
    wide = [replace(f, measure=f.measure + "_at_look", low=0.3, high=1.9)
            for f in making.full().figures if f.role == "primary" and f.measure == "rate_ratio"]  # fmt: skip
    asked = Claiming(rule="by_spending", looks=(making.QUARTER, making.Quarter(2025, 4)))
    release = replace(making.full(), figures=(*making.full().figures, *wide), claiming=asked)
    text = written("headline", release, "en")
    assert "inconclusive" in text
    assert "before the plan’s next look" in text


@pytest.mark.parametrize(
    ("release", "words"),
    [("empty", "holds no figure"), ("withheld", "this is withheld, because"),
     ("without_returns", "cannot be estimated, because a return that it needs has not come")],
)  # fmt: skip
def test_without_a_figure_the_reader_is_told_why(making, working_directory, release, words):
    for name in ("headline", "re_missing", "priorities"):
        assert words in written(name, getattr(making, release)(), "en")


def test_before_and_after_is_never_more_than_monitoring(making, working_directory):
    text = written("monitoring", making.full(), "en")
    assert "For monitoring, not impact" in text
    assert "no sign that a service works" in text
    assert "evidence" not in text


def test_every_priority_has_its_measures_or_says_that_it_has_none(making):
    text = written("priorities", making.full(), "en")
    assert text.count("No measure in this report yet.") == 1
    for priority in read_body("gwent").priorities:
        assert str(priority.title) in text


def test_referrals_of_a_year_with_a_gap_say_that_some_may_be_missing(making, working_directory):
    def text(unmet):
        made = making.full()
        figures = [replace(f, unmet=unmet) if f.section == "referrals" else f for f in made.figures]
        return written("referrals", replace(made, figures=tuple(figures)), "en")

    gap = "A return within the period has not come"
    assert gap not in text(())
    assert text(("returns_missing",)).count(gap) == 1


def test_no_conclusion_is_drawn_from_the_other_windows(making, working_directory):
    text = written("re_missing", making.full(), "en")
    table = text.index("#tbl-windows")
    assert "no conclusion is drawn from them" in text[table:]


def test_the_last_quarter_stands_beside_this_one_as_it_was_told(making):
    before = making.full(quarter=making.Quarter(2024, 3))
    told = tuple(
        replace(figure, children=125) if figure.measure == "open_now" else figure
        for figure in before.figures
        if figure.measure in {"referred", "open_now"} and figure.cohort == "st_giles_12_months"
    )
    release = replace(
        making.full(),
        before=Before(before.quarter, before.made_on, before.snapshot, told),
    )
    text = written("headline", release, "en")
    assert re.search(r"Open cases at St Giles</th><td[^>]*>125</td><td[^>]*>50</td>", text)
    assert "October to December 2024" in text
    # What the last release did not tell is not made up.
    assert re.search(r"Open-access attendances.*?</th><td[^>]*>\[x\]</td><td[^>]*>6,000</td>", text)


def test_without_a_release_of_the_last_quarter_nothing_is_compared(making):
    text = written("headline", making.full(), "en")
    assert "nothing to compare with" in text
    assert "October to December 2024" not in text


def test_what_the_figures_make_somebody_ask_stands_among_the_decisions(making):
    text = written("headline", making.full(), "en").split("What needs a decision?")[1]
    assert "About 10 referrals to St Giles do not fit in its caseload." in text
    assert "Fewer schools than usual were told" in text
    assert "40% were assessed again" in text


def test_open_access_is_never_told_as_children(making, working_directory):
    text = written("positive_futures", making.full(), "en").split("### Open access")[1]
    assert "they are never joined to children" in text
    assert re.search(r"The whole area</th><td[^>]*>300</td><td[^>]*>6,000</td>", text)
    assert not re.search(r">Children<", text)


def test_authorities_stand_in_a_fixed_order_whatever_their_figures(making, monkeypatch):
    drawn = {}
    monkeypatch.setattr(
        "evaluation.drawing.by_place.draw",
        lambda places, _to, **_words: drawn.update(places=places),
    )
    written("op_encompass", making.full(), "en")
    names = [place.label for place in drawn["places"]]
    assert names == sorted(names)
    assert [place.label for place in drawn["places"] if place.is_outside] == ["Caerphilly"]


def test_op_encompass_keeps_the_process_and_the_children_apart(making, working_directory):
    process, children = written("op_encompass", making.full(), "en").split("### What became of")
    assert "Of 180 children" not in process
    assert "Of 180 children with an incident" in children
    assert "It does not say what a notification did" in children
    assert "evidence" not in process + children


def test_the_review_is_told_with_what_it_can_and_cannot_say(making, working_directory):
    text = written("op_encompass", making.reviewed(), "en")
    chart = text.split("### Quarter by quarter")[1].split("###")[0]
    assert "of all quarters together, those before and those after a day that is marked" in chart
    part = text.split("### Before and after the review")[1].split("### By local authority")[0]
    assert "Review of Op Encompass (invented): 18 March 2024." in part
    assert "a smaller share after the change than the months before it lead one to expect" in part
    assert (
        "By the lines, not told in time in the sixth month from the review on (August 2024): 11%. If the trend "
        "before had gone on: 26%. The first divided by the second: 0.50 (95% confidence interval "
        "0.30 to 0.80)." in part
    )
    assert "Level 2 of 5" in part
    assert "They cannot say:\n\n- That the review did it." in part
    assert "A return within the period has not come" in part
    assert "evidence" not in part
    alt = re.search(r'#fig-reviewed fig-alt="([^"]+)"', part)[1]
    assert "20% (April 2023); 24% in the last month before the review; 12% in the first" in alt
    assert "If the trend before had gone on: 29% (March 2025)" in alt
    table = written("data", making.reviewed(), "en").split("#tbl-reviewed-lines")[1]
    assert re.search(r"August 2024</th><td[^>]*>11% \(9% to 14%\)</td><td[^>]*>26% ", table)


@pytest.mark.parametrize(
    ("ratio", "says"),
    [
        ((1.4, 1.1, 1.8), "a larger share after the change"),
        ((0.9, 0.7, 1.2), "inconclusive. After the change the share may be smaller"),
    ],
)
def test_what_is_said_of_the_review_follows_its_interval(making, working_directory, ratio, says):
    assert says in written("op_encompass", making.reviewed(ratio=ratio), "en")


def test_without_a_review_there_is_no_word_of_one(making, working_directory):
    for made in (making.full(), making.full(data="invented"), making.empty()):
        assert "review" not in written("op_encompass", made, "en")


def test_each_contract_says_what_it_is_for_and_a_cost_what_it_is_shared_by(making):
    text = written("referrals", making.reviewed(), "en").split("### What it costs")[1]
    assert "- The contract for 2024/25: £126,000. One-to-one work with children who go" in text
    assert "(invented)." in text
    assert "It is not the price of a result" in text
    assert re.search(r"2025/26</th><td[^>]*>\d+</td><td[^>]*>£1,200<", text)
    assert "for: One" not in written("priorities", making.reviewed(), "en")


def test_who_was_assessed_twice_comes_before_which_way_bands_went(making):
    text = written("risk_change", making.full(), "en")
    assert text.index("40%") < text.index("To a lower band")
    assert "Monitoring, not impact" in text
    assert "20% to 80%" in text


def test_groups_too_few_to_show_are_named_and_not_counted(making):
    text = written("reached", making.full(), "en")
    assert re.search(r"Sex: Female</th><td[^>]*>65% of 170</td>", text)
    assert "Too few to show: Sex (Other)." in text


def test_the_largest_drop_is_said_in_rounded_children(making, working_directory):
    text = written("referrals", making.full(), "en")
    assert "The largest drop is between ‘Referred’ and ‘Accepted’: about 25 children." in text
    assert "£1,200" in text


def test_a_table_without_any_number_is_a_sentence_instead(making, working_directory):
    for name in ("referrals", "reached", "op_encompass", "headline"):
        text = written(name, making.withheld(), "en")
        assert "Not shown: " in text
        assert "<table>" not in text
    shown = written("referrals", making.full(), "en")
    assert "Not shown: " not in shown
    assert "<table>" in shown


@pytest.mark.parametrize("release", ["withheld", "empty"])
def test_no_sign_stands_in_a_sentence_or_an_alt_text(making, working_directory, release):
    """'[c]' is for cells: whoever hears a page would hear 'c'. The glossary explains it."""
    for name in sorted(set(SECTIONS) - {"glossary"}):
        text = written(name, getattr(making, release)(), "en")
        for line in re.sub(r"<table>.*?</table>", "", text, flags=re.DOTALL).split("\n"):
            signs = re.findall(r"\[[cx]\\?\]", line)
            assert not signs or line.startswith((r"\[", r"- \[")), line


def test_authorities_by_size_are_unranked_and_marked_beyond_the_outer_lines_only(
    making, monkeypatch
):
    drawn = {}
    monkeypatch.setattr(
        "evaluation.drawing.funnel_plot.draw",
        lambda places, _to, **words: drawn.update(places=places, **words),
    )
    release = making.full()
    told = [
        replace(figure, group=code, children=children, of=of, value=children / of)
        for figure in release.figures
        if (figure.cohort, figure.measure) == ("st_giles_engagement_by_local_authority", "engaged")
        and figure.group == "W06000018"
        for code, children, of in (
            ("W06000022", 10, 100), ("W06000018", 65, 100), ("W06000019", 30, 50),
        )
    ]  # fmt: skip
    others = [f for f in release.figures if not (f.cohort or "").endswith("_by_local_authority")]
    text = written("reached", replace(release, figures=(*others, *told)), "en")
    assert [place.label for place in drawn["places"]] == ["Blaenau Gwent", "Caerphilly", "Newport"]
    assert [place.is_outside for place in drawn["places"]] == [False, False, True]
    assert "Beyond the outer lines: Newport." in text
    lines = drawn["limits"]
    at = lines.sizes.index(100)
    assert lines.low_998[at] < lines.low_95[at] < 0.65 < lines.high_95[at] < lines.high_998[at]


def test_a_check_is_said_to_be_one_before_its_number_is_met(making, working_directory):
    release = making.full()
    primary = next(f for f in release.figures if (f.role, f.measure) == ("primary", "rate_ratio"))
    check = replace(primary, cohort="referred_now", role="sensitivity", value=0.43)
    text = written("referred_now", replace(release, figures=(*release.figures, check)), "en")
    assert text.index("no conclusion is drawn from it") < text.index("0.43 times as many")
    assert "**" not in text
    assert "can stop that" not in text
    main = replace(check, role="co_primary")
    text = written("referred_now", replace(release, figures=(*release.figures, main)), "en")
    assert text.index("can stop that") < text.index("0.43 times as many")


def test_the_first_page_names_what_moved_and_only_that(making):
    before = making.full(quarter=making.Quarter(2024, 3))
    told = tuple(
        replace(figure, children=125) if figure.measure == "open_now" else figure
        for figure in before.figures
        if (figure.section, figure.cohort) == ("referrals", "st_giles_12_months")
    )
    release = replace(
        making.full(), before=Before(before.quarter, before.made_on, before.snapshot, told)
    )
    asked = written("headline", release, "en").split("### ")
    (what_changed,) = [part for part in asked if part.startswith("What changed")]
    assert "Open cases at St Giles: 125 a quarter ago, 50 now." in what_changed
    assert what_changed.count("a quarter ago") == 1
