"""What a report reads: the body that commissions, and the figures of one release."""

from dataclasses import replace
from datetime import date
from functools import partial
from importlib import import_module
from importlib.resources import files

import pytest

from analyses.invented.encompass import REVIEWED_ON
from evaluation.errors import PlanError, WrongUse
from reports import reading
from reports.quarterly.months import watched
from reports.quarterly.places import authorities
from reports.reading import body_of, pick, primary, read_body
from reports.services import services
from schemas import FORMS


def test_gwent_has_its_five_priorities_and_only_forms_that_are_known():
    body = read_body("gwent")
    assert [str(priority.title) for priority in body.priorities] == [
        "Preventing crime and antisocial behaviour",
        "Making our communities safer",
        "Protecting the vulnerable",
        "Putting victims first",
        "Reducing reoffending",
    ]
    assert body.contracts[0].pounds == 138_114
    assert (body.due_days, body.engine) == (20, "builtin")
    assert {form for provider in body.providers.values() for form in provider.forms} <= set(FORMS)
    assert body.providers["gwent_police"].forms[:2] == ("children", "missing_episodes")
    assert all(provider.forms for provider in body.providers.values())


def test_south_wales_is_a_body_by_its_file_alone_and_says_what_is_to_be_confirmed():
    body = read_body("south_wales")
    assert body.name.to("en") == "Police and Crime Commissioner for South Wales"
    assert body.name.to("cy") == "Comisiynydd yr Heddlu a Throseddu De Cymru"
    assert (body.area.to("cy"), body.contracts, len(body.authorities)) == ("De Cymru", (), 7)
    assert all("to confirm" in str(priority.title) for priority in body.priorities)
    assert all(provider.forms for provider in body.providers.values())


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_report_bears_the_body_s_own_names_and_places(making, language, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    release = replace(making.full(), body="south_wales")
    names = ("headline", "priorities", "op_encompass", "positive_futures", "reached", "method")
    text = "".join(
        import_module(f"reports.quarterly.sections.{name}").section(release, language).data
        for name in names
    )
    assert "Gwent" not in text
    assert str(read_body("south_wales").priorities[0].title.to(language)) in text
    assert read_body("south_wales").providers["south_wales_police"].title.to(language) in text


def test_a_target_of_the_body_s_file_reaches_the_chart_of_its_series(making, monkeypatch):
    release = making.full()
    assert watched(release, "episodes").chart.assurance is None
    body = replace(read_body("gwent"), targets={"episodes": 1.0})
    monkeypatch.setattr("reports.quarterly.months.body_of", lambda _release: body)
    assert watched(release, "episodes").chart.assurance == "fail"


def test_what_is_invented_of_a_body_is_read_where_the_data_are_invented_and_says_so(making):
    real, invented = body_of(making.full()), body_of(making.full(data="invented"))
    assert real == read_body("gwent")
    contracts = [each for each in invented.contracts if each not in real.contracts]
    events = [each for each in invented.events if each not in real.events]
    assert {each.year for each in contracts} == {"2023/24", "2024/25"}
    assert [each.kind for each in events] == ["review"]
    for each in (*contracts, *events):
        assert str(each.title).endswith("(invented)")
        assert each.title.to("cy").endswith("(dychmygol)")
    assert not any("invented" in str(each.title) for each in (*real.contracts, *real.events))
    assert replace(invented, contracts=real.contracts, events=real.events) == real


@pytest.mark.parametrize("body", ["gwent", "south_wales"])
def test_the_invented_review_is_on_the_day_from_which_more_schools_are_told(body):
    (review,) = [each for each in read_body(body, invented=True).events if each.kind == "review"]
    assert review.on == REVIEWED_ON


def test_an_unknown_body_is_refused_with_those_that_are_known():
    with pytest.raises(WrongUse, match=r"no body ‘dyfed’. Known are: .*gwent"):
        read_body("dyfed")


def test_a_body_s_file_that_is_not_as_it_should_be_says_which(tmp_path, monkeypatch):
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "gwent.toml").write_text('name = "Gwent"\nengine = "auto"\n')
    monkeypatch.setattr(reading, "files", lambda _package: tmp_path)
    with pytest.raises(PlanError, match=r"bodies/gwent\.toml"):
        read_body("gwent")


def test_gwent_tells_what_happened_on_which_day_and_about_what():
    (duty,) = read_body("gwent").events
    assert (duty.on, duty.kind) == (date(2025, 11, 7), "other")
    assert duty.concerns("op_encompass")
    assert not duty.concerns("referrals")


@pytest.mark.parametrize(
    ("line", "instead"),
    [
        ('kind = "other"', 'kind = "revue"'),
        ('about = ["op_encompass"]', 'about = ["op_encompas"]'),
        ('on = "2025-11-07"', 'on = "7 November 2025"'),
        ('kind = "other"', 'kind = "other"\nwhy = "nobody reads this"'),
        ('about = ["op_encompass"]', ""),
        ("[targets]", "[targets]\nepisods = 100"),
        ('"W06000022"', '"W06000025"'),
        ('"W06000022"', '"other"'),
        ("[targets]", '[[called]]\ninstead_of = "St Gile"\ntitle = "Ours"\n\n[targets]'),
    ],
)
def test_an_event_that_would_be_ignored_in_silence_is_refused(tmp_path, monkeypatch, line, instead):
    written = (files("reports") / "bodies" / "gwent.toml").read_text(encoding="utf-8")
    assert line in written
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "gwent.toml").write_text(written.replace(line, instead), "utf-8")
    monkeypatch.setattr(reading, "files", lambda _package: tmp_path)
    with pytest.raises(PlanError, match=r"bodies/gwent\.toml"):
        read_body("gwent")


def test_a_third_body_is_one_file(tmp_path, monkeypatch):
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "dyfed_powys.toml").write_text(
        """
        name = "Police and Crime Commissioner for Dyfed-Powys"
        area = { title = "Dyfed-Powys", authorities = ["W06000023", "W06000008", "W06000009", "W06000010"] }
        board = { title = "Board" }
        engine = "builtin"
        due_days = 20
        plan = { title = "Plan" }
        priorities = [{ title = "Children who go missing", sections = ["re_missing"] }]

        [providers.police]
        title = "Dyfed-Powys Police"
        forms = ["children", "missing_episodes"]
        """,
        "utf-8",
    )
    monkeypatch.setattr(reading, "files", lambda _package: tmp_path)
    body = read_body("dyfed_powys")
    answers = body.forms["children"].field("local_authority").codes
    assert [code.label.to("cy") for code in answers.codes] == [
        "Ceredigion", "Sir Benfro", "Sir Gaerfyrddin", "Powys", "Awdurdod arall",
    ]  # fmt: skip
    assert [*authorities("dyfed_powys")] == ["W06000010", "W06000008", "W06000009", "W06000023"]
    assert services("dyfed_powys") == ()


def test_a_body_without_events_has_none(tmp_path, monkeypatch):
    written = (files("reports") / "bodies" / "gwent.toml").read_text(encoding="utf-8")
    before, _, after = written.partition("[[events]]")
    (tmp_path / "bodies").mkdir()
    others = before + after[after.index("# Who owes") :]
    (tmp_path / "bodies" / "gwent.toml").write_text(others, "utf-8")
    monkeypatch.setattr(reading, "files", lambda _package: tmp_path)
    assert read_body("gwent").events == ()


def test_a_figure_is_picked_by_its_place_and_absent_where_there_is_none(making):
    release = making.full()
    ratio = partial(pick, release, section="re_missing", measure="rate_ratio", days=182)
    chosen = ratio(cohort="discussed", outcome="re_missing", group="contrast")
    assert chosen is primary(release)
    assert chosen.role == "primary"
    assert ratio(cohort="discussed", outcome="re_missing") is None
    assert ratio(cohort="discussed", group="contrast") is None
    assert ratio(cohort="referred_now", outcome="re_missing", group="contrast") is None
    assert primary(making.empty()) is None
