"""Files that are broken, or meant to do harm. Each is small; what it stands for is not."""

import io
import zipfile

from openpyxl.packaging.relationship import Relationship
from openpyxl.workbook.external_link import ExternalLink
from openpyxl.workbook.external_link.external import ExternalBook

from evaluation.returns.files import refusals
from tests.corpus.cases import FILE, TITLE, case, changed, sheets, table
from tests.corpus.writing import csv_file, inside, ods, ods_table, xls, xlsx

SHEET = "xl/worksheets/sheet2.xml"


def _xlsx(folder, **more):
    return xlsx(folder / "x.xlsx", sheets(**more))


def _saved(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


@case(refused="too large")
def a_bomb_that_unpacks_to_gigabytes(folder):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(8):
            packed.writestr(f"xl/worksheets/sheet{number}.xml", b"0" * 40_000_000)
    return _saved(folder, "x.xlsx", held.getvalue())


@case(refused="too large")
def a_bomb_of_very_many_parts(folder):
    more = {f"xl/media/{number}.xml": "" for number in range(refusals.MOST_PARTS)}
    return inside(_xlsx(folder), more=more)


@case(refused="too large")
def one_long_text_in_very_many_cells(folder):
    """Half a megabyte of XML that would become gigabytes of text."""
    rows = b"".join(
        b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (row, row) for row in range(5, 12_000)
    )
    texts = f'<sst xmlns="x"><si><t>{"x" * 32_000}</t></si></sst>'
    return inside(
        _xlsx(folder),
        {SHEET: lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")},
        more={"xl/SharedStrings.xml": texts},
    )


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@case(refused="instructions that no workbook needs")
def entities_that_expand_in_xlsx(folder):
    return inside(_xlsx(folder), {SHEET: lambda xml: BOMB + xml})


@case(refused="instructions that no workbook needs")
def entities_that_expand_in_ods(folder):
    path = ods(folder / "x.ods", sheets())
    return inside(
        path, {"content.xml": lambda xml: xml.replace(b"<office:doc", BOMB + b"<office:doc", 1)}
    )


@case(refused="instructions that no workbook needs")
def xml_in_another_coding(folder):
    coded = '<?xml version="1.0" encoding="utf-16"?><x/>'.encode("utf-16")
    return inside(_xlsx(folder), more={"xl/worksheets/sheet9.xml": coded})


@case(refused="reaches beyond")
def a_cell_in_the_furthest_corner(folder):
    return xlsx(
        folder / "x.xlsx", sheets(), change=lambda book: book[TITLE].cell(1_048_576, 16_384, 1)
    )


@case(refused="reaches beyond")
def two_thousand_columns(folder):
    return _xlsx(folder, Notes=[list(range(2_000))])


@case(refused="reaches beyond")
def two_hundred_thousand_rows(folder):
    def fill(xml):
        rows = b"".join(
            b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(5, 200_001)
        )
        return xml.replace(b"</sheetData>", rows + b"</sheetData>")

    return inside(_xlsx(folder), {SHEET: fill})


@case(refused="reaches beyond")
def one_row_that_ods_repeats_a_million_times(folder):
    rows = (
        '<table:table-row table:number-rows-repeated="1000000"><table:table-cell '
        'table:number-columns-repeated="100" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    tables = ods_table("Notes", []).replace("</table:table>", rows)
    return ods(folder / "x.ods", sheets(), tables=tables)


@case(refused="reaches beyond")
def one_cell_that_ods_repeats_two_thousand_times(folder):
    cell = (
        '<table:table-cell table:number-columns-repeated="2000" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    return ods(folder / "x.ods", sheets(), tables=ods_table("Notes", [[cell]]))


@case(refused="too large")
def one_long_text_that_ods_repeats(folder):
    rows = (
        '<table:table-row table:number-rows-repeated="190000"><table:table-cell '
        f'office:value-type="string"><text:p>{"x" * 3_000}</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    tables = ods_table("Notes", []).replace("</table:table>", rows)
    return ods(folder / "x.ods", sheets(), tables=tables)


@case(refused="reaches beyond")
def two_hundred_columns_in_xls(folder):
    return xls(folder / "x.xls", sheets(Notes=[list(range(200))]))


@case(refused="reaches beyond")
def two_thousand_columns_in_csv(folder):
    return csv_file(folder / f"{FILE}.csv", [list(range(2_000))] * 3)


@case(refused="too large")
def more_lines_than_any_return_has(folder):
    return _saved(folder, f"{FILE}.csv", b"a,b\n" * (refusals.MOST_LINES + 1))


@case(refused="holds macros")
def macros(folder):
    return inside(_xlsx(folder), more={"xl/vbaProject.bin": b"\xd0\xcf"})


@case(refused="starts another program")
def a_link_that_starts_a_program(folder):
    link = '<externalLink xmlns="x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    return inside(_xlsx(folder), more={"xl/externalLinks/externalLink1.xml": link})


@case(refused="starts another program")
def a_link_that_starts_a_program_from_ods(folder):
    link = (
        "<table:dde-links><table:dde-link><office:dde-source/></table:dde-link></table:dde-links>"
    )
    return ods(folder / "x.ods", sheets(), after=link)


@case("SHE-12")
def a_link_to_another_workbook(folder):
    """Nothing is fetched; the values are those that the workbook keeps."""

    def link(book):
        file = Relationship(
            type="externalLinkPath", Target="//evil.example/x.xlsx", TargetMode="External"
        )
        linked = ExternalLink(externalBook=ExternalBook(id="rId1"))
        linked.file_link = file
        book._external_links.append(linked)

    return xlsx(folder / "x.xlsx", sheets(), change=link)


@case("SHE-01 ../../../tmp/owned", comes_back=False)
def a_sheet_named_to_break_a_path(folder):
    path = _xlsx(folder, Owned=[["x"]])
    return inside(
        path, {"xl/workbook.xml": lambda xml: xml.replace(b'"Owned"', b'"../../../tmp/owned"')}
    )


@case("SHE-01 <script>alert(1)</script>", comes_back=False)
def a_sheet_named_to_break_a_page(folder):
    path = _xlsx(folder, Owned=[["x"]])
    name = b'"&lt;script&gt;alert(1)&lt;/script&gt;"'
    return inside(path, {"xl/workbook.xml": lambda xml: xml.replace(b'"Owned"', name)})


@case("SHE-01 [red]'!A1", comes_back=False)
def a_sheet_named_to_break_a_link_and_a_terminal(folder):
    path = _xlsx(folder, Owned=[["x"]])
    return inside(
        path, {"xl/workbook.xml": lambda xml: xml.replace(b'"Owned"', b'"[red]&apos;!A1"')}
    )


FORMULAS = ('=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)")


@case(
    f"CELL-CODE {TITLE}!E3",
    f"CELL-CODE {TITLE}!G3",
    f"CELL-CODE {TITLE}!H3",
    f"CELL-REF {TITLE}!A3",
)
def formulas_in_plain_text(folder):
    names = ("episode_ref", "local_authority", "risk_first", "risk_highest")
    rows = changed(2, **dict(zip(names, FORMULAS, strict=True)))
    return csv_file(folder / f"{FILE}.csv", table(*rows))


@case(refused="is a web page")
def a_web_page_named_like_a_workbook(folder):
    return _saved(
        folder, "x.xls", b"<html><body><table><tr><td>M001</td></tr></table></body></html>"
    )


@case(refused="is not plain text")
def bytes_named_like_a_text(folder):
    return _saved(folder, "x.csv", bytes(range(256)) * 40)


@case(refused="is damaged")
def half_of_a_workbook(folder):
    path = _xlsx(folder)
    return _saved(folder, "half.xlsx", path.read_bytes()[:-900])


@case(refused="is damaged")
def half_of_an_xls(folder):
    path = xls(folder / "x.xls", sheets())
    return _saved(folder, "half.xls", path.read_bytes()[:2_000])


@case(refused="is damaged")
def ods_with_broken_xml(folder):
    return inside(ods(folder / "x.ods", sheets()), {"content.xml": lambda xml: xml[:-40]})


@case(refused="is damaged")
def ods_that_repeats_a_cell_as_often_as_it_likes(folder):
    cell = '<table:table-cell table:number-columns-repeated="lots"><text:p>x</text:p></table:table-cell>'
    return ods(folder / "x.ods", sheets(), tables=ods_table("Notes", [[cell]]))


@case(refused="protected by a password")
def a_password_on_ods(folder):
    manifest = "<manifest><encryption-data/></manifest>"
    return ods(folder / "x.ods", sheets(), parts={"META-INF/manifest.xml": manifest})


@case(refused="protected by a password")
def a_password_on_xlsx(folder):
    held = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    return _saved(folder, "x.xlsx", held + "EncryptedPackage".encode("utf-16-le"))


@case(refused="binary format")
def xlsb(folder):
    return inside(_xlsx(folder), more={"xl/workbook.bin": b"x"})


@case(refused="is not a workbook")
def a_letter(folder):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as packed:
        packed.writestr("word/document.xml", "<w/>")
    return _saved(folder, "x.docx", held.getvalue())


@case(refused="is empty")
def nothing_at_all(folder):
    return _saved(folder, "x.xlsx", b"")


@case(refused="is a folder")
def a_folder(folder):
    path = folder / "x.xlsx"
    path.mkdir()
    return path


@case(refused="There is no file")
def a_file_that_is_not_there(folder):
    return folder / "x.xlsx"
