import pandas as pd
import pyarrow as pa
import pytest
from store_toys import FIELDS, Q1, declared, visits

from evaluation.errors import StoreError, WrongUse
from evaluation.language import _
from evaluation.nouns import Field
from evaluation.store.shapes import conform, empty, frame

FORM = declared()
TYPES = {
    "provider": "str",
    "quarter": "str",
    "visit_ref": "str",
    "kind": "str",
    "begun_at": "datetime64[us, UTC]",
    "begun_on": "datetime64[us]",
    "due_on": "datetime64[us]",
    "born_in": "datetime64[us]",
    "minutes": "Int64",
    "seen": "str",
}


def stored(rows):
    return conform(rows, FORM, "team", Q1)


def test_files_hold_days_moments_whole_numbers_and_text():
    types = {field.name: str(field.type) for field in stored(visits("V-1")).schema}
    assert types == {
        "provider": "string",
        "quarter": "string",
        "visit_ref": "string",
        "kind": "string",
        "begun_at": "timestamp[us, tz=UTC]",
        "begun_on": "date32[day]",
        "due_on": "date32[day]",
        "born_in": "date32[day]",
        "minutes": "int64",
        "seen": "string",
    }


def test_a_frame_comes_back_as_parse_made_it():
    rows = visits("V-1", "V-2", minutes=None)
    back = frame([stored(rows)])
    assert back.dtypes.astype(str).to_dict() == TYPES
    pd.testing.assert_frame_equal(
        back.drop(columns=["provider", "quarter"]), rows.reset_index(drop=True)
    )


def test_the_local_day_of_a_late_evening_in_summer_is_the_next_one():
    table = stored(visits("V-1", start="2025-06-30 23:30"))
    assert str(table["begun_on"][0]) == "2025-07-01"


def test_no_rows_keep_their_columns_and_types():
    assert frame([empty(FORM)]).dtypes.astype(str).to_dict() == TYPES


def test_the_order_of_the_rows_does_not_change_the_file():
    rows = visits("V-2", "V-3", "V-1")
    assert stored(rows).equals(stored(rows.iloc[::-1]))
    assert stored(rows)["visit_ref"].to_pylist() == ["V-1", "V-2", "V-3"]


def test_a_column_that_need_not_come_is_missing_in_every_row():
    assert (
        frame([stored(visits("V-1").drop(columns=["seen", "due_on"]))])[["due_on", "seen"]]
        .isna()
        .all(axis=None)
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda rows: rows.drop(columns="kind"), "lack the column ‘kind’"),
        (lambda rows: rows.drop(columns="begun_on"), "lack the column ‘begun_on’"),
        (lambda rows: rows.assign(surname="Jones"), "‘surname’"),
        (lambda rows: rows.assign(quarter="2025Q1"), "‘quarter’"),
        (lambda rows: rows.assign(minutes=1.5), "‘minutes’"),
        (lambda rows: rows.assign(minutes="secret"), "‘minutes’"),
        (lambda rows: rows.assign(visit_ref=7), "‘visit_ref’"),
        (lambda rows: rows.assign(due_on="2025-01-01"), "‘due_on’"),
        (lambda rows: rows.assign(due_on=pd.Timestamp("2025-01-01 10:00")), "‘due_on’"),
        (lambda rows: rows.assign(due_on=rows["begun_at"]), "‘due_on’"),
        (lambda rows: rows.assign(begun_at=pd.Timestamp("2025-01-01 10:00")), "‘begun_at’"),
    ],
)
def test_rows_that_are_not_as_the_form_says_are_refused_without_quoting_them(change, says):
    with pytest.raises(WrongUse, match=says) as caught:
        stored(change(visits("V-1")))
    assert "Jones" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_versions_of_a_form_are_read_together():
    newer = declared(fields=(*FIELDS[:1], Field("area", "code", "may", _("Area"))), version=2)
    new = conform(
        pd.DataFrame({"visit_ref": pd.Series(["V-2"], dtype="str"), "area": ["north"]}),
        newer,
        "team",
        Q1 + 1,
    )
    rows = frame([stored(visits("V-1")), new])
    assert list(rows.columns[:4]) == ["provider", "quarter", "visit_ref", "area"]
    assert list(rows["visit_ref"]) == ["V-1", "V-2"]
    assert rows["area"].isna().tolist() == [True, False]
    assert rows["minutes"].dtype == "Int64"


def test_a_column_that_changed_its_type_is_refused_not_guessed():
    other = declared(fields=(*FIELDS[:1], Field("minutes", "code", "may", _("Minutes"))), version=2)
    new = conform(
        pd.DataFrame({"visit_ref": ["V-2"], "minutes": ["ten"]}, dtype="str"), other, "team", Q1
    )
    with pytest.raises(StoreError, match="visits holds a column whose type changed"):
        frame([stored(visits("V-1")), new])


def test_a_file_says_which_form_and_version_it_is_of():
    assert stored(visits("V-1")).schema.metadata == {b"form": b"visits", b"form_version": b"1"}
    assert isinstance(empty(FORM), pa.Table)
