"""What would tell who a child is, wherever a workbook can hold it. All of it is invented."""

import openpyxl
from openpyxl.comments import Comment
from openpyxl.workbook.defined_name import DefinedName

from tests.corpus.cases import COVER, EPISODES, FILE, TITLE, case, changed, sheets, table
from tests.corpus.writing import csv_file, inside, ods, ods_cell, ods_table, xlsx

NHS = "943 476 5919"  # the number that the NHS itself shows as an example


def _xlsx(folder, rows=None, *, change=None, **more):
    return xlsx(folder / "x.xlsx", sheets(rows or table(), **more), change=change)


@case(f"ID-NAME {TITLE}!N1")
def a_column_of_names(folder):
    titles, *rows = table()
    return _xlsx(folder, [[*titles, "Child's name"], *([*row, "Rose Heyworth"] for row in rows)])


@case(f"ID-BIRTH {TITLE}!N1", f"ID-NHS {TITLE}!O1", f"ID-PHONE {TITLE}!P1", f"ID-NOTES {TITLE}!Q1")
def columns_whose_titles_tell_it_all(folder):
    titles, *rows = table()
    more = ["D.O.B.", "Rhif GIG", "Mobile", "Comments"]
    return _xlsx(folder, [[*titles, *more], *([*row, None, "1", "2", "3"] for row in rows)])


@case(f"ID-WORDS {TITLE}!B3")
def a_name_for_a_key_is_found_once(folder):
    return _xlsx(folder, table(*changed(2, child_key="Rose Heyworth")))


@case(f"ID-POSTCODE {TITLE}!E2")
def a_postcode_for_an_answer_is_found_once(folder):
    return _xlsx(folder, table(*changed(1, local_authority="NP20 4QW")))


@case(f"ID-NHS {TITLE}!A4")
def an_nhs_number_among_references(folder):
    return csv_file(folder / f"{FILE}.csv", table(*changed(3, episode_ref="9434765919")))


@case("ID-NHS Notes!B7", "ID-PHONE Notes!A1")
def numbers_on_the_sheet_for_notes(folder):
    notes = [["Ring 01633 838 838"], *[[]] * 5, [None, f"is {NHS}"]]
    return _xlsx(folder, Notes=notes)


@case("ID-ADDRESS Notes!A1", "SHE-08 Notes")
def an_address_on_a_hidden_sheet(folder):
    def hide(book):
        book["Notes"].sheet_state = "hidden"

    return _xlsx(folder, Notes=[["lives at 12 Commercial Street"]], change=hide)


@case("ID-EMAIL")
def an_address_of_mail_above_the_titles(folder):
    rows = [["Questions to jo.bloggs@example.org"], *table()]
    path = _xlsx(folder, rows)
    book = openpyxl.load_workbook(path)
    book.properties.title = "Ask jo.bloggs@example.org"
    book[TITLE]["A1"] = "Episodes"
    book.save(path)
    return path


@case(f"ID-EMAIL {TITLE}!A1")
def an_address_of_mail_in_a_title_row(folder):
    return _xlsx(folder, [["Questions to jo.bloggs@example.org"], *table()])


@case()
def the_senders_own_address_among_the_properties(folder):
    def sign(book):
        book.properties.creator = "jo.bloggs@example.org"
        book.properties.lastModifiedBy = "Bloggs, Jo (Data Office)"

    return _xlsx(folder, change=sign)


@case(f"ID-POSTCODE {TITLE}!F2")
def a_postcode_in_a_comment(folder):
    def note(book):
        book[TITLE]["F2"].comment = Comment("He lives at NP20 4QW now", "Jo Bloggs")

    return _xlsx(folder, change=note)


# openpyxl leaves out threads, text boxes, and what is kept for pivot tables and links, so that in
# what is given back these are gone.
@case(f"ID-NHS {TITLE}!A2", comes_back=False)
def a_number_in_a_thread_of_comments(folder):
    relation = (
        '<Relationship Id="rId9" Target="../threadedComments/threadedComment1.xml" '
        'Type="http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"/>'
    )
    links = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{relation}</Relationships>"
    )
    thread = (
        '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
        f'threadedcomments"><threadedComment ref="A2" id="{{1}}"><text>{NHS}</text>'
        "</threadedComment></ThreadedComments>"
    )
    more = {
        "xl/worksheets/_rels/sheet2.xml.rels": links,
        "xl/threadedComments/threadedComment1.xml": thread,
    }
    return inside(_xlsx(folder), more=more)


@case(f"ID-PHONE {TITLE}", f"ID-POSTCODE {TITLE}")
def a_header_and_a_footer(folder):
    def print_with(book):
        book[TITLE].oddHeader.center.text = "NP20 4QW"
        book[TITLE].evenFooter.left.text = "Ring 01633 838 838"

    return _xlsx(folder, change=print_with)


@case("ID-PHONE", "ID-POSTCODE")
def the_names_of_ranges(folder):
    def name(book):
        book.defined_names["NP20_4QW"] = DefinedName("NP20_4QW", attr_text="Cover!$A$1")
        book.defined_names["office"] = DefinedName("office", attr_text='"01633 838 838"')
        book.defined_names["home"] = DefinedName("home", attr_text='"NP20 4QW"')

    return _xlsx(folder, change=name)


@case("ID-NHS #3", "SHE-01 #3", comes_back=False)
def the_name_of_a_sheet(folder):
    return _xlsx(folder, **{NHS: [["x"]]})


@case("ID-NHS", comes_back=False)
def a_text_box(folder):
    drawing = (
        '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:sp><xdr:txBody><a:p><a:r>'
        f"<a:t>NHS {NHS}</a:t></a:r></a:p></xdr:txBody></xdr:sp></xdr:wsDr>"
    )
    return inside(_xlsx(folder), more={"xl/drawings/drawing1.xml": drawing})


@case("ID-POSTCODE", comes_back=False)
def what_a_pivot_table_keeps_of_a_list_that_was_deleted(folder):
    cache = '<pivotCacheRecords xmlns="x"><r><s v="Rose"/><s v="NP20 4QW"/></r></pivotCacheRecords>'
    return inside(_xlsx(folder), more={"xl/pivotCache/pivotCacheRecords1.xml": cache})


@case("ID-PHONE", "SHE-12", comes_back=False)
def what_is_kept_of_a_linked_workbook(folder):
    kept = (
        '<externalLink xmlns="x"><externalBook><sheetDataSet><sheetData sheetId="0"><row r="1">'
        '<cell r="A1" t="str"><v>07700 900123</v></cell></row></sheetData></sheetDataSet>'
        "</externalBook></externalLink>"
    )
    return inside(_xlsx(folder), more={"xl/externalLinks/externalLink1.xml": kept})


@case("ID-NHS", f"ID-POSTCODE {TITLE}!B2", "ID-PHONE", comes_back=False)
def beside_the_cells_of_ods(folder):
    held = table()
    note = "<office:annotation><text:p>now at NP20 4QW</text:p></office:annotation>"
    held[1][1] = ods_cell(held[1][1], note)
    header = f"<style:header><text:p>Child {NHS}</text:p></style:header>"
    meta = (
        "<office:document-meta NAMES><office:meta><dc:creator>jo@example.org</dc:creator>"
        "<dc:subject>01633 838 838</dc:subject></office:meta></office:document-meta>"
    )
    tables = ods_table(TITLE, held)
    return ods(
        folder / "x.ods", {"Cover": COVER}, tables=tables, styles=header, parts={"meta.xml": meta}
    )


@case("ID-POSTCODE", comes_back=False)
def what_ods_keeps_of_a_cell_that_was_changed(folder):
    changes = (
        "<table:tracked-changes><table:cell-content-change><table:previous>"
        "<table:change-track-table-cell><text:p>NP20 4QW</text:p></table:change-track-table-cell>"
        "</table:previous></table:cell-content-change></table:tracked-changes>"
    )
    return ods(folder / "x.ods", sheets(), tables=changes)


@case()
def a_venue_and_a_school_that_look_like_people(folder):
    return _xlsx(folder, Notes=[["Meetings are at Rose Heyworth"], ["School 4001234567"]])


@case(rows=3)
def episodes_whose_references_are_ten_digits(folder):
    rows = [row | {"episode_ref": f"412345678{n}"} for n, row in enumerate(EPISODES)]
    return _xlsx(folder, table(*rows))
