"""The built-in renderer with its kernel: the same bytes each time, and every slip told."""

import logging
import time

import pytest

from evaluation.errors import RenderError
from evaluation.rendering import render_pair
from evaluation.rendering.builtin import assemble
from evaluation.rendering.staging import staged
from evaluation.rendering.subset import read_source

pytestmark = pytest.mark.slow

FENCE = "```"


@pytest.fixture
def one_cell(sources, release_file):
    """Run and lay out a report of one cell, in one language; gives its Markdown."""

    def of(code, *, timeout=300.0):
        (sources / "tiny" / "_report.qmd").write_text(
            f"{FENCE}{{python}}\nfrom IPython.display import Markdown\n{FENCE}\n\n{FENCE}{{python}}\n{code}\n{FENCE}\n",
            encoding="utf-8",
        )
        source = read_source(sources / "tiny", "report.en.qmd")
        with staged(sources, "tiny", release_file, fronts={}, made_on=None) as stage:
            return assemble(source, stage, timeout=timeout)

    return of


def test_the_same_release_gives_the_same_bytes_and_quickly(pair, laid_out, release_file, tmp_path):
    began = time.monotonic()
    again = render_pair("tiny", release_file, to=tmp_path, sources=laid_out, engine="builtin")
    assert time.monotonic() - began < 30  # about 2 seconds on two quiet cores
    for language, files in pair.items():
        for ending, path in files.items():
            assert again[language][ending].read_bytes() == path.read_bytes()


def test_figures_and_numbers_come_from_the_release(pair):
    for files in pair.values():
        html = files["html"].read_text(encoding="utf-8")
        assert "data:image/svg+xml;base64," in html
        assert ": 40</li>" in html


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (
            "def section():\n    raise KeyError('months\\nand more')\n\n\nsection()",
            "The section section (_report.qmd, line 6) failed: it stopped with KeyError",
        ),
        ("print('x')", "it printed to stdout"),
        ("import sys\nsys.stderr.write('x') and Markdown('x')", "it printed to stderr"),
        ("(lambda: None)()", "it gave 0 outputs"),
        ("'text'", "must return one IPython.display.Markdown"),
        ("import pandas\npandas.DataFrame({'a': [1]})", "must return one IPython.display.Markdown"),
        ("display(Markdown('a'))\nMarkdown('b')", "it gave 2 outputs"),
        ("display(Markdown('a'))\nx = 1", "must return one IPython.display.Markdown"),
        ("import os\nos._exit(1)", "died"),
    ],
    ids=["raises", "prints", "warns", "nothing", "text", "frame", "two", "assignment", "dies"],
)
def test_a_cell_that_slips_is_told_by_its_section(code, why, one_cell, caplog):
    with caplog.at_level(logging.CRITICAL), pytest.raises(RenderError) as error:
        one_cell(code)
    said = str(error.value)
    assert why in said
    assert "Traceback" not in said
    assert "\n" not in said


def test_a_cell_that_takes_too_long_is_stopped(one_cell):
    with pytest.raises(RenderError, match="longer than 1 seconds"):
        one_cell("import time\ntime.sleep(30)", timeout=1)


def test_warnings_of_others_stay_out_of_the_page_and_do_not_stop_it(one_cell):
    page = one_cell(
        "import logging, warnings\n"
        "warnings.warn('a warning'); logging.getLogger('font').warning('a log line')\n"
        "Markdown('## Fine')"
    )
    assert "## Fine" in page
    assert "a warning" not in page


def test_a_cell_sees_the_release_and_the_project_and_no_store(one_cell, monkeypatch):
    monkeypatch.setenv("EVALUATION_STORE", "/somewhere")
    page = one_cell(
        "import os, sys, evaluation\n"
        "from pathlib import Path\n"
        "names = sorted(path.name for path in Path().iterdir())\n"
        "Markdown(f'''## Seen\\n\\n- release {'release.json' in names}\\n- settings "
        "{sum(k.startswith('EVALUATION_') for k in os.environ)}\\n- python {sys.executable}''')"
    )
    assert "release True" in page
    assert "settings 0" in page


def test_a_section_learns_of_its_own_unclosed_div(one_cell):
    with pytest.raises(
        RenderError, match=r"line 6, line 3 of what Markdown returns: The div is never closed"
    ):
        one_cell("Markdown('## A\\n\\n::: {.callout-note}\\ntext')")
