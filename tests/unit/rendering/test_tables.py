"""The table that sections write is within the subset."""

from evaluation.rendering.faults import Line
from evaluation.rendering.markdown import lint
from evaluation.rendering.tables import table


def test_a_table_passes_the_linter_with_its_label():
    written = table(
        "tbl-stages",
        "Caption \\[c\\]",
        [("Stage", "left"), ("Children", "right")],
        [["<b> & c", "40"]],
    )
    seen = lint([Line("_report.qmd", n, text) for n, text in enumerate(written.split("\n"), 1)])
    assert seen.faults == []
    assert [label for label, _at in seen.labels] == ["tbl-stages"]
    assert '<th scope="row" style="text-align: left">&lt;b&gt; &amp; c</th>' in written
