"""A report is published whole or not at all, and in both languages or in neither."""

from datetime import date
from pathlib import Path

import pytest

from evaluation.errors import RenderError, WrongUse
from evaluation.language import Text
from evaluation.rendering import FORMATS, render_pair
from evaluation.rendering.builtin import WORDS, _words
from evaluation.rendering.face import DRAFT

PAGE = '<h1>{title}</h1><p lang="{language}">{title}, {date}</p>'


def pretended(_source, _stage, *, face, formats, timeout):
    other = face.other.href if face.other else ""
    said = PAGE.format(language=face.language, **face.front) + f"<p>{other}</p>"
    return {kind: f"{said}{face.banners}".encode() for kind in ("html", "pdf", "docx")}


@pytest.fixture
def quick(monkeypatch):
    """A renderer that only says what it was given."""
    monkeypatch.setattr("evaluation.rendering.builtin.documents", pretended)


@pytest.fixture
def published(sources, release_file, tmp_path):
    """Render the tiny report with the built-in renderer; gives the files."""

    def of(report="tiny", release=release_file, **more):
        return render_pair(
            report, release, to=tmp_path / "out", engine="builtin", sources=sources, **more
        )

    return of


def fails_in(monkeypatch, bad):
    def documents(*given, face, **more):
        if face.language == bad:
            raise RenderError(Text("It failed."))
        return pretended(*given, face=face, **more)

    monkeypatch.setattr("evaluation.rendering.builtin.documents", documents)


def test_title_and_date_are_written_over_the_shell(quick, published, tmp_path):
    pages = published(
        name="annex", title=Text("{n} children", (("n", 3),)), made_on=date(2026, 12, 1)
    )
    assert pages["cy"]["html"] == tmp_path / "out" / "annex-cy.html"
    assert (
        pages["cy"]["html"]
        .read_text(encoding="utf-8")
        .startswith(
            '<h1>3 children</h1><p lang="cy">3 children, 2026-12-01</p><p>annex-en.html</p>'
        )
    )


def test_only_the_formats_that_are_asked_for_are_published_all_of_them_by_default(
    quick, published, tmp_path
):
    assert {language: tuple(of) for language, of in published(formats=["html"]).items()} == {
        "en": ("html",),
        "cy": ("html",),
    }
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "report-en.html",
        "report-cy.html",
    }
    assert tuple(published()["en"]) >= FORMATS


def test_every_document_says_whose_eyes_it_is_for_and_a_draft_that_it_is_one(
    quick, published, monkeypatch
):
    monkeypatch.setattr("evaluation.rendering.face.is_draft", lambda language: language == "cy")
    pages = published(watermark=Text("Not for everyone"))
    english, welsh = (pages[of]["html"].read_text(encoding="utf-8") for of in ("en", "cy"))
    assert "('Not for everyone',)" in english
    assert str(("Not for everyone", DRAFT.to("cy"))) in welsh


def test_a_pair_leads_to_each_other(quick, published):
    pages = published()
    assert {k: v["html"].name for k, v in pages.items()} == {
        "en": "report-en.html",
        "cy": "report-cy.html",
    }
    assert "<p>report-cy.html</p>" in pages["en"]["html"].read_text(encoding="utf-8")
    assert "<p>report-en.html</p>" in pages["cy"]["html"].read_text(encoding="utf-8")


@pytest.mark.parametrize("bad", ["en", "cy"])
def test_if_one_language_fails_neither_is_published(bad, monkeypatch, published, tmp_path):
    fails_in(monkeypatch, bad)
    with pytest.raises(RenderError, match=r"It failed\."):
        published()
    assert not (tmp_path / "out").exists()


def test_what_was_published_before_stays_when_the_second_page_cannot_be_put_in_place(
    quick, monkeypatch, published, tmp_path
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
        published(formats=["html"])
    assert {path.name: path.read_text() for path in out.iterdir()} == {"report-en.html": "before"}


def test_an_unfit_page_is_not_published(no_kernel, monkeypatch, published, tmp_path):
    monkeypatch.setattr(
        "evaluation.rendering.builtin.lay_out",
        lambda *_a, **_k: b"<h1>x</h1><script>1</script>",
    )
    with pytest.raises(RenderError, match="script"):
        published()
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_is_wrong_use(published, tmp_path):
    with pytest.raises(WrongUse, match="There is no release file"):
        published(release=tmp_path / "gone.json")
    with pytest.raises(WrongUse, match="There is no report source"):
        published(report="gone")


def test_a_shell_in_the_wrong_language_is_refused(quick, sources, published):
    shell = sources / "tiny" / "report.cy.qmd"
    shell.write_text(shell.read_text(encoding="utf-8").replace("cy-GB", "en-GB"), encoding="utf-8")
    with pytest.raises(RenderError, match="lang: en-GB"):
        published()


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
    text, says, monkeypatch, sources, published
):
    monkeypatch.setattr(
        "evaluation.rendering.kernel.run_cells", lambda cells, *_a, **_k: [""] * len(cells)
    )
    (sources / "tiny" / "_report.qmd").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(RenderError) as error:
        published()
    for words in says:
        assert words in str(error.value)


def test_faults_of_what_a_section_returns_name_the_section_and_the_line(monkeypatch, published):
    def bad(cells, *_a, **_k):
        return ["## Heading\n\n::: {.callout-note}\ntext" if cell.gives else "" for cell in cells]

    monkeypatch.setattr("evaluation.rendering.kernel.run_cells", bad)
    with pytest.raises(RenderError) as error:
        published()
    assert "_report.qmd, line 20, line 3 of what points returns: The div is never closed." in str(
        error.value
    )
