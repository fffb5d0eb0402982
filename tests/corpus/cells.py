"""The same return, its cells kept as spreadsheets and people keep them."""

import datetime as dt
import re
from importlib.resources import files

from openpyxl.utils.datetime import CALENDAR_MAC_1904
from stdnum import luhn

from evaluation.nouns import Provider
from evaluation.returns.case_systems import read_case_system
from evaluation.returns.declaring import ALPHABET
from schemas import FORMS
from tests.corpus.cases import (
    COVER,
    EPISODES,
    FILE,
    FORM,
    KEY,
    NAMES,
    PROVIDERS,
    TITLE,
    case,
    changed,
    sheets,
    table,
)
from tests.corpus.writing import as_text, csv_file, inside, ods, ods_table, xls, xlsx

moment = dt.datetime
MOMENTS = [name for name in NAMES if name.endswith("_at")]
SHEET = "xl/worksheets/sheet2.xml"
DAY = dt.timedelta(days=1)


def _xlsx(folder, episodes, **more):
    return xlsx(folder / "x.xlsx", sheets(table(*episodes)), **more)


def _moments(how):
    """The episodes with each moment put otherwise."""
    return [row | {name: how(row[name]) for name in MOMENTS if row[name]} for row in EPISODES]


# ---- Dates ----------------------------------------------------------------------------------------


@case()
def moments_as_text(folder):
    return _xlsx(folder, _moments(as_text))


@case()
def moments_as_text_with_years_of_two_digits(folder):
    return _xlsx(folder, _moments(lambda at: f"{at.day}/{at.month}/{at:%y %H:%M}"))


@case()
def moments_as_iso_text(folder):
    return _xlsx(folder, _moments(lambda at: f"{at:%Y-%m-%d %H:%M:%S}"))


@case(
    f"COL-07 {TITLE}!C1",
    f"COL-07 {TITLE}!D1",
    f"COL-07 {TITLE}!K1",
    f"CELL-TIME-MISSING {TITLE}!C4",
)
def moments_as_plain_numbers(folder):
    """A whole number says no time of day, so midnight is refused."""
    zero = moment(1899, 12, 30)
    return _xlsx(folder, _moments(lambda at: (at - zero) / DAY))


@case(f"COL-07 {TITLE}!C1", f"COL-07 {TITLE}!D1", f"COL-07 {TITLE}!K1", rows=3)
def moments_as_numbers_kept_as_text(folder):
    zero = moment(1899, 12, 30) - dt.timedelta(seconds=1)  # so that none is a whole number
    episodes = _moments(lambda at: str((at - zero) / DAY))
    return _xlsx(folder, [row | {"episode_ref": f"M00{n}"} for n, row in enumerate(episodes, 1)])


@case(f"COL-07 {TITLE}!C1", f"COL-07 {TITLE}!D1", f"COL-07 {TITLE}!K1", rows=3)
def moments_as_plain_numbers_that_count_from_1904(folder):
    def since_1904(book):
        book.epoch = CALENDAR_MAC_1904

    zero = moment(1904, 1, 1)
    # Near midnight, not at it.
    episodes = changed(3, reported_at=moment(2025, 6, 20, 0, 1))
    held = [
        row | {name: (row[name] - zero) / DAY for name in MOMENTS if row[name]} for row in episodes
    ]
    return _xlsx(folder, held, change=since_1904)


@case()
def real_dates_that_count_from_1904(folder):
    def since_1904(book):
        book.epoch = CALENDAR_MAC_1904

    return _xlsx(folder, EPISODES, change=since_1904)


@case(f"CELL-TIME {TITLE}!C2", f"CELL-TIME {TITLE}!C3", f"CELL-TIME-MISSING {TITLE}!D4")
def dates_that_cannot_be(folder):
    episodes = [
        EPISODES[0] | {"reported_at": "13/25/2025 10:00"},
        EPISODES[1] | {"reported_at": 12},
        EPISODES[2] | {"returned_at": dt.date(2025, 6, 21)},
    ]
    return _xlsx(folder, episodes)


CHILD = {
    "child_key": "EXAMPRE0001W",
    "birth_month": "2010-06",
    "sex": "Female",
    "ethnicity": "W1",
    "local_authority": "Newport",
    "care_status": "not_looked_after",
    "disability": "No",
    "language": "Welsh",
    "domestic_abuse": "Not asked",
    "exclusion": "none",
    "history_from": dt.date(2024, 4, 1),
    "followed_to": None,
    "followed_to_reason": None,
}


def _children(folder, *rows):
    titles = list(CHILD)
    page = [titles, *([(CHILD | row)[name] for name in titles] for row in rows)]
    return xlsx(folder / "x.xlsx", {"Cover": COVER, "children": page})


@case("COL-07 children!B1", "COL-07 children!K1", form="children", rows=1)
def a_month_and_a_day_as_plain_numbers(folder):
    return _children(folder, {"birth_month": 40330, "history_from": 45383})


@case("COL-07 children!B1", "CELL-BIRTH-DATE children!B2", form="children", rows=1)
def a_date_of_birth_as_a_plain_number(folder):
    return _children(folder, {"birth_month": 40341})


@case("CELL-BIRTH-DATE children!B2", form="children", rows=1)
def a_date_of_birth_as_a_date(folder):
    return _children(folder, {"birth_month": dt.date(2010, 6, 12)})


# ---- Formulas and errors --------------------------------------------------------------------------


def _formula(address, said, *, kind=b"str"):
    """Puts a formula with its worked-out value into a cell of the sheet's XML."""

    def change(xml):
        cell = rb'<c r="%b"[^>]*>.*?</c>' % address.encode()
        worked_out = b'<f>"%b"&amp;""</f><v>%b</v>' % (said, said)
        new = b'<c r="%b" t="%b">%b</c>' % (address.encode(), kind, worked_out)
        return re.sub(cell, new, xml, count=1)

    return change


# openpyxl keeps formulas without their values; a spreadsheet works them out again as it opens them.
@case(comes_back=False)
def formulas_with_their_values(folder):
    path = _xlsx(folder, EPISODES)
    inside(path, {SHEET: _formula("A2", b"M001")})
    return inside(path, {SHEET: _formula("E3", b"Newport")})


@case(f"CELL-ERROR {TITLE}!A2")
def a_formula_that_was_never_worked_out(folder):
    return _xlsx(folder, changed(1, episode_ref='="M"&"001"'))


@case(f"CELL-ERROR {TITLE}!A2", f"CELL-ERROR {TITLE}!C4", f"CELL-ERROR {TITLE}!F3")
def errors_of_formulas(folder):
    path = _xlsx(folder, EPISODES)
    inside(path, {SHEET: _formula("A2", b"#REF!", kind=b"e")})
    inside(path, {SHEET: _formula("C4", b"#VALUE!", kind=b"e")})
    return inside(path, {SHEET: _formula("F3", b"#N/A", kind=b"e")})


@case(f"SHE-11 {TITLE}")
def formulas_dragged_far_below_the_table(folder):
    def drag(xml):
        rows = b"".join(
            b'<row r="%d"><c r="B%d" t="e"><f>B1</f><v>#N/A</v></c></row>' % (row, row)
            for row in range(5, 60)
        )
        return xml.replace(b"</sheetData>", rows + b"</sheetData>")

    return inside(_xlsx(folder, EPISODES), {SHEET: drag})


@case(f"CELL-ERROR {TITLE}!A2", f"CELL-ERROR {TITLE}!F3")
def errors_in_ods(folder):
    wrong = [row[:] for row in table()]
    for row, column, sign in ((1, 0, "#REF!"), (2, 5, "Err:502")):
        wrong[row][column] = (
            '<table:table-cell table:formula="of:=#REF!" office:value-type="string" '
            f'office:string-value=""><text:p>{sign}</text:p></table:table-cell>'
        )
    return ods(folder / "x.ods", {"Cover": COVER}, tables=ods_table(TITLE, wrong))


@case(f"CELL-ERROR {TITLE}!F3")
def errors_in_xls(folder):
    def spoil(_book, pages):
        pages[TITLE].row(2).set_cell_error(5, "#N/A!")  # as xlwt calls it

    held = sheets(table(*changed(2, missing_from=None)))
    return xls(folder / "x.xls", held, change=spoil)


# ---- Numbers --------------------------------------------------------------------------------------

KEYS = [f"{KEY[:10]}{n}" + luhn.calc_check_digit(f"{KEY[:10]}{n}", ALPHABET) for n in (1, 2, 3)]
REFERRAL = {
    "referral_ref": "SG001",
    "child_key": "EXAMPRE0001W",
    "local_authority": "W06000022",
    "referred_on": dt.date(2025, 5, 6),
    "source": "missing_meeting",
    "reason": "missing",
    "decision": "accepted",
    "decided_on": dt.date(2025, 5, 9),
    "decline_reason": None,
    "first_contact_on": dt.date(2025, 5, 12),
    "first_session_on": dt.date(2025, 5, 20),
    "sessions_offered": 4,
    "sessions_attended": 3,
    "closed_on": None,
    "closure_reason": None,
}


@case(form="st_giles_referrals", rows=3)
def numbers_as_text_as_formulas_and_with_decimals(folder):
    cover = [["Provider", "services"], *COVER[1:]]
    counts = (("4", " 3 "), (4.0, "3.0"), ("4\u00a0", 3))
    rows = [
        REFERRAL
        | {"referral_ref": f"SG00{n}", "child_key": key}
        | {"sessions_offered": offered, "sessions_attended": attended}
        for n, (key, (offered, attended)) in enumerate(zip(KEYS, counts, strict=True), start=1)
    ]
    page = [list(REFERRAL), *(list(row.values()) for row in rows)]
    return xlsx(folder / "x.xlsx", {"Cover": cover, "St Giles referrals": page})


@case(f"CELL-REF {TITLE}!A2", f"CELL-REF {TITLE}!A3")
def references_that_a_spreadsheet_spoilt(folder):
    episodes = [
        EPISODES[0] | {"episode_ref": 12.5},
        EPISODES[1] | {"episode_ref": "M 002"},
        EPISODES[2] | {"episode_ref": 20250003},
    ]
    return _xlsx(folder, episodes)


# ---- Another layout, by a mapping file ------------------------------------------------------------

MAPPING = files("data_dictionary") / "mappings" / "example.csv"
MAPPED = {
    "police": Provider(
        "police", PROVIDERS["police"].title, (FORM, "children"), read_case_system(MAPPING, FORMS)
    )
}
_EXPORTED = [
    "Export Batch", "Occurrence No", "Person Key", "Date/Time Reported", "Date/Time Found",
    "LA Name", "Missing From Type", "Initial Risk", "Highest Risk", "Harmed?", "RHI Status",
    "RHI Offered", "RHI Date", "Recording Policy", "Beat",
]  # fmt: skip
_THEIR_CODES = {"Home": "HA", "Medium": "M", "High": "H", "Declined": "dec", "app_2017": "APP17"}


def _export(folder, episodes):
    rows = [
        ["B7", *(_THEIR_CODES.get(str(value), value) for value in row.values()), "N3"]
        for row in episodes
    ]
    return csv_file(folder / f"{FILE}.csv", [_EXPORTED, *rows])


@case(providers=MAPPED)
def an_export_of_another_case_system(folder):
    return _export(folder, EPISODES)


@case(f"CELL-CODE {TITLE}!H3", f"CELL-WANTED {TITLE}!G", providers=MAPPED)
def faults_in_an_export_of_another_case_system(folder):
    rows = changed(2, risk_first="Q")
    rows[0] = rows[0] | {"missing_from": "U/K"}
    return _export(folder, rows)
