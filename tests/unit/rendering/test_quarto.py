"""The wrapper around Quarto, tried on a pretended one: found, called, never believed in silence."""

import os
import sys

import pytest
import yaml
from docx import Document

from evaluation.errors import RenderError, WrongUse
from evaluation.language import Text
from evaluation.rendering import choose_engine, render_pair

pytestmark = pytest.mark.skipif(
    os.name == "nt", reason="the pretended Quarto is a script with a '#!' line"
)

PRETENDED = """#!{python}
import json, os, sys, time
from pathlib import Path
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit()
assert sys.argv[1] == "render" and sys.argv[3] == "--to", sys.argv
kind = sys.argv[4]
shell = Path(sys.argv[2])
{does}
Path("_out").mkdir(exist_ok=True)
if kind == "docx":
    Path("_out", shell.with_suffix(".docx").name).write_bytes(Path("reference.docx").read_bytes())
if kind == "typst":
    fonts = " ".join(sorted(path.name for path in Path("fonts").iterdir()))
    Path("_out", shell.with_suffix(".pdf").name).write_text(shell.read_text() + fonts)
Path("_out", shell.with_suffix(".html").name).write_text(
    "<h1>x</h1><pre>" + shell.read_text() + os.environ["QUARTO_PYTHON"] + Path("release.json").read_text() + "</pre>"
)
"""


@pytest.fixture
def pretend(tmp_path, monkeypatch):
    """Put a pretended Quarto in QUARTO_PATH."""

    def at(version="1.9.38", does="", python=sys.executable):
        program = tmp_path / "quarto"
        program.write_text(PRETENDED.format(python=python, version=version, does=does))
        program.chmod(0o755)
        monkeypatch.setenv("QUARTO_PATH", str(program))
        return program

    return at


@pytest.fixture
def published(sources, release_file, tmp_path):
    def of(**more):
        pages = render_pair(
            "tiny", release_file, to=tmp_path / "out", engine="quarto", sources=sources, **more
        )
        return pages["cy"]["html"].read_text(encoding="utf-8")

    return of


def test_quarto_is_taken_where_it_is_new_enough(pretend):
    pretend()
    assert choose_engine("auto") == "quarto"
    assert choose_engine("builtin") == "builtin"


def test_an_older_quarto_or_one_that_will_not_run_is_passed_over(pretend):
    pretend(version="1.8.27")
    assert choose_engine("auto") == "builtin"
    with pytest.raises(WrongUse, match=r"Quarto 1\.9 or later"):
        choose_engine("quarto")
    pretend(python="/no/such/python")
    assert choose_engine("auto") == "builtin"


def test_quarto_is_found_on_the_path_and_then_beside_python(pretend, monkeypatch, tmp_path):
    program = pretend()
    monkeypatch.delenv("QUARTO_PATH")
    monkeypatch.setenv("PATH", str(program.parent))
    assert choose_engine("auto") == "quarto"
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr("sys.executable", str(program.parent / "python"))
    assert choose_engine("auto") == "quarto"


def test_the_staged_shell_has_the_title_and_the_way_to_the_other_language(pretend, published):
    pretend()
    page = published(title="Teitl arall")
    assert "title: Teitl arall" in page
    assert '<a href="report-en.html" lang="en" hreflang="en">' in page.replace("\n      ", " ")
    assert sys.executable in page
    assert '"children": 40' in page


@pytest.mark.parametrize(
    "said",
    [
        "WARN: Unable to resolve crossref @fig-gone",
        "[WARNING] Div at line 3 column 1 unclosed at line 9",
        "WARNING: Shortcode 'video' not found",
        "WARNING: Unknown meta key titel",
        "[WARNING] Could not fetch resource figures/gone.svg",
    ],
)
def test_what_quarto_only_warns_of_is_an_error(said, pretend, published, tmp_path):
    pretend(does=f"print({said!r}, file=sys.stderr)")
    with pytest.raises(RenderError) as error:
        published()
    assert said in str(error.value)
    assert not (tmp_path / "out").exists()


def test_a_failure_is_told_by_its_own_line_without_the_traceback(pretend, published):
    said = "Traceback (most recent call last)\n  Cell In[2], line 1\nKeyError: months\n\n"
    pretend(does=f"sys.stderr.write({said!r}); sys.exit(1)")
    with pytest.raises(RenderError) as error:
        published()
    assert "KeyError: months" in str(error.value)
    assert "Traceback" not in str(error.value)


def test_a_quarto_that_hangs_or_writes_nothing_is_an_error(pretend, published):
    pretend(does="time.sleep(60)")
    with pytest.raises(RenderError, match="longer than"):
        published(timeout=0.3)
    pretend(does="sys.exit(0)")
    with pytest.raises(RenderError, match="wrote no html"):
        published()


def test_auto_takes_quarto_for_both_languages(pretend, sources, release_file, tmp_path):
    pretend()
    pages = render_pair("tiny", release_file, to=tmp_path / "out", engine="auto", sources=sources)
    assert "lang: cy-GB" in pages["cy"]["html"].read_text(encoding="utf-8")
    assert "lang: en-GB" in pages["en"]["html"].read_text(encoding="utf-8")


def test_quarto_writes_the_other_formats_too_with_our_font_and_styles(
    pretend, sources, release_file, tmp_path
):
    pretend()
    to = tmp_path / "out"
    files = render_pair(
        "tiny", release_file, to=to, engine="quarto", sources=sources, watermark=Text("For “us”")
    )
    printed = files["cy"]["pdf"].read_text(encoding="utf-8")
    assert "AtkinsonHyperlegibleNext-Regular.ttf" in printed
    front = yaml.safe_load(printed.split("---\n")[1])
    (header,) = front["format"]["typst"]["include-in-header"]
    assert header["text"].startswith('#set page(header: [#("For “us”",')
    word = Document(files["cy"]["docx"])
    assert word.core_properties.language == "cy-GB"
    assert word.sections[0].header.paragraphs[0].text == "For “us”"
    assert set(files["en"]) == {"html", "pdf", "docx", "xlsx", "ods", "csv", "dictionary.csv"}
