"""From a list to a lookup: keys that a form takes, faults by row, nothing said of a child."""

import csv
import hmac
import os
import stat
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from stdnum import luhn
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.errors import BrokenFile, WrongUse
from evaluation.returns.declaring import ALPHABET
from evaluation.returns.keys import make_keys, making, new_secret, private, read_secret
from evaluation.returns.keys.alike import one_edit
from evaluation.store import Store

TODAY = date(2025, 7, 1)
TITLES = ("surname", "forename", "born")
COLUMNS = ",".join(TITLES)
ROWS = (
    ("ap Rhys", "Siân", "13/08/2010"),
    ("Ap-Rhŷs", "SIAN", "2010-08-13"),
    ("O’Brien", "Mary-Anne", "1/2/12"),
    ("Obrien", "Mary Ann", "01/02/2012"),
    ("Davies", "Gwen", "03/04/2011"),
    ("Davis", "Gwen", "03/04/2011"),
)


@pytest.fixture
def secret(tmp_path):
    new_secret(tmp_path / "secret.txt")
    return tmp_path / "secret.txt"


def listed(folder: Path, *rows, titles=TITLES) -> Path:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([titles, *rows])
    return path


def lookup(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def made_from(path, secret, columns=COLUMNS, **options):
    to = path.parent / "lookup.csv"
    made = make_keys(path, columns, secret, to, today=TODAY, **options)
    return made, (lookup(to) if to.exists() else [])


def test_the_lookup_has_the_rows_as_they_stand_and_each_childs_key(tmp_path, secret):
    made, rows = made_from(listed(tmp_path, *ROWS), secret)
    assert list(rows[0]) == ["row", *TITLES, "child_key"]
    assert [row["row"] for row in rows] == ["2", "3", "4", "5", "6", "7"]
    assert [tuple(row[title] for title in TITLES) for row in rows] == list(ROWS)
    keys = [row["child_key"] for row in rows]
    assert keys[0] == keys[1]
    assert len(set(keys)) == made.children == 5
    assert all(len(key) == 12 and luhn.is_valid(key, ALPHABET) for key in keys)


def test_a_key_is_the_first_55_bits_of_the_hmac_and_a_check_character(tmp_path, secret):
    _made, rows = made_from(listed(tmp_path, ROWS[0]), secret)
    message = "n1\x1fname=aprhys\x1fname=sian\x1fdate=2010-08-13"
    digest = hmac.new(read_secret(secret).value, message.encode(), "sha256").digest()
    bits = f"{int.from_bytes(digest):0256b}"[:55]
    eleven = "".join(ALPHABET[int(bits[at : at + 5], 2)] for at in range(0, 55, 5))
    assert rows[0]["child_key"] == eleven + luhn.calc_check_digit(eleven, ALPHABET)


def test_rows_of_one_child_and_rows_that_may_be_one_are_told_by_number(tmp_path, secret):
    made, _rows = made_from(listed(tmp_path, *ROWS), secret, look_alikes=True)
    assert made.same == ((2, 3),)
    assert made.alike == ((4, 5), (6, 7))
    assert made.rows == 6
    assert made.faults == made.notes == ()


def test_look_alikes_are_looked_for_only_where_asked(tmp_path, secret):
    made, _rows = made_from(listed(tmp_path, *ROWS), secret)
    assert made.alike == ()


def test_twins_and_unlike_births_are_no_look_alikes(tmp_path, secret):
    rows = (
        ("Jones", "Gwen", "1/1/2010"),
        ("Jones", "Rhys", "1/1/2010"),
        ("Jones", "Gwenn", "2/1/2010"),
    )
    made, _rows = made_from(listed(tmp_path, *rows), secret, look_alikes=True)
    assert made.alike == ()


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("gwen", "gwenn", True), ("gwen", "wen", True), ("gwen", "gwan", True),
        ("gwen", "gewn", True), ("gwen", "gwne", True), ("", "g", True), ("gwen", "gwen", False),
        ("gwen", "ewgn", False), ("gwen", "gwxyz", False), ("gwen", "gw", False), ("ab", "cd", False),
    ],
)  # fmt: skip
def test_one_edit_is_one_letter_or_two_neighbours_swapped(one, other, near):
    assert one_edit(one, other) == one_edit(other, one) == near


def test_blank_rows_do_not_count_and_rows_keep_the_numbers_that_a_spreadsheet_shows(
    tmp_path, secret
):
    path = tmp_path / "list.csv"
    path.write_text(
        'surname,forename,born\n\n"Jones","Gwen",1/1/2010\n,,\n"Two\nlines",Rhys,1/1/2010\n'
    )
    _made, rows = made_from(path, secret)
    assert [row["row"] for row in rows] == ["3", "5"]


def test_all_faults_come_at_once_by_row_number_and_nothing_is_written(tmp_path, secret):
    rows = (("", "Gwen", "1/1/2010"), ("Jones", "-", "31/2/2010"), ("J0nes", "Rhys", ""))
    made, _rows = made_from(listed(tmp_path, *rows), secret)
    said = " ".join(map(str, made.faults))
    assert len(made.faults) == 5
    assert "‘surname’ is blank. Rows: 2." in said
    assert "‘surname’ holds digits or signs that no name has. Rows: 4." in said
    assert "‘forename’ is blank. Rows: 3." in said
    assert "‘born’ is blank. Rows: 4." in said
    assert "‘born’ is not a day in the past. Rows: 3." in said
    assert not (tmp_path / "lookup.csv").exists()


def test_cells_that_have_moved_are_noticed(tmp_path, secret):
    path = tmp_path / "list.csv"
    path.write_text("surname,forename,born\nJones,Gwen,Mair,1/1/2010\n")
    made, _rows = made_from(path, secret)
    assert "Rows with more cells than there are titles, where cells have moved: 2." in str(
        made.faults[0]
    )


def test_many_rows_are_told_in_part(tmp_path, secret):
    made, _rows = made_from(listed(tmp_path, *[("", "Gwen", "1/1/2010")] * 30), secret)
    assert str(made.faults[0]).endswith("20, 21 and more, in all 30.")


def test_a_list_without_rows_is_a_fault(tmp_path, secret):
    made, _rows = made_from(listed(tmp_path), secret)
    assert [str(fault) for fault in made.faults] == ["The list has no rows."]


def test_a_collision_is_told_and_nothing_written(tmp_path, secret, monkeypatch):
    monkeypatch.setattr(
        making, "keys_of", lambda identities, _secret: ["EXAMPRE0001W" for _ in identities]
    )
    made, rows = made_from(listed(tmp_path, *ROWS), secret)
    assert rows == []
    assert len(made.faults) == 1
    assert "Different children would have one key. Rows: 2, 4, 5, 6 and 7." in str(made.faults[0])


def test_a_column_says_what_it_is_and_a_title_may_hold_a_comma(tmp_path, secret):
    path = listed(
        tmp_path, ("943 476 5919", "13/08/2010", "x"), titles=("NHS", "Came, when", "note")
    )
    _made, rows = made_from(path, secret, 'NHS:number, "Came, when:date"', keep="note")
    assert list(rows[0]) == ["row", "NHS", "Came, when", "note", "child_key"]


def test_kept_columns_do_not_change_the_key(tmp_path, secret):
    path = listed(tmp_path, (*ROWS[0], "7"), titles=(*TITLES, "case"))
    _made, without = made_from(path, secret)
    _made, kept = made_from(path, secret, keep="case", replace=True)
    assert kept == [without[0] | {"case": "7"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_is_read_in_the_usual_encodings_and_marks(tmp_path, secret, encoding, mark):
    path = tmp_path / "list.csv"
    path.write_bytes(
        f'surname{mark}Forename{mark} BORN \n"ap Rhys"{mark}Siân{mark}13/08/2010\n'.encode(encoding)
    )
    _made, rows = made_from(path, secret)
    assert rows[0]["forename"] == "Siân"


def test_a_workbook_gives_the_same_keys(tmp_path, secret):
    _made, expected = made_from(listed(tmp_path, ROWS[0]), secret)
    book = openpyxl.Workbook()
    book.active.append(["Surname", "Forename", "Born"])
    book.active.append(["ap Rhys", "Siân", date(2010, 8, 13)])
    book.create_sheet("Notes").append(["nothing"])
    book.save(tmp_path / "list.xlsx")
    _made, rows = made_from(tmp_path / "list.xlsx", secret, replace=True)
    assert rows[0]["child_key"] == expected[0]["child_key"]
    assert rows[0]["born"] == "2010-08-13"


def test_a_list_without_titles_is_refused_without_repeating_it(tmp_path, secret):
    path = listed(tmp_path, ROWS[2], titles=ROWS[0])
    with pytest.raises(WrongUse, match="no column titled: surname, forename and born") as caught:
        made_from(path, secret)
    assert "Rhys" not in str(caught.value)


def test_two_columns_of_one_title_are_refused(tmp_path, secret):
    path = listed(tmp_path, (*ROWS[0], "x"), titles=(*TITLES, "Surname"))
    with pytest.raises(WrongUse, match="more than one column titled ‘surname’"):
        made_from(path, secret)


@pytest.mark.parametrize(
    "content", [b"", b'surname,forename,born\n"Jones"x,Gwen,1/1/2010\n', b"surname,forename,born\n\x81\x8d,G,1/1/2010\n"]
)  # fmt: skip
def test_a_broken_list_is_a_sentence(tmp_path, secret, content):
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises((BrokenFile, WrongUse)) as caught:
        made_from(tmp_path / "list.csv", secret)
    assert "Jones" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("columns", ["", " , ", "child_key,born", "row"])
def test_columns_that_cannot_be_meant_are_refused(tmp_path, secret, columns):
    with pytest.raises(WrongUse):
        made_from(listed(tmp_path, *ROWS), secret, columns)


# ---- The file that is written ---------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_only_its_owner_may_read_the_lookup_also_where_it_replaces_one(tmp_path, secret):
    path = listed(tmp_path, *ROWS)
    to = tmp_path / "lookup.csv"
    to.write_text("old")
    to.chmod(0o644)
    made_from(path, secret, replace=True)
    assert stat.S_IMODE(to.stat().st_mode) == 0o600


def test_a_lookup_is_not_written_over_unasked(tmp_path, secret):
    path = listed(tmp_path, *ROWS)
    (tmp_path / "lookup.csv").write_text("old")
    with pytest.raises(WrongUse, match="--replace"):
        made_from(path, secret)
    assert (tmp_path / "lookup.csv").read_text() == "old"


def test_one_that_appears_meanwhile_is_not_written_over(tmp_path):
    to = tmp_path / "lookup.csv"
    to.write_text("theirs")
    with pytest.raises(WrongUse, match="is there already"):
        private.write_private(to, b"ours")
    assert to.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [to]


@pytest.mark.parametrize("broken", ["fsync", "replace"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_write_that_fails_leaves_what_was_there(tmp_path, secret, monkeypatch, broken, replace):
    path = listed(tmp_path, *ROWS)
    to = tmp_path / "lookup.csv"
    if replace:
        to.write_text("old")
    before = {item.name for item in tmp_path.iterdir()}

    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if broken == "fsync" else (Path, "replace")), full)
    with pytest.raises(BrokenFile, match="No space left"):
        made_from(path, secret, replace=replace)
    assert {item.name for item in tmp_path.iterdir()} == before
    assert not replace or to.read_text() == "old"


@pytest.mark.parametrize("which", ["list.csv", "secret.txt"])
def test_neither_the_list_nor_the_secret_is_ever_written_over(tmp_path, secret, which):
    path = listed(tmp_path, *ROWS)
    before = (tmp_path / which).read_bytes()
    (tmp_path / "link").symlink_to(tmp_path / which)
    for to in (tmp_path / which, tmp_path / "link"):
        with pytest.raises(WrongUse, match="would overwrite"):
            make_keys(path, COLUMNS, secret, to, today=TODAY, replace=True)
    assert (tmp_path / which).read_bytes() == before


def test_a_store_is_left_untouched(tmp_path, secret):
    store = Store.open(tmp_path / "store")
    before = {item: item.stat().st_mtime_ns for item in store.root.rglob("*")}
    path = listed(tmp_path, *ROWS)
    in_store = store.root / "list.csv"
    for list_, to in ((path, store.root / "lookup.csv"), (in_store, tmp_path / "lookup.csv")):
        with pytest.raises(WrongUse, match="lies in a store"):
            make_keys(list_, COLUMNS, secret, to, today=TODAY)
    assert {item: item.stat().st_mtime_ns for item in store.root.rglob("*")} == before


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")
def test_a_secret_that_others_may_read_is_noted(tmp_path, secret):
    secret.chmod(0o644)
    made, _rows = made_from(listed(tmp_path, *ROWS), secret)
    assert "may read the secret" in str(made.notes[0])


# ---- At the front door ----------------------------------------------------------------------------


def said_by(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["keys", *map(str, arguments)])
    return result.exit_code, result.output + result.stderr


@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize(
    "rows",
    [ROWS, (*ROWS, ("J0nes-Parry", "", "31/02/2010")), (*ROWS, ("x", "y", "1/1/2010", "Parry"))],
    ids=["fine", "faulty", "uneven"],
)
def test_nothing_of_a_child_is_printed(tmp_path, caplog, rows, as_json):
    assert said_by("new", "--to", tmp_path / "s")[0] == 0
    path = listed(tmp_path, *rows)
    options = [
        "--secret",
        tmp_path / "s",
        "--columns",
        COLUMNS,
        "--to",
        tmp_path / "out.csv",
        "--look-alikes",
    ]
    code, said = said_by("make", path, *options, *(["--json"] if as_json else []))
    assert code == (0 if rows == ROWS else 1)
    said = (said + caplog.text).casefold()
    for row in rows:
        for cell in row:
            assert not cell or cell.casefold() not in said.replace(str(tmp_path), "")
    if code == 0:
        assert "2 and 3" in said or "[\n      2,\n      3\n    ]" in said
        assert lookup(tmp_path / "out.csv")[0]["child_key"].casefold() not in said


def test_the_secret_is_not_printed(tmp_path):
    code, said = said_by("new", "--to", tmp_path / "s")
    assert code == 0
    value = read_secret(tmp_path / "s").value.hex()
    assert all(value[at : at + 8] not in said for at in range(0, 64, 8))
