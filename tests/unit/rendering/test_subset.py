"""A report's sources are read into prose and cells; whatever else they hold is refused."""

import pytest

from evaluation.errors import RenderError, WrongUse
from evaluation.rendering.subset import Cell, Prose, read_source, with_front

SHELL = """\
---
title: A report
lang: en-GB
date: 2026-11-04
---

```{python}
#| tags: [parameters]
lang = "en"
```

{{< include _report.qmd >}}
"""
BODY = """\
## Heading

```{python}
from reports.tiny import headline
```

```{python}
headline.section(lang)
```
"""


def write(folder, shell=SHELL, body=BODY):
    (folder / "report.en.qmd").write_text(shell, encoding="utf-8")
    (folder / "_report.qmd").write_text(body, encoding="utf-8")
    return folder


def faults(folder, **texts):
    with pytest.raises(RenderError) as error:
        read_source(write(folder, **texts), "report.en.qmd")
    return str(error.value).split("\n")[1:]


def test_a_shell_is_read_with_its_include_in_place(tmp_path):
    source = read_source(write(tmp_path), "report.en.qmd")
    assert source.front["title"] == "A report"
    cells = [piece for piece in source.pieces if isinstance(piece, Cell)]
    assert [(cell.section, cell.gives, cell.at.file, cell.at.number) for cell in cells] == [
        ("lang = 'en'", False, "report.en.qmd", 9),
        ("from reports.tiny import headline", False, "_report.qmd", 4),
        ("headline.section", True, "_report.qmd", 8),
    ]
    prose = [
        line.text for piece in source.pieces if isinstance(piece, Prose) for line in piece.lines
    ]
    assert "## Heading" in prose


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({"body": "text\n\n# Title"}, "_report.qmd, line 3: A heading of the first level"),
        ({"body": "```{python}\nx = (\n```"}, "_report.qmd, line 2: The cell is not Python"),
        (
            {"body": "```{python}\n#| echo: true\nx = 1\n```"},
            "_report.qmd, line 2: A cell takes no option",
        ),
        (
            {"body": "```{python}\n#| label: fig-a\nf()\n```"},
            "_report.qmd, line 2: A cell takes no option",
        ),
        ({"body": "```{python}\n\n```"}, "_report.qmd, line 1: The cell is empty"),
        ({"body": "\n```{python}\nx = 1\n"}, "_report.qmd, line 2: The cell is never closed"),
        ({"body": "```{r}\n1\n```"}, "_report.qmd, line 1: Only cells of Python"),
        (
            {"body": "```{python}\n#| tags: [parameters]\nf()\n```"},
            "_report.qmd, line 1: The cell of parameters",
        ),
        ({"body": "{{< include other.qmd >}}"}, "_report.qmd, line 1: An included file includes"),
        (
            {"body": "::: {#tbl-a}\n\n```{python}\nf()\n```\n"},
            "_report.qmd, line 1: The div is never closed",
        ),
        (
            {"shell": SHELL.replace("_report", "_other")},
            "report.en.qmd, line 12: There is no file _other.qmd",
        ),
        (
            {"shell": SHELL.replace("date", "format")},
            "report.en.qmd, line 4: The front matter takes no 'format'",
        ),
        (
            {"shell": SHELL.replace("2026-11-04", "4 Tachwedd")},
            "report.en.qmd, line 4: The date must be",
        ),
        (
            {"shell": SHELL.replace("A report", "2026")},
            "report.en.qmd, line 2: 'title' must be text",
        ),
        (
            {"shell": SHELL.replace("lang: en-GB", "author: We")},
            "report.en.qmd, line 1: The front matter lacks 'lang'",
        ),
        ({"shell": SHELL.replace("A report", "'A")}, "The front matter is not YAML"),
        ({"shell": "## Heading"}, "report.en.qmd, line 1: The shell must begin with front matter"),
    ],
)
def test_what_is_outside_the_subset_is_refused_with_file_and_line(tmp_path, texts, said):
    told = faults(tmp_path, **texts)
    assert any(said in line for line in told), told


def test_a_div_may_stand_around_a_cell(tmp_path):
    body = '::: {.content-visible when-format="html"}\n\n```{python}\nf()\n```\n\n:::\n'
    source = read_source(write(tmp_path, body=body), "report.en.qmd")
    assert source.linted.faults == []


def test_a_report_that_is_not_there_is_wrong_use(tmp_path):
    with pytest.raises(WrongUse, match=r"no report source report\.cy\.qmd"):
        read_source(tmp_path, "report.cy.qmd")


def test_other_front_matter_leaves_the_body_as_written():
    written = with_front(SHELL, {"title": "Adroddiad: y trydydd", "lang": "cy-GB"})
    assert (
        written
        == "---\ntitle: 'Adroddiad: y trydydd'\nlang: cy-GB\n---\n" + SHELL.split("---\n")[2]
    )
