"""The sheets of a book: cover, contents, notes, and each table as the Analysis Function asks."""

from dataclasses import replace
from datetime import date

import pytest

from evaluation.rendering.face import Face
from evaluation.rendering.pairs import Other
from evaluation.rendering.sheets.book import Link, book_of
from evaluation.rendering.sheets.numbers import Number
from evaluation.rendering.sheets.printed import Printed
from evaluation.rendering.sheets.widths import NARROWEST, PAGE, widths

TABLES = (
    Printed(
        "tbl-ratio",
        "Table 1: Ratios",
        "Going missing again",
        ("Window", "Ratio (interval, 95%)", "", "Ratio (interval, 95%)"),
        (("90 days", "0.71 (0.55 to 0.92)", "", "1"), ("182 days", "[c]", "–", "2")),
        ("[c] Withheld, because a. [x] Not available, because b.",),
    ),
    Printed("", "Loose", "", ("A",), (("1",),), ()),
)
FRONT = {"title": "A report", "subtitle": "2025", "lang": "en-GB", "date": date(2026, 11, 4)}
FACE = Face("en", FRONT, ("Internal",), Other("cy", "report-cy.html"), remarks=("All rounded.",))


@pytest.fixture(scope="module")
def book():
    return book_of(TABLES, FACE)


def test_the_sheets_in_their_order(book):
    assert [sheet.name for sheet in book] == [
        "Cover",
        "Contents",
        "Notes",
        "Table 1",
        "Other table 1",
    ]
    assert [sheet.grid and sheet.grid.name for sheet in book] == [
        None, "contents", "notes", "tbl_ratio", "tbl_other_2",
    ]  # fmt: skip


def test_no_cell_of_a_table_is_empty(book):
    for sheet in book:
        if sheet.grid:
            assert all(cell != "" for row in (sheet.grid.columns, *sheet.grid.rows) for cell in row)


def test_an_interval_has_a_column_for_each_of_its_ends_and_no_title_stands_twice(book):
    assert book[3].grid.columns == (
        "Window", "Ratio", "Ratio: from (interval, 95%)", "Ratio: to (interval, 95%)", "[z]",
        "Ratio (interval, 95%)",
    )  # fmt: skip
    first, second = book[3].grid.rows
    assert [str(cell.value) for cell in first[1:4]] == ["0.71", "0.55", "0.92"]
    assert second[1:5] == ("[c]", "[c]", "[c]", "[z]")


def test_the_contents_lead_to_each_table_and_each_table_back(book):
    assert [row[:2] for row in book[1].grid.rows][1] == (Link("Table 1", "Table 1"), "Ratios")
    assert [row[0] for row in book[1].grid.rows] == [
        Link("Notes", "Notes"),
        Link("Table 1", "Table 1"),
        Link("Other table 1", "Other table 1"),
    ]
    assert book[3].lines[-1].words == Link("Back to the contents", "Contents")


def test_notes_explain_the_signs_and_where_a_table_says_more(book):
    rows = book[2].grid.rows
    assert [row[0] for row in rows] == ["[c]", "[x]", "[z]", "[c]", "[x]"]
    assert rows[3:] == (
        ("[c]", "Table 1", "Withheld, because a."),
        ("[x]", "Table 1", "Not available, because b."),
    )


def test_a_table_says_what_its_signs_mean_and_where_it_is_told_why(book):
    told = [line.words for line in book[3].lines]
    assert "[c] Withheld, so that no child can be found. [z] Not applicable." in told
    assert Link("Why, in the notes", "Notes") in told
    assert len(book[4].lines) == 3


def test_a_share_and_what_it_is_of_and_a_room_stand_in_columns_of_their_own():
    rows = (("A", "64% of 400", "76% to 92%", "99% or more"), ("B", "[c]", "[c]", "50%"))
    columns = ("Who", "St Giles", "Room", "Filled in")
    grid = book_of([Printed("tbl-x", "Table 1: X", "", columns, rows, ())], FACE)[3].grid
    assert grid.columns == (
        "Who", "St Giles", "St Giles: out of", "Room: from", "Room: to", "Filled in", "Filled in: or more, or less",
    )  # fmt: skip
    first, second = grid.rows
    assert [str(cell.value) for cell in first[1:6]] == ["0.64", "400", "0.76", "0.92", "0.99"]
    assert first[6] == "or more"
    assert second[1:5] == ("[c]",) * 4
    assert second[6] == "[z]"


def test_a_wide_table_gives_way_so_that_its_page_can_be_read():
    words = ("word " * 30).strip()
    columns = ("A", "B", "C", "D")
    grid = book_of([Printed("tbl-x", "Table 1: X", "", columns, ((words,) * 4,), ())], FACE)[3].grid
    assert sum(widths(grid)) <= PAGE
    many = replace(grid, columns=tuple(["A word and another and more"] * 8), rows=((words,) * 8,))
    assert sum(widths(many)) <= PAGE
    held = replace(grid, rows=(("1234567890" * 4, *(words,) * 3),))
    assert widths(held)[0] > 40  # what cannot be parted keeps its room
    assert widths(replace(grid, rows=(("a", "b", "c", "d"),))) == [NARROWEST] * 4


def test_the_cover_says_what_the_report_says_of_itself(book):
    words = [line.words for line in book[0].lines]
    assert words[:5] == ["A report", "Internal", "All rounded.", "2025", "4 November 2026"]
    assert [line.kind for line in book[0].lines][:2] == ["title", "banner"]
    assert any(isinstance(cell, Number) for row in book[3].grid.rows for cell in row)


def test_a_table_without_rows_has_one_that_says_that_nothing_applies():
    empty = Printed("tbl-none", "Table 1: None", "", ("A", "B"), (), ())
    assert book_of([empty], FACE)[3].grid.rows == (("[z]", "[z]"),)
