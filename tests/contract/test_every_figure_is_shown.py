"""No figure of a public release is dropped in silence: a section reads it, or it is said to stand in
the spreadsheets alone, and why."""

from collections import Counter
from dataclasses import replace
from datetime import date
from importlib import import_module
from pkgutil import iter_modules

import pytest

from analyses import releasing
from analyses.plan import read_plan
from evaluation import drawing
from evaluation.quarters import Quarter
from evaluation.store import Store
from reports.quarterly import sections, spreadsheet_only
from reports.reading import read_body
from schemas import FORMS
from tests.unit.analyses.making import believed
from tests.unit.reports import making

NUMBERS = ("children", "of", "events", "value", "low", "high")


class Watched:
    """A figure that tells when one of its numbers is looked at."""

    def __init__(self, figure, looked_at):
        self.__dict__.update(figure=figure, looked_at=looked_at)

    def __getattr__(self, name):
        if name in NUMBERS:
            self.looked_at.add(id(self.figure))
        return getattr(self.figure, name)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """The public release of a small world in which every return has come."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(releasing, "take_snapshot", lambda *_, **_area: believed(quarter="2024Q4"))
        store = Store.open(tmp_path_factory.mktemp("store") / "store")
        (store.root / releasing.INVENTED).touch()
        body = read_body("gwent", invented=True)
        return releasing.analyse(
            store,
            Quarter(2024, 4),
            FORMS,
            body="gwent",
            providers=read_body("gwent").providers,
            contracts=body.contracts,
            events=body.events,
            plan=replace(read_plan(), bootstrap_replicates=50),
            made_on=date(2025, 4, 30),
        )


@pytest.mark.parametrize("which", ["small world", "with a comparison", "reviewed"])
def test_every_figure_is_read_by_a_section_or_said_to_stand_in_the_spreadsheets(
    release, tmp_path, monkeypatch, which
):
    made = {"with a comparison": making.full, "reviewed": making.reviewed}
    release = made[which]() if which in made else release
    monkeypatch.chdir(tmp_path)
    for picture in iter_modules(drawing.__path__):
        module = import_module(f"evaluation.drawing.{picture.name}")
        if hasattr(module, "draw"):
            monkeypatch.setattr(module, "draw", lambda *_numbers, **_words: None)
    looked_at = set()
    watched = replace(
        release, figures=tuple(Watched(figure, looked_at) for figure in release.figures)
    )
    for section in iter_modules(sections.__path__):
        import_module(f"reports.quarterly.sections.{section.name}").section(watched, "en")
    dropped = Counter(
        (figure.section, figure.cohort, figure.measure, figure.group)
        for figure in release.figures
        if any(getattr(figure, name) is not None for name in NUMBERS)
        and id(figure) not in looked_at
        and spreadsheet_only.why_only_there(figure, release) is None
    )
    assert not dropped


def test_what_is_listed_as_only_in_the_spreadsheets_is_in_a_release(release):
    held = {(figure.section, figure.measure) for figure in release.figures}
    known = {section for section, _measure in held}
    of_a_review = {"level_ratio", "slope_ratio", "trend_ratio"}
    listed = {
        (section, measure)
        for section, measure in spreadsheet_only.ONLY
        if not (section == "op_encompass" and measure in of_a_review)
    }
    assert {section for section, _measure in listed} <= known
    assert listed <= held
