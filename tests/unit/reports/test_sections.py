"""Every section: written from the release alone, whole in both languages, never at a loss."""

import re
from dataclasses import replace

import pytest

from evaluation.rendering.faults import Line, across
from evaluation.rendering.markdown import lint
from reports.quarterly import subtitle, title
from reports.reading import read_body
from tests.unit.reports.sections_text import SECTIONS, as_written, numbers, written

RELEASES = ("full", "reviewed", "empty", "withheld", "without_returns")


@pytest.fixture(params=RELEASES)
def release(request, making):
    return getattr(making, request.param)()


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.usefixtures("marked", "working_directory")
def test_both_languages_hold_the_same_numbers_labels_and_headings(name, release):
    english, welsh = written(name, release, "en"), written(name, release, "cy")
    assert numbers(english) == numbers(welsh)
    for shape in (r"#(?:fig|tbl)-[\w-]+", r"^#+ ", r"^::: .*?(?= title)", r"@(?:fig|tbl)-[\w-]+"):
        assert re.findall(shape, english, re.MULTILINE) == re.findall(shape, welsh, re.MULTILINE)


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.usefixtures("marked", "working_directory")
def test_no_word_stands_outside_the_catalogue(name, release):
    text = written(name, release, "cy").replace("\\", "")
    text = re.sub(
        r"\{#(tbl|fig)-[\w-]+|\(fig-[\w-]+\)|@(tbl|fig)-[\w-]+|\{\.callout-\w+|\{=html\}|\{#word-[\w-]+\}",
        "",
        text,
    )
    text = re.sub(r"<[^>]+>|fig-alt=|title=", "", text)
    while (shorter := re.sub(r"‹[^‹›]*›", "", text)) != text:
        text = shorter
    # What is left are the release's own codes: its snapshot, its plan, its versions, [c] and [x].
    particulars = {release.snapshot, release.plan[:16], *release.versions.values(), "c", "x"}
    assert [w for w in re.findall(r"[\w.-]*[A-Za-z][\w.-]*", text) if w not in particulars] == []


@pytest.mark.parametrize("name", SECTIONS)
@pytest.mark.usefixtures("working_directory")
def test_a_section_keeps_to_the_written_subset(name, release):
    lines = as_written(name, release, "en").split("\n")
    linted = lint([Line(name, number, text) for number, text in enumerate(lines, start=1)])
    assert [str(fault.text) for fault in linted.faults] == []


@pytest.mark.usefixtures("working_directory")
def test_references_across_sections_lead_somewhere(release):
    parts = []
    for name in SECTIONS:
        lines = as_written(name, release, "en").split("\n")
        parts.append(lint([Line(name, number, text) for number, text in enumerate(lines, start=1)]))
    assert [str(fault.text) for fault in across(parts)] == []


@pytest.mark.usefixtures("drawn_pictures")
def test_pictures_are_written_where_the_section_says(making, working_directory):
    for name in SECTIONS:
        text = written(name, making.full(), "en")
        for path in re.findall(r"\]\((fig-[\w-]+)\)", text):
            assert (working_directory / f"{path}.svg").is_file()
            assert (working_directory / f"{path}.png").is_file()
    assert len(list(working_directory.glob("fig-*.svg"))) == 7


@pytest.mark.usefixtures("working_directory")
def test_alt_text_states_the_message_from_the_data(making):
    alt = dict(
        re.findall(
            r'\{#fig-([\w-]+) fig-alt="([^"]+)"',
            "".join(written(name, making.full(), "en") for name in SECTIONS),
        )
    )
    assert "Referred: 145 children" in alt["st-giles-stages"]
    assert "Closed as planned: 35" in alt["st-giles-stages"]
    assert re.search(r"On day \d+, \d+% of the children referred and \d+%", alt["survival"])
    assert "May 2024 (100)" in alt["months"]
    assert "Below the limits: January to March 2025" in alt["told-by-quarter"]
    assert "Caerphilly 70%" in alt["told-by-authority"]
    assert "Below the limits: Caerphilly" in alt["told-by-authority"]
    assert "Caerphilly 210" in alt["open-access"]
    assert "Left out: never met the trigger: 200" in alt["flow"]


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize("name", SECTIONS)
def test_what_is_withheld_shows_no_number_of_a_child(name, making):
    text = written(name, making.withheld(), "en")
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", text)
    if name in {"completeness", "limits", "method", "priorities"}:  # returns, particulars, words
        return
    assert {cell for cell in cells if re.search(r"\d", cell)} <= {"100%"}
    if cells:
        assert "[c]" in cells


def test_invented_data_are_announced(making):
    assert "Invented data" in written("headline", making.full(data="invented"), "en")
    assert "Invented data" not in written("headline", making.full(), "en")


def test_fields_that_are_nearly_always_filled_in_are_only_counted(making):
    text = written("completeness", making.full(), "en")
    assert "Fields with an answer in 95% of records or more: 3." in text
    assert "100%" not in text
    assert all(int(share) < 95 for share in re.findall(r">(\d+)%</td>", text))


def test_the_report_bears_its_area_board_and_quarter(making):
    release, body = making.full(), read_body("gwent")
    assert str(title(release, body)) == "Gwent: are services keeping children out of harm?"
    assert str(subtitle(release, body)) == (
        "Quarterly report to the Strategy and Performance Board: January to March 2025"
    )


def test_numbers_at_risk_stand_at_days_that_the_curves_have(making, monkeypatch):
    """A release of fortnights has no day 90 or 365: the last days within those windows stand there."""
    drawn = {}
    monkeypatch.setattr(
        "evaluation.drawing.kaplan_meier.draw",
        lambda curves, _to, *, ticks, **_words: drawn.update(ticks=ticks, curves=curves),
    )
    release = making.full()
    fortnights = tuple(
        figure
        for figure in release.figures
        if figure.measure != "free_of_episodes" or figure.days % 14 == 0
    )
    written("re_missing", replace(release, figures=fortnights), "en")
    assert drawn["ticks"] == (0, 84, 182, 364)
    assert all("[x]" not in curve.at_risk for curve in drawn["curves"])


def test_a_share_of_days_that_rounds_to_nothing_is_open_at_its_end(making):
    release = making.full()
    figures = tuple(
        replace(figure, value=0.01) if figure.measure == "days_not_at_risk" else figure
        for figure in release.figures
    )
    assert "1% or less" in written("re_missing", replace(release, figures=figures), "en")


@pytest.mark.usefixtures("working_directory")
@pytest.mark.parametrize("language", ["en", "cy"])
def test_every_word_of_the_glossary_is_led_to_from_the_text(making, language):
    text = "".join(
        as_written(name, making.full(), language) for name in SECTIONS if name != "glossary"
    )
    entries = as_written("glossary", making.full(), language)
    anchors = re.findall(r"\{#(word-[\w-]+)\}", entries)
    met = set(re.findall(r"\]\(#(word-[\w-]+)\)", text))
    assert len(anchors) == len(set(anchors)) > 15
    assert met <= set(anchors)
    # What no text of this release uses: 'interim' stands in releases without a conclusion.
    assert set(anchors) - met <= {"word-interim", "word-inconclusive", "word-time-zero"}


@pytest.mark.usefixtures("working_directory")
def test_a_word_is_linked_once_in_a_section_and_never_in_headings_tables_or_pictures(making):
    for name in SECTIONS:
        text = as_written(name, making.full(), "en")
        met = re.findall(r"\]\(#(word-[\w-]+)\)", text)
        assert len(met) == len(set(met))
        for line in text.split("\n"):
            if line.startswith(("#", "!", "<", "::: {#tbl")):
                assert "#word-" not in line.split(" {#")[0]
        for caption in re.findall(r"</table>\n```\n\n(.*)\n\n:::", text):
            assert "#word-" not in caption
