"""A right return, in whatever format and layout it is written, is read back the same."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.returns.declaring import FLAGS
from evaluation.returns.parsing import parse
from evaluation.returns.reading import read_return
from schemas import FORMS
from schemas._codes import codes
from tests.corpus.cases import COVER, FILE, FORM, KEY, OTHER_KEY, PROVIDERS, TITLE
from tests.corpus.writing import csv_file, ods, xls, xlsx

FIELDS = FORMS[FORM].fields
LISTS = {
    "local_authority": "local_authority",
    "missing_from": "missing_from",
    "risk_first": "risk_grade",
    "risk_highest": "risk_grade",
    "definition": "definition",
}
# Not the night in which the clocks go back: its second hour has a note of its own.
moments = st.datetimes(dt.datetime(2025, 4, 1), dt.datetime(2025, 6, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0)
)


@st.composite
def episodes(draw):
    """Rows by field: our codes, moments, None for a blank."""
    rows = []
    for number in range(draw(st.integers(1, 4))):
        row = {
            "episode_ref": f"M/{number}-{draw(st.integers(0, 999))}",
            "child_key": draw(st.sampled_from([KEY, OTHER_KEY])),
            "reported_at": draw(moments),
            "returned_at": draw(st.none() | moments),
            "harm": draw(st.none() | st.sampled_from([code.code for code in FLAGS.codes])),
            "interview": draw(st.sampled_from(["declined", "not_offered", "offered"])),
            "interview_offered_at": draw(st.none() | moments),
            "interview_at": None,
        }
        row |= {
            field: draw(st.sampled_from([code.code for code in codes(name).codes]))
            for field, name in LISTS.items()
        }
        rows.append({field.name: row[field.name] for field in FIELDS})
    return rows


def spelt(draw, words):
    """The words in another case, with spaces that do not matter."""
    case = draw(st.sampled_from([str, str.upper, str.lower, str.title]))
    spaces = st.sampled_from(["", " ", "  ", "\u00a0", "\t "])
    return (
        draw(spaces)
        + case(words).replace(" ", draw(st.sampled_from([" ", "  ", " \u00a0"])))
        + draw(spaces)
    )


def answer(draw, field, code):
    """A code as itself or by its label in either language."""
    label = field.codes.label(code)
    said = draw(st.sampled_from([code, label.to("en"), label.to("cy")]))
    return draw(st.sampled_from([said, said.upper(), f" {said} "]))


@st.composite
def layouts(draw):
    """The rows, and a sheet that says them."""
    rows = draw(episodes())
    order = draw(st.permutations(FIELDS))
    titles = [
        spelt(draw, draw(st.sampled_from([f.name, f.title.to("en"), f.title.to("cy")])))
        for f in order
    ]
    lines = [
        [
            answer(draw, field, row[field.name])
            if field.codes and row[field.name]
            else row[field.name]
            for field in order
        ]
        for row in rows
    ]
    left = [None] * draw(st.integers(0, 2))
    sheet = [left + titles]
    for line in lines:
        sheet += [[] for _blank in range(draw(st.integers(0, 2)))] + [left + line]
    above = draw(st.sampled_from([[], [["Returns of the police"]], [[], ["2025"], []]]))
    return rows, above + sheet


def written(folder, how, sheet):
    kind, *options = how
    if kind == "csv":
        separator, coding = options
        return csv_file(folder / f"{FILE}.csv", sheet, separator=separator, encoding=coding)
    write = {"xlsx": xlsx, "xls": xls, "ods": ods}[kind]
    return write(folder / f"x.{kind}", {"Cover": COVER, TITLE: sheet})


WAYS = [
    ("xlsx",),
    ("xls",),
    ("ods",),
    ("csv", ",", "utf-8"),
    ("csv", ";", "utf-8-sig"),
    ("csv", "\t", "utf-16"),
]


@pytest.mark.parametrize("how", WAYS, ids=lambda how: how[0])
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(layout=layouts())
def test_what_is_written_in_any_format_and_layout_is_read_back(how, tmp_path_factory, layout):
    rows, sheet = layout
    path = written(tmp_path_factory.mktemp("any"), how, sheet)
    checked = parse(read_return(path, FORMS, PROVIDERS), FORMS)
    assert [item.rule for item in checked.findings if item.rule != "CELL-WANTED"] == []
    read = checked.tables[FORM].reset_index(drop=True)
    for field in FIELDS:
        said = [row[field.name] for row in rows]
        if field.kind == "datetime":
            wall = pd.Series(pd.DatetimeIndex(said, tz="Europe/London"))
            expected = wall.dt.as_unit("us").dt.tz_convert("UTC")
        else:
            expected = pd.Series(said, dtype="str")
        pd.testing.assert_series_equal(read[field.name], expected, check_names=False)
