"""How a table is laid out in Word: an interval stays in its line, a long table begins with two rows."""

from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from evaluation.rendering.builtin import WORDS
from evaluation.rendering.face import Face
from evaluation.rendering.staging import Stage
from evaluation.rendering.tables import table
from evaluation.rendering.word import FEW_ROWS, document

INTERVAL = "0.795 (0.564 to 1.10)"
PAGE = 170  # millimetres between the margins
MARGIN = 190 / 1440 * 25.4


def laid_out(folder, rows):
    """A table of four columns, of which the first and last hold sentences; as Word has it."""
    columns = [("What is changed", "left"), ("Ratio (interval)", "right"), ("Children", "right"),
               ("Would the reading change?", "left")]  # fmt: skip
    told = ["a line that changes one thing and leaves the rest " * 2, INTERVAL, "262",
            "cannot be made: there are too few children for a comparison"]  # fmt: skip
    (folder / "report.md").write_text(
        table("tbl-lines", "Lines", columns, [told] * rows), encoding="utf-8"
    )
    stage = Stage(
        folder, folder, {"PATH": "", "HOME": str(folder), "SOURCE_DATE_EPOCH": "1700000000"}
    )
    face = Face("en", {"title": "Lines", "lang": "en-GB"})
    made = Document(BytesIO(document(stage, face, dict.fromkeys(WORDS, "Table"))))
    return made.element.body.find(f".//{qn('w:tbl')}")


def test_an_interval_has_the_room_that_it_needs(tmp_path):
    wide = [int(each.get(qn("w:w"))) for each in laid_out(tmp_path, 3).iter(qn("w:gridCol"))]
    room = PAGE * wide[1] / sum(wide) - MARGIN
    # Arial of 10.5 points: a figure takes 0.556 of its size, a dot, a space or a bracket a third.
    figures = sum(letter.isdigit() for letter in INTERVAL)
    needs = (figures * 0.556 + (len(INTERVAL) - figures) * 0.36) * 10.5 / 72 * 25.4
    assert needs < room < 1.5 * needs


@pytest.mark.parametrize(
    ("rows", "together"), [(FEW_ROWS - 1, FEW_ROWS - 1), (FEW_ROWS + 9, 2)], ids=["few", "many"]
)
def test_few_rows_stay_together_and_a_long_table_begins_with_two(tmp_path, rows, together):
    kept = [
        row.find(f".//{qn('w:keepNext')}") is not None
        for row in laid_out(tmp_path, rows).iter(qn("w:tr"))
    ]
    assert kept == [True] * together + [False] * (rows + 1 - together)
