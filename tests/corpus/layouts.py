"""The same return, laid out as people lay things out."""

import openpyxl
from openpyxl.styles import PatternFill

from schemas import FORMS
from tests.corpus.cases import COVER, EPISODES, FORM, NAMES, TITLE, case, sheets, table
from tests.corpus.writing import ods, ods_table, xlsx

FIELDS = FORMS[FORM].fields


def _xlsx(folder, rows, *, change=None, **more):
    return xlsx(folder / "x.xlsx", sheets(rows, **more), change=change)


@case()
def titles_in_english(folder):
    return _xlsx(folder, table(titles=[field.title.to("en") for field in FIELDS]))


@case()
def titles_in_welsh(folder):
    return _xlsx(folder, table(titles=[field.title.to("cy") for field in FIELDS]))


@case()
def titles_in_both_languages(folder):
    both = [field.title.to("cy" if n % 2 else "en") for n, field in enumerate(FIELDS)]
    return _xlsx(folder, table(titles=both))


@case()
def titles_shouted_starred_and_spaced(folder):
    return _xlsx(
        folder, table(titles=[f"  {name.upper().replace('_', '  ')} *:" for name in NAMES])
    )


@case()
def columns_in_another_order(folder):
    return _xlsx(folder, [row[::-1] for row in table()])


@case()
def title_rows_above(folder):
    above = [
        ["Gwent Police"],
        ["Missing episodes, April to June 2025"],
        [],
        ["Printed on 1/7/2025"],
    ]
    return _xlsx(folder, [*above, *table()])


@case()
def titles_of_groups_above(folder):
    def merge(book):
        book[TITLE].merge_cells("C1:D1")
        book[TITLE].merge_cells("J1:L1")

    groups = [None, None, "When", None, None, None, None, None, None, "Interview", None, None, None]
    return _xlsx(folder, [groups, *table()], change=merge)


@case()
def titles_merged_over_two_rows(folder):
    def merge(book):
        for column in range(1, len(NAMES) + 1):
            book[TITLE].merge_cells(start_row=1, end_row=2, start_column=column, end_column=column)

    titles, *rows = table()
    return _xlsx(folder, [titles, [], *rows], change=merge)


@case()
def a_title_merged_over_a_blank_column(folder):
    def merge(book):
        book[TITLE].merge_cells("B1:C1")

    return _xlsx(folder, [[*row[:2], None, *row[2:]] for row in table()], change=merge)


@case()
def blank_rows_and_columns_between(folder):
    titles, *rows = ([None, *row[:4], None, None, *row[4:]] for row in table())
    return _xlsx(folder, [[], titles, [], rows[0], [], [], rows[1], rows[2]])


@case()
def looks_far_below_and_right_of_the_table(folder):
    def paint(book):
        for row in range(1, 400):
            book[TITLE].cell(row, 60).fill = PatternFill("solid", fgColor="FFFF00")

    return _xlsx(folder, table(), change=paint)


@case()
def stray_spaces_in_and_around_cells(folder):
    odd = {"local_authority": "  Newport ", "interview": "Offered,  no\u00a0answer\nyet "}
    rows = [row | odd if row["episode_ref"] == "M002" else row for row in EPISODES]
    return _xlsx(folder, table(*rows))


@case()
def answers_in_capitals_and_as_codes(folder):
    rows = [
        row | {"local_authority": "w06000022", "risk_first": "MEDIUM", "harm": row["harm"].upper()}
        for row in EPISODES
    ]
    return _xlsx(folder, table(*rows))


@case()
def keys_in_small_letters_with_spaces_and_hyphens(folder):
    def spaced(key):
        return f" {key[:4].lower()}-{key[4:8]} {key[8:].lower()}"

    return _xlsx(
        folder, table(*(row | {"child_key": spaced(row["child_key"])} for row in EPISODES))
    )


@case(f"SHE-10 {TITLE}!A5")
def a_total_below(folder):
    return _xlsx(folder, [*table(), ["Total", 3, None, None, None, None, None, None, 2]])


@case(f"SHE-10 {TITLE}!A7", f"SHE-10 {TITLE}!E4")
def totals_between_and_below_in_welsh(folder):
    titles, *rows = table()
    between = [None, None, None, None, "Is-gyfanswm: 2"]
    return _xlsx(folder, [titles, *rows[:2], between, rows[2], [], ["CYFANSYMIAU"]])


@case(f"CELL-CODE {TITLE}!E2", f"CELL-REF {TITLE}!A3")
def a_row_with_a_key_is_no_total(folder):
    rows = [
        row | values
        for row, values in zip(
            EPISODES, ({"local_authority": "Total"}, {"episode_ref": "Total"}, {}), strict=True
        )
    ]
    return _xlsx(folder, table(*rows))


@case("SHE-08 Notes")
def a_hidden_sheet(folder):
    def hide(book):
        book["Notes"].sheet_state = "veryHidden"

    return _xlsx(folder, table(), Notes=[["Nothing new"]], change=hide)


@case(f"SHE-09 {TITLE}")
def rows_hidden_by_a_filter(folder):
    def hide(book):
        for row in (3, 4, 77):
            book[TITLE].row_dimensions[row].hidden = True

    return _xlsx(folder, table(), change=hide)


@case(f"COL-06 {TITLE}!I1", f"COL-06 {TITLE}!J1")
def hidden_columns(folder):
    def hide(book):
        book[TITLE].column_dimensions.group("I", "J", hidden=True)

    return _xlsx(folder, table(), change=hide)


@case(f"COL-06 {TITLE}!B1", "SHE-08 Notes", f"SHE-09 {TITLE}")
def everything_hidden_in_ods(folder):
    columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
    looks = {3: 'table:visibility="filter"'}
    tables = ods_table(TITLE, table(), columns=columns, row_looks=looks)
    tables += ods_table("Notes", [["Nothing new"]], style="hidden")
    return ods(folder / "x.ods", {"Cover": COVER}, tables=tables)


@case()
def ods_with_repeated_rows_and_cells(folder):
    titles, *rows = table()
    rest = "<table:table-cell table:number-columns-repeated='16371'/>"
    blank = (
        '<table:table-row table:number-rows-repeated="2"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>'
    )
    tables = ods_table(TITLE, [[*titles, rest], *([*row, rest] for row in rows)])
    end = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row>'
    at = tables.index("</table:table-row>") + len("</table:table-row>")
    tables = tables[:at] + blank + tables[at:].replace("</table:table>", f"{end}</table:table>")
    return ods(folder / "x.ods", {"Cover": COVER}, tables=tables)


@case()
def a_workbook_saved_from_a_template_that_was_copied_sheet_by_sheet(folder):
    """Sheets in another order, and the Cover last."""
    path = _xlsx(folder, table())
    book = openpyxl.load_workbook(path)
    book.move_sheet("Cover", 1)
    book.save(path)
    return path


# ---- What the layout shows wrong ------------------------------------------------------------------


@case("COV-01")
def no_cover(folder):
    return _xlsx(folder, table(), Cover=None)


@case("COV-01")
def somebody_elses_workbook(folder):
    return xlsx(folder / "x.xlsx", {"Sheet1": [["Rota", "Week"], ["A", 1]], "Sheet2": [["x"]]})


def _cover(folder, **answers):
    lines = [[label, answers.get(label.replace(" ", "_"), said)] for label, said in COVER]
    return _xlsx(folder, table(), Cover=lines)


@case("COV-02 Cover!B1")
def a_provider_that_is_not_one(folder):
    return _cover(folder, Provider="St Nowhere")


@case("COV-03 Cover!B2", rows=3)
def a_quarter_in_words(folder):
    return _cover(folder, Quarter="April to June")


@case("COV-04 Cover!B3")
def an_old_template(folder):
    return _cover(folder, Template_version=0)


@case(f"SHE-06 {TITLE}")
def a_nil_return_with_rows(folder):
    return _cover(folder, Nil_return="Missing episodes")


@case(f"SHE-07 {TITLE}", rows=0)
def titles_and_no_rows(folder):
    return _xlsx(folder, table()[:1])


@case(rows=0)
def a_nil_return(folder):
    lines = [*COVER[:-1], ["Nil return", "Yes"]]
    return xlsx(folder / "x.xlsx", {"Cover": lines, TITLE: table()[:1]})


@case(f"SHE-05 {TITLE}")
def no_titles(folder):
    return _xlsx(folder, table()[1:])


@case("SHE-01 Working", "SHE-08 Working")
def a_hidden_sheet_that_is_not_ours(folder):
    def hide(book):
        book["Working"].sheet_state = "hidden"

    return _xlsx(folder, table(), Working=[["x"]], change=hide)


@case("SHE-03 missing_episodes")
def the_same_form_twice(folder):
    return _xlsx(folder, table(), missing_episodes=table())


@case("SHE-02 St Giles referrals")
def a_form_that_somebody_else_sends(folder):
    return _xlsx(folder, table(), **{"St Giles referrals": [["referral_ref", "child_key"]]})


@case(f"COL-01 {TITLE}", f"COL-02 {TITLE}")
def columns_taken_out(folder):
    kept = [n for n, name in enumerate(NAMES) if name not in {"risk_first", "interview_offered_at"}]
    return _xlsx(folder, [[row[n] for n in kept] for row in table()])


@case(f"COL-03 {TITLE}!N1", f"COL-04 {TITLE}!O1", f"COL-05 {TITLE}!P1")
def columns_put_in(folder):
    titles, *rows = table()
    return _xlsx(folder, [[*titles, "Mood", "Harm"], *([*row, "x", "No", "y"] for row in rows)])
