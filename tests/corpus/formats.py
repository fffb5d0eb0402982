"""The same return in every format, and in every way in which its text may be kept."""

import csv
import datetime as dt

import xlwt

from evaluation.returns.told import Told
from tests.corpus.cases import EPISODES, FILE, NAMES, TITLE, case, changed, sheets, table
from tests.corpus.writing import csv_file, inside, ods, xls, xlsx


def _csv(folder, rows=None, *, name=f"{FILE}.csv", **how):
    return csv_file(folder / name, rows or table(), **how)


@case()
def xlsx_plain(folder):
    return xlsx(folder / "x.xlsx", sheets())


@case()
def xls_plain(folder):
    return xls(folder / "x.xls", sheets())


@case()
def ods_plain(folder):
    return ods(folder / "x.ods", sheets())


@case()
def csv_commas(folder):
    return _csv(folder)


@case()
def csv_semicolons_and_a_byte_order_mark(folder):
    return _csv(folder, separator=";", encoding="utf-8-sig")


@case()
def csv_tabs(folder):
    return _csv(folder, separator="\t", name=f"{FILE}.tsv")


@case()
def csv_bars(folder):
    return _csv(folder, separator="|", name=f"{FILE}.txt")


@case()
def csv_windows_1252_with_curly_quotes(folder):
    return _csv(folder, [["‘Missing’ – café"], *table()], encoding="cp1252", separator=";")


@case()
def csv_utf_16_as_excel_saves_unicode_text(folder):
    return _csv(folder, separator="\t", encoding="utf-16", name=f"{FILE}.txt")


@case()
def csv_that_names_its_separator(folder):
    return _csv(folder, separator=";", above="sep=;\r\n")


@case()
def csv_of_an_old_macintosh(folder):
    return _csv(folder, lineterminator="\r")


@case(f"CELL-CODE {TITLE}!E5")
def csv_with_title_rows_above_and_line_breaks_in_cells(folder):
    rows = table(*changed(2, local_authority="New\nport"))
    return _csv(folder, [["Episodes,\nall of them"], [], *rows])


@case(f"CELL-CODE {TITLE}!G3")
def csv_with_rows_of_unequal_length(folder):
    rows = table(*changed(2, risk_first="Grave"))
    return _csv(
        folder, [row + [None] * extra for row, extra in zip(rows, (0, 2, 0, 5), strict=True)]
    )


@case(f"CELL-CODE {TITLE}!G5")
def csv_with_blank_lines(folder):
    titles, *rows = table(*changed(2, risk_first="Grave"))
    return _csv(folder, [titles, rows[0], [], [], rows[1], rows[2], [], []])


@case()
def csv_with_spaces_around_every_cell(folder):
    spaced = [[f"  {cell}  " if isinstance(cell, str) else cell for cell in row] for row in table()]
    return _csv(folder, spaced)


@case()
def csv_with_every_cell_in_quotation_marks(folder):
    return _csv(folder, quoting=csv.QUOTE_ALL)


@case()
def csv_downloaded_twice(folder):
    return _csv(folder, name="Police 2025Q1 Missing episodes (1).csv")


@case("COV-11", comes_back=False)
def csv_whose_name_tells_nothing(folder):
    return _csv(folder, name="export.csv")


@case(told=Told(form="missing_episodes"))
def csv_whose_form_is_told_beside_it(folder):
    return _csv(folder, name="police 2025q1.csv")


# In plain text it could be anything; in the workbook that is given back it is a date.
@case(f"CELL-TIME {TITLE}!C2", comes_back=False)
def csv_with_a_number_for_a_date(folder):
    return _csv(folder, table(*changed(1, reported_at="45778.8958333")))


@case()
def xlsx_alone_without_a_cover_but_with_a_telling_name(folder):
    return xlsx(folder / f"{FILE}.xlsx", {"Export": table()})


@case()
def xlsx_that_is_named_csv(folder):
    return xlsx(folder / "x.csv", sheets())


@case()
def xlsx_with_parts_named_by_absolute_paths(folder):
    path = xlsx(folder / "x.xlsx", sheets())
    part = "xl/_rels/workbook.xml.rels"
    return inside(
        path, {part: lambda xml: xml.replace(b'"/xl/', b'"').replace(b'"styles', b'"/xl/styles')}
    )


@case("SHE-08 Notes")
def xls_with_a_hidden_sheet(folder):
    def hide(_book, pages):
        pages["Notes"].visibility = 1

    return xls(folder / "x.xls", sheets(Notes=[["Nothing new"]]), change=hide)


@case(f"SHE-09 {TITLE}", f"COL-06 {TITLE}!I1")
def xls_with_hidden_rows_and_columns(folder):
    def hide(_book, pages):
        page = pages[TITLE]
        page.row(2).hidden = True
        page.col(8).hidden = True

    return xls(folder / "x.xls", sheets(), change=hide)


@case()
def xls_that_counts_days_from_1904(folder):
    def shift(book, pages):
        book.dates_1904 = True
        page = pages[TITLE]
        # xlwt works out a date when it is written, and so by the system of that moment.
        style = xlwt.easyxf(num_format_str="DD/MM/YYYY HH:MM")
        for number, episode in enumerate(EPISODES, start=1):
            for column, name in enumerate(NAMES):
                if isinstance(episode[name], dt.datetime):
                    page.write(number, column, episode[name], style)

    held = sheets()
    held[TITLE] = [
        [None if isinstance(cell, dt.datetime) else cell for cell in row] for row in held[TITLE]
    ]
    return xls(folder / "x.xls", held, change=shift)
