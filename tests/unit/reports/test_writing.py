"""The pieces of a page: words stay words, whatever signs they hold."""

from evaluation.nouns import Figure
from reports.cells import counted, notes, sign, value, with_limits
from reports.writing import (
    bullets,
    callout,
    command,
    escaped,
    grid,
    heading,
    month,
    page,
    prose,
    short_month,
)


def test_signs_of_markdown_are_escaped_and_references_stay():
    assert escaped("[c] a*b_c <i> $5 @home @tbl-x @fig-y #1", "en") == (
        r"\[c\] a\*b\_c \<i\> \$5 \@home @tbl-x @fig-y \#1"
    )


def test_a_command_is_code_in_which_nothing_is_escaped():
    assert command("For [c]:", "evaluation template st_giles --lang cy")("en") == (
        r"For \[c\]: `evaluation template st_giles --lang cy`"
    )


def test_a_page_leaves_out_what_is_not_there():
    made = page("en", heading(2, "A"), None, prose(None), bullets([None, "one"]), bullets([]))
    assert made.data == "## A\n\n- one\n"


def test_a_table_keeps_scope_and_alignment_and_escapes_its_cells():
    text = grid("x", "Of *all*", [("Who", "left"), ("Number", "right")], [("a < b & c", "5")])("en")
    assert text.startswith("::: {#tbl-x}\n")
    assert text.endswith("\n\nOf \\*all\\*\n\n:::")
    assert '<th scope="col" style="text-align: right">Number</th>' in text
    assert '<th scope="row" style="text-align: left">a &lt; b &amp; c</th>' in text
    assert '<td style="text-align: right">5</td>' in text


def test_a_callout_s_title_cannot_end_its_quotation():
    assert 'title="so ”called”"' in callout("note", 'so "called"', prose("x"))("en")


def test_months_are_written_in_the_language():
    assert str(month("2024-05")) == "May 2024"
    assert short_month("2024-05", "en") == "May\n2024"
    assert short_month("2024-05", "cy") == "Mai\n2024"


def figure(**changes):
    held = dict.fromkeys(
        ("cohort", "outcome", "days", "children", "of", "events", "value", "low", "high",
         "design_level", "withheld", "why_not")
    ) | {"section": "s", "measure": "m", "group": "all", "unit": "children", "confidence": 0.95,
         "method": "", "unmet": (), "role": "description"}  # fmt: skip
    return Figure(**held | changes)


def test_a_cell_shows_the_number_or_the_sign_for_why_not():
    assert value(figure(value=0.58), "{:.0%}".format) == "58%"
    assert str(with_limits(figure(value=1.0, low=0.5, high=2.0), str)) == "1.0 (0.5 to 2.0)"
    assert counted(figure(children=1250)) == "1,250"
    assert value(figure(withheld="few_children"), str) == "[c]"
    assert value(figure(why_not="all_or_none", children=60), str) == "[c]"
    assert value(figure(why_not="no_return"), str) == "[x]"
    assert (sign(None), counted(None)) == ("[x]", "[x]")


def test_each_reason_stands_once_under_the_table():
    used = [figure(withheld="few_children")] * 2 + [None, figure(value=1.0)]
    assert notes(used)("en") == (
        r"\[c\] Withheld, because it comes from too few children. "
        r"\[x\] Not available, because this release does not hold it."
    )
    assert notes([figure(value=1.0)]) is None
