"""A report is published whole or not at all, and in both languages or in neither."""

from datetime import date
from pathlib import Path

import pytest

from evaluation.errors import RenderError, WrongUse
from evaluation.language import Text
from evaluation.rendering import render, render_pair
from evaluation.rendering.builtin import WORDS, _words

PAGE = '<h1>{title}</h1><p lang="{language}">{title}, {date}</p>'


@pytest.fixture
def quick(monkeypatch):
    """A renderer that only says what it was given."""

    def page(_source, _stage, *, front, language, other, timeout):
        return PAGE.format(language=language, **front) + f"<p>{other.href if other else ''}</p>"

    monkeypatch.setattr("evaluation.rendering.builtin.page", page)


def fails_in(monkeypatch, bad):
    def page(_source, _stage, *, front, language, other, timeout):
        if language == bad:
            raise RenderError(Text("It failed."))
        return "<h1>x</h1>"

    monkeypatch.setattr("evaluation.rendering.builtin.page", page)


def test_title_and_date_are_written_over_the_shell(quick, sources, release_file, tmp_path):
    to = tmp_path / "new" / "report-cy.html"
    given = render(
        "tiny",
        release_file,
        to=to,
        language="cy",
        engine="builtin",
        title=Text("{n} children", (("n", 3),)),
        made_on=date(2026, 12, 1),
        sources=sources,
    )
    assert given == to
    assert to.read_text(encoding="utf-8") == (
        '<h1>3 children</h1><p lang="cy">3 children, 2026-12-01</p><p></p>'
    )
    assert [path.name for path in to.parent.iterdir()] == ["report-cy.html"]


def test_a_pair_leads_to_each_other(quick, sources, release_file, tmp_path):
    pages = render_pair(
        "tiny", release_file, to=tmp_path / "out", engine="builtin", sources=sources
    )
    assert {k: v.name for k, v in pages.items()} == {"en": "report-en.html", "cy": "report-cy.html"}
    assert "<p>report-cy.html</p>" in pages["en"].read_text(encoding="utf-8")
    assert "<p>report-en.html</p>" in pages["cy"].read_text(encoding="utf-8")


@pytest.mark.parametrize("bad", ["en", "cy"])
def test_if_one_language_fails_neither_is_published(
    bad, monkeypatch, sources, release_file, tmp_path
):
    fails_in(monkeypatch, bad)
    with pytest.raises(RenderError, match=r"It failed\."):
        render_pair("tiny", release_file, to=tmp_path / "out", engine="builtin", sources=sources)
    assert not (tmp_path / "out").exists()


def test_what_was_published_before_stays_when_the_second_page_cannot_be_put_in_place(
    quick, monkeypatch, sources, release_file, tmp_path
):
    out = tmp_path / "out"
    out.mkdir()
    (out / "report-en.html").write_text("before", encoding="utf-8")
    put = Path.replace

    def full(self, target):
        if Path(target).name == "report-cy.html":
            raise OSError(28, "No space left on device")
        return put(self, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RenderError, match="No space left on device"):
        render_pair("tiny", release_file, to=out, engine="builtin", sources=sources)
    assert {path.name: path.read_text() for path in out.iterdir()} == {"report-en.html": "before"}


def test_an_unfit_page_is_not_published(monkeypatch, sources, release_file, tmp_path):
    monkeypatch.setattr(
        "evaluation.rendering.builtin.page", lambda *_a, **_k: "<h1>x</h1><script>1</script>"
    )
    with pytest.raises(RenderError, match="script"):
        render(
            "tiny",
            release_file,
            to=tmp_path / "a.html",
            language="en",
            engine="builtin",
            sources=sources,
        )
    assert not (tmp_path / "a.html").exists()


def test_what_is_not_there_is_wrong_use(sources, release_file, tmp_path):
    def of(report="tiny", release=release_file):
        render(
            report,
            release,
            to=tmp_path / "a.html",
            language="en",
            engine="builtin",
            sources=sources,
        )

    with pytest.raises(WrongUse, match="There is no release file"):
        of(release=tmp_path / "gone.json")
    with pytest.raises(WrongUse, match="There is no report source"):
        of(report="gone")


def test_a_shell_in_the_wrong_language_is_refused(sources, release_file, tmp_path):
    shell = sources / "tiny" / "report.cy.qmd"
    shell.write_text(shell.read_text(encoding="utf-8").replace("cy-GB", "en-GB"), encoding="utf-8")
    with pytest.raises(RenderError, match="lang: en-GB"):
        render(
            "tiny",
            release_file,
            to=tmp_path / "a.html",
            language="cy",
            engine="builtin",
            sources=sources,
        )


def test_both_language_files_hold_the_words_of_a_page(sources):
    english, welsh = (_words(sources, lang) for lang in ("en-GB", "cy-GB"))
    assert set(english) == set(welsh) == set(WORDS)
    assert not {key for key in WORDS if english[key] == welsh[key]}
    (sources / "_language-cy.yml").write_text("toc-title-document: Cynnwys\n", encoding="utf-8")
    with pytest.raises(RenderError, match="crossref-fig-title"):
        _words(sources, "cy-GB")


SPOILT = {
    "Text\n\n    indented code": ("CodeBlock", "outside"),
    "::: {#tbl-a}\n\n| a |\n|---|\n| 1 |\n\n:::": ("tbl-a", "no caption"),
    "::: {#tbl-a}\n\nOnly a caption\n:::": ("tbl-a", "exactly one table"),
    "| a |\n|---|\n| 1 |": ("a1", "no caption"),
    "```{=html}\n<table><tr><td>1</td></tr></table>\n```": ("<table>", "no caption"),
    "::: {#tbl-a}\n\n```{=html}\n<table><caption>x</caption><tr><td>1</td></tr></table>\n```\n\nc\n:::": (
        "tbl-a",
        "caption of its own",
    ),
    "## Title\n\n#### Too deep": ("level 4", "level 2"),
    "## Title\n\n[gone](#gone)": ("gone", "not there"),
    '![c](figures/gone){#fig-x fig-alt="y"}': ("pandoc", "figures/gone"),
}


@pytest.mark.parametrize(("text", "says"), SPOILT.items(), ids=list(SPOILT))
def test_what_no_line_shows_is_refused_when_the_page_is_laid_out(
    text, says, monkeypatch, sources, release_file, tmp_path
):
    monkeypatch.setattr(
        "evaluation.rendering.kernel.run_cells", lambda cells, *_a, **_k: [""] * len(cells)
    )
    (sources / "tiny" / "_report.qmd").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(RenderError) as error:
        render(
            "tiny",
            release_file,
            to=tmp_path / "a.html",
            language="en",
            engine="builtin",
            sources=sources,
        )
    for words in says:
        assert words in str(error.value)


def test_faults_of_what_a_section_returns_name_the_section_and_the_line(
    monkeypatch, sources, release_file, tmp_path
):
    def bad(cells, *_a, **_k):
        return ["## Heading\n\n::: {.callout-note}\ntext" if cell.gives else "" for cell in cells]

    monkeypatch.setattr("evaluation.rendering.kernel.run_cells", bad)
    with pytest.raises(RenderError) as error:
        render(
            "tiny",
            release_file,
            to=tmp_path / "a.html",
            language="en",
            engine="builtin",
            sources=sources,
        )
    assert "_report.qmd, line 20, line 3 of what points returns: The div is never closed." in str(
        error.value
    )
