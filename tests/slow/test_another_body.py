"""A body is its file alone: invented returns of South Wales go the whole road to its report."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html import unescape

import pytest

from analyses.invented.area import area_with
from analyses.invented.returns import invent
from analyses.invented.workbooks import write_returns
from analyses.plan import read_plan
from analyses.releasing import INVENTED, counts_of, look, place_in, public
from evaluation.quarters import Quarter
from evaluation.returns.checking import rules_version
from evaluation.returns.intake import examine
from evaluation.store import Store, accept
from reports.leaving import leave
from reports.reading import read_body

pytestmark = pytest.mark.slow

BODY, QUARTERS = read_body("south_wales"), Quarter(2024, 3).to(Quarter(2024, 4))
SENT = datetime(2025, 4, 12, 9, tzinfo=UTC)
AUTHORITIES = {
    "Swansea": "Abertawe",
    "Neath Port Talbot": "Castell-nedd Port Talbot",
    "Bridgend": "Pen-y-bont ar Ogwr",
    "Vale of Glamorgan": "Bro Morgannwg",
    "Cardiff": "Caerdydd",
    "Rhondda Cynon Taf": "Rhondda Cynon Taf",
    "Merthyr Tydfil": "Merthyr Tudful",
}
OF_GWENT = ("Gwent", "Caerphilly", "Caerffili", "Torfaen", "Monmouthshire", "Sir Fynwy", "Newport",
            "Casnewydd", "W06000018", "W06000022", "St Giles", "Positive Futures")  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The store into which every provider's workbook was taken."""
    folder, forms = tmp_path_factory.mktemp("south_wales"), BODY.forms
    area = area_with(BODY.authorities, BODY.providers)
    returns = invent(QUARTERS, children=1_000, seed=2, area=area)
    workbooks = write_returns(returns, folder / "in", providers=BODY.providers, forms=forms)
    store = Store.open(folder / "store")
    (store.root / INVENTED).touch()
    for (_, quarter), path in sorted(workbooks.returns.items(), key=lambda item: item[0][::-1]):
        checked = examine(path, forms, BODY.providers, store)
        assert checked.acceptable, (path.name, [finding.rule for finding in checked.findings])
        accept(store, checked, forms, now=SENT, rules_version=rules_version(forms))
        assert quarter in QUARTERS
    return store


@pytest.fixture(scope="module")
def release(store):
    """What may leave, and what it was made of."""
    plan = replace(read_plan(), bootstrap_replicates=20)
    found = look(
        store, QUARTERS[-1], BODY.forms, body=BODY.code, providers=BODY.providers,
        contracts=BODY.contracts, events=BODY.events, plan=plan, registered=plan,
    )  # fmt: skip
    return public(found, made_on=date(2025, 4, 30)), found


def test_every_figure_by_authority_is_of_its_own_authorities(release):
    made, _found = release
    told = {}
    for figure in made.figures:
        named = set(re.findall(r"W06\d{6}", figure.group))
        told.setdefault((figure.section, figure.cohort), set()).update(named)
    by_place = {place: codes for place, codes in told.items() if codes}
    assert {section for section, _cohort in by_place} == {"engagement", "op_encompass"}
    assert not any("positive_futures" in f"{section} {cohort}" for section, cohort in told)
    for place, codes in by_place.items():
        assert codes == set(BODY.authorities), place


def test_its_report_names_its_authorities_and_nothing_of_gwent_in_both_languages(
    store, release, tmp_path
):
    made, found = release
    pages = leave(
        store, made, place_in(tmp_path, made), now=SENT, counts=counts_of(made, found),
        formats=("html",),
    )  # fmt: skip
    for language, files in pages.items():
        text = unescape(re.sub(r"data:[^\"')]+", "", files["html"].read_text(encoding="utf-8")))
        for english, welsh in AUTHORITIES.items():
            assert (english if language == "en" else welsh) in text
        assert [name for name in OF_GWENT if name in text] == []
        assert str(BODY.name.to(language)) in text
        assert BODY.providers["support"].title.to(language) in text
