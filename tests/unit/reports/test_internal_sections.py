"""The annex and the provider's report: whole in both languages, never at a loss, and right."""

import re
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from pkgutil import iter_modules

import pytest

from evaluation.drawing import flow_diagram, forest_plot, interrupted_series, love_plot
from evaluation.rendering.faults import Line, across
from evaluation.rendering.markdown import lint
from reports.making import REPORTS, name_of
from reports.reading import read_body


def _making():
    spec = spec_from_file_location(
        "making_internal", Path(__file__).with_name("making_internal.py")
    )
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKING = _making()
RELEASES = {
    "annex": (
        "annex",
        "reviewed_annex",
        "empty_annex",
        "annex_without_returns",
        "guarded_annex",
        "departed_annex",
    ),
    "provider": ("provider", "police", "futures", "education", "empty_provider"),
}
KINDS = ("method", "episodes", "children")
SERIES = "Each referred child beside its own earlier time (self-controlled case series)"
SECTIONS = {
    report: sorted(
        module.name for module in iter_modules(import_module(f"reports.{report}.sections").__path__)
    )
    for report in RELEASES
}
EVERY = [
    pytest.param(report, made, section, id=f"{report}-{made}-{section}")
    for report, releases in RELEASES.items()
    for made in releases
    for section in SECTIONS[report]
]


@pytest.fixture(autouse=True)
def quick(monkeypatch, request):
    """Nothing is drawn, unless a test wants to see it."""
    if "drawn_pictures" not in request.fixturenames:
        for picture in (forest_plot, love_plot, flow_diagram, interrupted_series):
            monkeypatch.setattr(picture, "draw", lambda *_numbers, **_words: None)


def written(report, release, section, language="en"):
    module = import_module(f"reports.{report}.sections.{section}")
    return module.section(release, language).data


def of(report, section, made=None):
    return written(report, getattr(MAKING, made or report)(), section)


def cells(markdown, label=None):
    """The rows of a section's tables, or of the one with the label: row header -> cells."""
    if label is not None:
        markdown = re.search(rf"#tbl-{label}\}}.*?</table>", markdown, re.DOTALL)[0]
    rows = re.findall(r"<tr>(<th.*?)</tr>", markdown)
    told = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return {row[0]: row[1:] for row in told}


def numbers(markdown):
    return re.findall(r"[−+]?\d[\d,]*(?:\.\d+)?%?", markdown)


@pytest.mark.parametrize(("report", "made", "section"), EVERY)
@pytest.mark.usefixtures("marked", "working_directory")
def test_both_languages_hold_the_same_numbers_labels_and_headings(report, made, section):
    release = getattr(MAKING, made)()
    english, welsh = (written(report, release, section, language) for language in ("en", "cy"))
    assert numbers(english) == numbers(welsh)
    for shape in (r"#(?:fig|tbl)-[\w-]+", r"^#+ ", r"^::: .*?(?= title)", r"@(?:fig|tbl)-[\w-]+"):
        assert re.findall(shape, english, re.MULTILINE) == re.findall(shape, welsh, re.MULTILINE)


@pytest.mark.parametrize(("report", "made", "section"), EVERY)
@pytest.mark.usefixtures("marked", "working_directory")
def test_no_word_stands_outside_the_catalogue(report, made, section):
    release = getattr(MAKING, made)()
    text = written(report, release, section, "cy").replace("\\", "")
    text = re.sub(
        r"\{#(tbl|fig)-[\w-]+|\(fig-[\w-]+\)|@(tbl|fig)-[\w-]+|\{\.callout-\w+|\{=html\}", "", text
    )
    text = re.sub(r"<[^>]+>|fig-alt=|title=", " ", text)
    while (shorter := re.sub(r"‹[^‹›]*›", "", text)) != text:
        text = shorter
    particulars = {
        release.snapshot,
        release.plan[:16],
        release.plan,
        *release.versions.values(),
        "c",
        "x",
    }
    left = {w for w in re.findall(r"[\w.-]*[A-Za-z][\w.-]*", text) if w not in particulars}
    # Numbers of rules, and the measures that a departed plan made exploratory, are codes.
    codes = {"EXP-02", "MIS-04"} | {figure.measure for figure in release.figures}
    assert left - codes - {figure.group for figure in release.figures} == set()


@pytest.mark.parametrize(("report", "made"), [(r, m) for r, ms in RELEASES.items() for m in ms])
@pytest.mark.usefixtures("working_directory")
def test_sections_keep_to_the_subset_and_their_references_lead_somewhere(report, made):
    release, parts = getattr(MAKING, made)(), []
    for section in SECTIONS[report]:
        lines = written(report, release, section).split("\n")
        linted = lint([Line(section, number, text) for number, text in enumerate(lines, start=1)])
        assert [str(fault.text) for fault in linted.faults] == []
        parts.append(linted)
    assert [str(fault.text) for fault in across(parts)] == []


@pytest.mark.parametrize(("report", "made"), [(r, m) for r, ms in RELEASES.items() for m in ms])
@pytest.mark.usefixtures("working_directory")
def test_no_table_is_wider_than_six_columns(report, made):
    for section in SECTIONS[report]:
        for head in re.findall(r"<thead>\n(.*?)\n</thead>", of(report, section, made)):
            assert head.count("<th") <= 6


@pytest.mark.parametrize("report", RELEASES)
def test_each_section_is_called_once_by_the_report(report):
    source = (Path(REPORTS[report].__file__).parent / "_report.qmd").read_text(encoding="utf-8")
    assert (
        sorted(re.findall(r"^(\w+)\.section\(release, lang\)$", source, re.MULTILINE))
        == SECTIONS[report]
    )


@pytest.mark.parametrize("report", RELEASES)
def test_an_internal_report_says_so_first_of_all(report):
    release = getattr(MAKING, report)()
    assert written(report, release, "summary").index("Not for publication") < 60
    module, body = REPORTS[report], read_body("gwent")
    assert "not for publication" in str(module.subtitle(release, body))
    assert str(module.title(release, body))


def test_files_are_named_after_the_report_and_whose_it_is():
    assert name_of(MAKING.annex()) == "annex"
    assert name_of(MAKING.provider()) == "provider-st_giles"


@pytest.mark.usefixtures("drawn_pictures", "working_directory")
def test_pictures_are_written_where_the_sections_say(working_directory):
    for section in SECTIONS["annex"]:
        for path in re.findall(r"\]\((fig-[\w-]+)\)", of("annex", section)):
            assert (working_directory / f"{path}.svg").is_file()
            assert (working_directory / f"{path}.png").is_file()
    assert len(list(working_directory.glob("fig-*.svg"))) == 5


@pytest.mark.usefixtures("working_directory")
class TestAnnex:
    def test_each_road_says_what_it_changes_and_whether_the_reading_would_be_another(self):
        text = of("annex", "sensitivity")
        table = cells(text, "sensitivity-method")
        assert table["Nothing: the main figure"][-1] == "inconclusive"
        assert table["Not adjusted at all"][1:] == ["200", "yes: fewer"]
        trigger = cells(text, "sensitivity-children")["Another trigger: 2 episodes in 90 days"]
        assert trigger[-1].startswith(("no", "yes"))

    def test_what_inconclusive_means_is_said_before_the_first_line(self):
        text = of("annex", "sensitivity")
        assert text.index("does not mean that there is no effect") < text.index("#tbl-")

    def test_a_road_that_is_closed_says_why_in_its_own_row(self):
        table = cells(of("annex", "sensitivity"), "sensitivity-children")
        assert table["Beside only those whom a full service kept out"][-1] == (
            "cannot be made: there are too few children for a comparison"
        )
        assert table["Every eligible meeting, not the first alone"][-1] == (
            "cannot be made: a return that it needs has not come"
        )

    def test_the_closing_sentence_counts_the_roads_of_the_table(self):
        text = of("annex", "sensitivity")
        agree, made = map(int, re.search(r"\*\*(\d+) of (\d+) sensitivity analyses", text).groups())
        could_not = int(re.search(r"could not be made: (\d+)", text)[1])
        lines = {row for kind in KINDS for row in cells(text, f"sensitivity-{kind}")} - {
            "What is changed",
            "Nothing: the main figure",
            "Referred now, over every meeting",
        }
        assert made + could_not == len(lines)
        assert 0 < agree < made

    def test_a_line_that_is_weaker_than_the_main_figure_is_marked_and_says_why_under_its_table(
        self,
    ):
        text = of("annex", "sensitivity")
        trigger = cells(text, "sensitivity-children")["Another trigger: 2 episodes in 90 days"]
        assert trigger[-1].endswith("(see caution)")
        assert "- Another trigger: 2 episodes in 90 days. After weighting, few children" in text
        series = cells(text, "sensitivity-method")[SERIES]
        assert series[-1].endswith("(see caution)")
        assert f"- {SERIES}. There is no comparison group." in text.replace("\\", "")

    def test_a_caution_of_the_main_figure_itself_is_not_said_again_of_each_line(self):
        text = of("annex", "sensitivity")
        assert "referred later. That makes the groups more alike" not in text
        assert cells(text, "sensitivity-method")["Not adjusted at all"][-1] == "yes: fewer"

    def test_referred_now_stands_before_its_halves_and_says_where_they_part(self):
        text = of("annex", "sensitivity")
        rows = list(cells(text, "sensitivity-method"))
        assert rows.index("Referred now, over every meeting") == 2
        assert "the two halves read differently: 0.800 (0.560 to 1.12) by weights alone" in text

    def test_an_interval_with_no_difference_in_it_needs_nothing_unrecorded(self):
        assert "The interval already includes no difference" in of("annex", "sensitivity")
        sure = MAKING.annex_with("e_value", "limit", value=1.4)
        assert "no difference, 1.40 would do" in written("annex", sure, "sensitivity")

    def test_hazards_that_read_otherwise_than_the_main_figure_are_commented_on(self):
        assert (
            "hazard ratio of the whole window says: fewer; the main figure says: inconclusive"
            in of("annex", "diagnostics")
        )
        alike = MAKING.annex_with("first_episode_hazard_ratio", "whole", high=1.2)
        assert "They ask different things" not in written("annex", alike, "diagnostics")

    @pytest.mark.parametrize(("p", "said"), [(0.58, "p = 0.58"), (0.0, "p < 0.01")])
    def test_a_small_p_is_never_nothing(self, p, said):
        release = MAKING.annex_with("proportional_hazards_p", "contrast", value=p)
        assert said in written("annex", release, "summary").replace("\\", "")

    def test_the_method_and_the_level_of_both_lines_are_said(self):
        text = of("annex", "summary")
        assert "First line: Weighted to those referred; whole children drawn again." in text
        assert "Second line: Every eligible meeting a trial of its own" in text
        assert "Level of the intervals: 95%." in text
        assert "First line" not in of("annex", "summary", "annex_without_returns")

    def test_what_weakens_referred_now_alone_is_said_on_the_first_page(self):
        text = of("annex", "summary")
        assert "- Over every meeting: Children referred later stop counting" in text
        assert "- Some children in the comparison group were referred later." in text

    def test_quarters_that_never_came_are_told_in_words(self):
        text = of("annex", "quality")
        assert "Gwent missing meeting, Meeting decisions: January to March 2025" in text
        assert "2024Q4" not in text

    def test_balance_names_the_answers_in_words_and_what_was_left_out(self):
        text = of("annex", "balance")
        assert cells(text)["Sex: Female"][:2] == ["−0.10", "0.00"]
        assert "Local authority: other answers" in cells(text)
        assert "- Care status: too few children for so many covariates." in text
        assert (
            'fig-alt="Two points for each thing recorded. Above 0.10 before weighting: 2 of 4; after: 1.'
            in text
        )

    def test_hazards_that_are_not_proportional_are_said_to_be_so(self):
        assert "speaks against one ratio" in of("annex", "diagnostics")

    def test_a_departed_plan_is_told_with_what_it_made_exploratory(self):
        text = of("annex", "plan", "departed_annex")
        assert "departs from the registered one in: seed" in text
        assert re.search(r"does not name them: [1-9]", text)
        assert "The plan that was used is the registered one." in of("annex", "plan")

    def test_returns_that_are_late_or_have_not_come_are_told(self):
        table = cells(of("annex", "quality"))
        assert table["Gwent Police: Children"][0] == "+3"
        assert table["Gwent missing meeting: Meeting decisions"][0] == "Has not come"
        assert table["EXP-02"][-1] == "104"
        assert table["Children: Disability"] == ["50%"]
        assert "Children: Ethnicity" not in table

    def test_under_a_threshold_nothing_small_is_shown(self):
        for section in SECTIONS["annex"]:
            if section not in {"made_from", "plan", "quality"}:
                for row, held in cells(of("annex", section, "guarded_annex")).items():
                    assert not {c for c in held if re.fullmatch(r"[1-9]\d?", c)}, (section, row)


class TestProvider:
    def test_its_caseload_and_waits_stand_there_only_for_a_service(self):
        assert "## Your caseload" in of("provider", "service")
        assert of("provider", "service", "police").strip() == ""

    def test_blanks_are_beside_the_quarter_before(self):
        assert cells(of("provider", "fields"))["Sessions offered"] == ["97%", "90%", "+7", "3"]

    def test_what_would_help_is_at_most_three_fields_and_the_reasons(self):
        text = of("provider", "help_most", "police")
        assert (
            len(
                re.findall(
                    r"^- .* \(on the form ‘.*’\): blank in 3 of 97 records\.$", text, re.MULTILINE
                )
            )
            == 3
        )
        assert "- A reason for each finding that waits for one." in text
        assert "your returns are complete" in of("provider", "help_most", "education")
        assert "none has come" in of("provider", "help_most", "empty_provider")
        assert "your returns are complete" not in of("provider", "help_most", "empty_provider")

    def test_it_says_which_return_is_due_next_and_when(self):
        said = of("provider", "summary")
        assert (
            "Your next return is the one for April to June 2025. It is due by 20 July 2025." in said
        )
        assert "on 20 April 2025 for this quarter and on 20 January 2025 for the last" in of(
            "provider", "returned"
        )
        assert "`evaluation template st_giles --quarter 2025Q1`" in of("provider", "returned")
        assert "Not received for this quarter: Children. Due by 20 April 2025." in of(
            "provider", "summary", "police"
        )

    def test_what_would_help_stands_before_the_tables(self):
        source = (Path(REPORTS["provider"].__file__).parent / "_report.qmd").read_text("utf-8")
        called = re.findall(r"^(\w+)\.section", source, re.MULTILINE)
        assert called.index("help_most") == called.index("summary") + 1

    def test_a_form_without_children_has_no_sign_in_their_place(self):
        futures = cells(of("provider", "returned", "futures"), "records")
        assert futures["Positive Futures sessions"][2:] == ["–", "–"]
        assert futures["Positive Futures referrals"][2:] == ["90", "90"]
        assert "hildren" not in of("provider", "returned", "education")
        assert "[x]" not in of("provider", "returned", "education").replace("\\", "")

    def test_no_two_columns_of_a_table_bear_one_name(self):
        for made in RELEASES["provider"]:
            for section in SECTIONS["provider"]:
                for head in re.findall(r"<thead>\n(.*?)\n</thead>", of("provider", section, made)):
                    names = re.findall(r"<th[^>]*>(.*?)</th>", head)
                    assert len(names) == len(set(names))

    def test_wanted_fields_that_nobody_sent_are_not_said_not_to_exist(self):
        assert "No return has come" in of("provider", "fields", "empty_provider")
        assert "Every field that we ask you for" in of("provider", "fields", "education")

    def test_it_names_the_toolkit_and_none_of_what_that_is_made_with(self):
        text = of("provider", "made_from")
        assert "Version of outcome-evaluation" in text
        assert not re.search("numpy|SHA", text)
        assert "numpy" in of("annex", "made_from")

    def test_the_foot_of_a_page_names_whose_report_it_is(self):
        release = MAKING.provider()
        assert "St Giles" in str(REPORTS["provider"].subtitle(release, read_body("gwent")))

    def test_findings_are_told_by_rule_with_what_it_asks(self):
        rule = cells(of("provider", "returned", "police"))["MIS-04"]
        assert rule[-1] == "2"
        assert len(rule[0]) > 20

    def test_it_names_nobody_else(self):
        others = {
            str(p.title) for n, p in read_body("gwent").providers.items() if n != "gwent_police"
        }
        for section in SECTIONS["provider"]:
            text = of("provider", section, "police")
            assert not {name for name in others if name in text}
