"""What may stand in a report's Markdown, and what is refused, with its line."""

import pytest

from evaluation.errors import RenderError
from evaluation.rendering.faults import Line, across, refuse
from evaluation.rendering.markdown import attributes, lint

GOOD = """\
## Main points {#main-points}

Number of children: 40, p < 0.05, a@b.cy, 5 \\$, \\[c\\], `code`, see [@fig-a], @tbl-b
and [Nhabl @tbl-b] or [-@tbl-b].

- one
- two
  wrapped
1. three

### Lower

::: {.callout-note title="A *title*"}
Inside, with [Cymraeg]{lang=cy} and a [link](https://example.org){hreflang=cy}.
:::

![Caption \\[c\\] of @tbl-b](figures/a){#fig-a fig-alt="It \\"fell\\" to [c] & @x"}

::: {#tbl-b}

```{=html}
<table><tr><th scope="col">a</th></tr></table>
```

Caption
:::

::: {.content-visible when-format="docx"}

| a | b |
|---|--:|
| 1 | 2 |

:::

<!-- a comment for whoever reads the source -->

{{< pagebreak >}}
"""


def lines(text: str) -> list[Line]:
    return [Line("_report.qmd", number, line) for number, line in enumerate(text.split("\n"), 1)]


def test_the_subset_passes_with_its_labels_and_references():
    seen = lint(lines(GOOD))
    assert [str(fault.text) for fault in seen.faults] == []
    assert [label for label, _at in seen.labels] == ["main-points", "fig-a", "tbl-b"]
    assert [name for name, _at in seen.references] == ["fig-a", "tbl-b", "tbl-b", "tbl-b", "tbl-b"]
    assert across([seen]) == []


BAD = {
    "# Title": "first level",
    "##Heading": "space after",
    "Heading\n=====": "underlined",
    "---": "Rules",
    "> quoted": "quotation",
    "text[^1]": "Notes",
    "[a]: https://example.org": "link definitions",
    "costs $5 and $6": "formula",
    "\\newpage": "LaTeX",
    "a <br> b": "raw HTML block",
    "{{< video https://example.org >}}": "shortcodes",
    "{{< meta title >}}": "shortcodes",
    "text {{< pagebreak >}}": "shortcodes",
    "```r\n1\n```": "between fences",
    "~~~\n1\n~~~": "between fences",
    "```{=html}\n<p>": "never closed",
    "`{python} x`": "Inline expressions",
    "`<b>`{=html}": "Inline expressions",
    "::: {.panel-tabset}\n:::": "only divs",
    "::: callout-note\n:::": "only divs",
    '::: {.callout-note collapse="true"}\n:::': "only divs",
    '::: {.content-visible when-format="pdf"}\n:::': "only divs",
    "::: {.callout-note}\ntext": "never closed",
    "text\n\n:::": "never opened",
    "::: {.callout-note}\n\n::: {.callout-tip}\n:::\n:::": "inside another",
    "::: {.callout-note}\n\n## Heading\n\n:::": "A heading may not",
    "text\n::: {.callout-note}\n:::": "blank line",
    "text\n- item": "blank line",
    "text\n## Heading": "blank line",
    "text\n| a |\n|---|": "blank line",
    '![c](f){#fig-a fig-alt="x"}\ntext': "stands alone",
    'See ![c](f){#fig-a fig-alt="x"}': "stands alone",
    "![c](f)": "A figure is written",
    '![c](f){#pic fig-alt="x"}': "A figure is written",
    "![c](f){#fig-a}": "no alt text",
    '![c](f){#fig-a fig-alt=" "}': "no alt text",
    '![](f){#fig-a fig-alt="x"}': "no caption",
    '![c](f){#fig-a fig-alt="x" width="50%"}': "nothing else",
    '![c](https://example.org/f.png){#fig-a fig-alt="x"}': "own folder",
    '![c](../f){#fig-a fig-alt="x"}': "own folder",
    "[text]{.class}": "its language",
    "[text](a){target=_blank}": "its language",
    "see @sec-methods": "'@' begins",
    "as Cox [@cox1972]": "'@' begins",
    "[see @fig-a; @fig-b]": "one reference",
    "## Heading {.unnumbered}": "no attribute but",
    "--- ---\na b\n--- ---": "Draw a table",
    "+---+\n| a |\n+---+": "Draw a table",
}


@pytest.mark.parametrize(("text", "words"), BAD.items(), ids=list(BAD))
def test_what_is_outside_is_refused_with_its_line(text, words):
    said = [str(fault.text) for fault in lint(lines("Before.\n\n" + text)).faults]
    assert any(words in each and each.startswith("_report.qmd, line ") for each in said), said
    assert not any(each.startswith("_report.qmd, line 1:") for each in said)


@pytest.mark.parametrize(
    ("html", "words"),
    {
        "<script>1</script>": "no script",
        '<p onclick="x()">': "no script",
        '<img src="a.png">': "must be a figure",
        '<td style="background: url(a.png)">': "network",
        '<video src="https://example.org/a.mp4">': "network",
        '<link rel="stylesheet" href="a.css">': "no place",
        "<th>a</th>": "scope",
        "<h2>a</h2>": "Write headings",
    }.items(),
)
def test_raw_html_is_looked_at_too(html, words):
    (fault, *_more) = lint(lines("```{=html}\n" + html + "\n```")).faults
    assert words in str(fault.text)
    assert str(fault.text).startswith("_report.qmd, line 2:")


def test_labels_given_twice_and_references_to_nothing_are_seen_across_sections():
    first = lint(lines('![c](f){#fig-a fig-alt="x"}\n\nSee @tbl-z.'))
    returned = Line(
        "_report.qmd", 9, '![c](g){#fig-a fig-alt="x"}', section="months.section", within=4
    )
    second = lint([returned])
    twice, nothing = (str(fault.text) for fault in across([first, second]))
    assert nothing == "_report.qmd, line 3: There is no figure or table tbl-z to refer to."
    assert twice.startswith("_report.qmd, line 9, line 4 of what months.section returns: The label")
    assert twice.endswith("fig-a is already given in _report.qmd, line 1.")


def test_every_fault_is_told_at_once_in_the_order_of_the_lines():
    with pytest.raises(RenderError) as error:
        refuse(lint(lines("a <b>\n\n# Title\n\n::: {.x}")).faults)
    told = str(error.value).split("\n")[1:]
    assert [line.split(":")[0] for line in told] == [
        "_report.qmd, line 1",
        "_report.qmd, line 3",
        "_report.qmd, line 5",
        "_report.qmd, line 5",
    ]


def test_attributes_are_read_as_quarto_reads_them():
    assert attributes('#fig-a .wide .x fig-alt="a \\"b\\" c" lang=cy') == {
        "id": "fig-a",
        "class": "wide x",
        "fig-alt": 'a \\"b\\" c',
        "lang": "cy",
    }
    assert attributes('fig-alt="never closed') is None
