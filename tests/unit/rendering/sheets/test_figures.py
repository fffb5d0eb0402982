"""Every released figure is a row, the same in both languages, and nothing withheld is a number."""

import csv
import re
from dataclasses import fields
from io import StringIO

from evaluation.language import LANGUAGES, Text
from evaluation.nouns import Figure
from evaluation.rendering.sheets import figures_csv, figures_dictionary
from evaluation.rendering.sheets.figures import COLUMNS
from tests.unit.reports import making


def read(content):
    return list(csv.reader(StringIO(content.decode("utf-8-sig"))))


def test_each_figure_is_a_row_of_all_its_fields_as_released():
    figures = making.full().figures
    head, *rows = read(figures_csv(figures, "en"))
    assert set(COLUMNS) == {field.name for field in fields(Figure)}
    assert len(head) == len(COLUMNS) + 3
    assert len(rows) == len(figures)
    places = {name: place for place, name in enumerate(COLUMNS)}
    for figure, row in zip(figures, rows, strict=True):
        for name in ("children", "of", "events", "value", "low", "high"):
            told, cell = getattr(figure, name), row[places[name]]
            assert (cell == "") if told is None else (float(cell) == told)
        assert row[places["measure"]] == figure.measure
        assert tuple(row[places["unmet"]].split()) == figure.unmet


def test_a_figure_without_a_number_has_a_sign_and_says_why_in_words():
    figures = making.full().figures
    rows = read(figures_csv(figures, "en"))[1:]
    for figure, (*_cells, sign, why) in zip(figures, rows, strict=True):
        assert sign == ("[c]" if figure.withheld else "[x]" if figure.value is None else "")
        assert bool(why) == bool(figure.withheld or figure.why_not)
    assert {row[-2] for row in rows} == {"[c]", "[x]", ""}


def test_both_languages_differ_in_titles_and_words_alone():
    figures = making.full().figures
    (head, *rows), (pen, *rhesi) = (
        read(figures_csv(figures, language, groups=lambda _figure: Text("Month")))
        for language in LANGUAGES
    )
    assert head != pen
    words = (head.index("group in words"), head.index("in words"))
    for place in range(len(head)):
        alike = [row[place] for row in rows] == [row[place] for row in rhesi]
        assert alike == (place not in words)


def test_the_dictionary_explains_each_column_and_each_code_that_is_borne():
    figures = making.full().figures
    for language in LANGUAGES:
        head, *rows = read(figures_csv(figures, language))
        _titles, *entries = read(figures_dictionary(figures, language))
        assert [title for title, code, _meaning in entries if not code] == head
        assert all(meaning for _title, _code, meaning in entries)
        explained = {(title, code) for title, code, _meaning in entries if code}
        for name in ("method", "unmet", "withheld", "why_not"):
            title = COLUMNS[name][0].to(language)
            place = head.index(title)
            borne = {code for row in rows for code in re.split(" ", row[place]) if code}
            assert {code for column, code in explained if column == title} == borne


def test_a_group_is_said_beside_its_code_by_whoever_knows_it():
    figures = making.full().figures
    head, *rows = read(figures_csv(figures, "cy", groups=lambda figure: Text(f"<{figure.group}>")))
    code, words = head.index("grŵp"), head.index("y grŵp mewn geiriau")
    assert all(row[words] == f"<{row[code]}>" for row in rows)
    assert {row[words] for row in read(figures_csv(figures, "cy"))[1:]} == {""}
