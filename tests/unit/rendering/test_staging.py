"""A stage holds the sources and one release, and whatever runs there is told of nothing else."""

from datetime import date

from evaluation.rendering.staging import staged


def test_a_stage_holds_the_sources_and_the_release_and_goes_away(sources, release_file):
    (sources / "tiny" / "sections").mkdir()
    (sources / "tiny" / "sections" / "months.py").write_text("")
    (sources / "tiny" / "__init__.py").write_text("")
    before = {path: path.read_bytes() for path in sources.rglob("*") if path.is_file()}
    fronts = {"report.cy.qmd": {"title": "Teitl", "lang": "cy-GB", "date": date(2026, 11, 4)}}
    with staged(sources, "tiny", release_file, fronts=fronts, made_on=date(2026, 11, 4)) as stage:
        names = {path.name for path in stage.folder.iterdir()}
        assert {
            "report.en.qmd",
            "report.cy.qmd",
            "_report.qmd",
            "_quarto.yml",
            "_language-cy.yml",
        } <= names
        assert (stage.folder / "release.json").read_bytes() == release_file.read_bytes()
        assert not {name for name in names if name.endswith(".py") or name == "sections"}
        shell = (stage.folder / "report.cy.qmd").read_text(encoding="utf-8")
        assert shell.startswith("---\ntitle: Teitl\nlang: cy-GB\ndate: 2026-11-04\n---\n")
        assert stage.environment["SOURCE_DATE_EPOCH"] == "1793750400"
    assert not stage.folder.exists()
    assert {path: path.read_bytes() for path in sources.rglob("*") if path.is_file()} == before


def test_what_runs_there_is_not_told_where_the_store_is(sources, release_file, monkeypatch):
    monkeypatch.setenv("EVALUATION_STORE", "/somewhere")
    monkeypatch.setenv("QUARTO_PROFILE", "cy")
    with staged(sources, "tiny", release_file, fronts={}, made_on=None) as stage:
        assert not {"EVALUATION_STORE", "QUARTO_PROFILE"} & set(stage.environment)
