"""Below the titles: what is a record, what a number in a column of dates means, what is an error."""

import datetime as dt

import pandas as pd
import pytest

from evaluation.returns import records
from tests.unit.returns.workbooks import FORMS, KEY

FIELDS = dict(enumerate(FORMS["home_visits"].fields, start=1))
ZERO = dt.date(1899, 12, 30)


def rows(*lines):
    """Text cells in the columns from 1, the rows numbered from 5."""
    width = len(FIELDS)
    return pd.DataFrame(
        [[*line, *[None] * (width - len(line))] for line in lines],
        columns=range(1, width + 1),
        index=range(5, 5 + len(lines)),
        dtype="str",
    )


@pytest.mark.parametrize(
    "words",
    ["Total", "TOTALS:", "Grand total", "Sub-total", "Total visits", "Cyfanswm", "Is-gyfanswm"],
)
def test_a_total_is_left_out_with_a_note(words):
    kept, (finding,) = records.without_totals(
        rows(["V1", KEY], [words, "12"], [None, None, words]).iloc[:2], FIELDS, "x"
    )
    assert kept.index.tolist() == [5]
    assert (finding.rule, finding.severity, finding.place) == ("SHE-10", "note", "x!A6")


def test_titles_that_were_pasted_again_are_left_out_with_a_note():
    below = rows(
        ["V1", KEY], ["Visit number", "Child key"], ["Visit number", KEY], ["Visit number"]
    )
    titles = pd.Series(["Visit number", "Child key"], index=[1, 2], dtype="str")
    titles = titles.reindex(below.columns)
    kept, (finding,) = records.without_titles(below, titles, "x")
    assert kept.index.tolist() == [5, 7, 8]
    assert (finding.rule, finding.severity, finding.place) == ("SHE-13", "note", "x!A6")


@pytest.mark.parametrize(
    "line",
    [
        ["V1", KEY, "Total"],
        ["Total", KEY],
        ["V7", None, "Total"],
        [None, None, "Totally"],
        [None, "Sum of it", "x"],
        ["subtotalling", "x"],
    ],
)
def test_what_may_be_a_record_is_no_total(line):
    kept, findings = records.without_totals(rows(line), FIELDS, "x")
    assert (len(kept), findings) == (1, [])


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("45791", "2025-05-14"),
        ("45791.5625", "2025-05-14T13:30:00"),
        ("45791.89583333333", "2025-05-14T21:30:00"),
        ("32874", "1990-01-01"),
        ("73050", "2099-12-31"),
        ("73051", None),
        ("32873", None),
        ("4579", None),
        ("145791", None),
        ("45791.", None),
        ("14/05/2025", None),
    ],
)
def test_a_number_is_the_date_that_it_stands_for_within_reason(text, day):
    column, counted = records.dates_of_numbers(pd.Series([text, None], dtype="str"), ZERO)
    assert column[0] == (day or text)
    assert counted == int(day is not None)


def test_numbers_count_from_1904_where_the_workbook_does_and_mean_nothing_in_plain_text():
    column = pd.Series(["44329"], dtype="str")
    assert records.dates_of_numbers(column, dt.date(1904, 1, 1))[0].tolist() == ["2025-05-14"]
    assert records.dates_of_numbers(column, None)[1] == 0


def test_errors_are_found_at_their_cells_and_rows_of_nothing_else_are_left_out():
    cells = rows(["V1", "#REF!"], ["#N/A", "#N/A"], ["V2", KEY], ["#1", "Err:502"], ["#N/A"])
    kept, findings = records.errors(cells, FIELDS, "x")
    assert kept.index.tolist() == [5, 7, 8]
    assert [(item.rule, item.place) for item in findings] == [
        ("CELL-ERROR", "x!B5"),
        ("CELL-ERROR", "x!B8"),
        ("SHE-11", "x"),
    ]
    assert "2" in str(findings[-1].message)


def test_without_errors_nothing_is_changed():
    cells = rows(["V1", KEY], ["#hash", "Error"])
    kept, findings = records.errors(cells, FIELDS, "x")
    assert kept is cells
    assert findings == []
