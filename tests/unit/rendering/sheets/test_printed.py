"""Tables are read from a finished page as they are printed there, whichever renderer made it."""

import pytest

from evaluation.errors import RenderError
from evaluation.rendering.sheets.printed import tables_of

OURS = """<nav><h2>Contents</h2></nav><h2>Months</h2>
<div id="tbl-months"><div class="wide"><table><caption><span>Table\u00a01: Begun</span></caption>
<thead><tr><th>Month</th><th>Children</th></tr></thead>
<tbody><tr><th>May</th><td>40</td></tr><tr><th>June</th><td>[c]</td></tr></tbody></table></div></div>
<p>[c] Withheld, because it comes from too few children.</p><p>[x] Not available.</p><p>Text.</p>"""

QUARTOS = OURS.replace("<caption><span>Table\u00a01: Begun</span></caption>", "").replace(
    '<div class="wide">', "<figure><figcaption>Table\u00a01: Begun</figcaption><div>"
).replace("</table></div></div>", "</table></div></figure></div>")  # fmt: skip


@pytest.mark.parametrize("page", [OURS, QUARTOS])
def test_a_table_has_its_label_caption_section_cells_and_notes(page):
    (table,) = tables_of(page)
    assert (table.label, table.caption, table.section) == ("tbl-months", "Table 1: Begun", "Months")
    assert table.number == "Table 1"
    assert table.columns == ("Month", "Children")
    assert table.rows == (("May", "40"), ("June", "[c]"))
    assert table.notes == (
        "[c] Withheld, because it comes from too few children.",
        "[x] Not available.",
    )


def test_a_table_without_a_caption_is_refused():
    with pytest.raises(RenderError, match="no caption"):
        tables_of("<table><tr><td>1</td></tr></table>")


def test_a_loose_table_has_no_label_and_no_number():
    (table,) = tables_of(
        "<table><caption>More: here</caption><tr><th>A</th></tr><tr><td>1</td></tr></table>"
    )
    assert (table.label, table.number, table.section) == ("", "", "")


def test_merged_cells_are_refused():
    rows = "<tr><th>A</th><th>B</th></tr><tr><td colspan=2>1</td></tr>"
    with pytest.raises(RenderError, match="merged cells: Wide"):
        tables_of(f"<table><caption>Wide</caption>{rows}</table>")
