"""What a report reads: the body that commissions, and the figures of one release."""

import pytest

from evaluation.errors import PlanError, WrongUse
from reports import reading
from reports.reading import pick, primary, read_body
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


def test_an_unknown_body_is_refused_with_those_that_are_known():
    with pytest.raises(WrongUse, match=r"no body ‘dyfed’. Known are: .*gwent"):
        read_body("dyfed")


def test_a_body_s_file_that_is_not_as_it_should_be_says_which(tmp_path, monkeypatch):
    (tmp_path / "bodies").mkdir()
    (tmp_path / "bodies" / "gwent.toml").write_text('name = "Gwent"\nengine = "auto"\n')
    monkeypatch.setattr(reading, "files", lambda _package: tmp_path)
    with pytest.raises(PlanError, match=r"bodies/gwent\.toml"):
        read_body("gwent")


def test_a_figure_is_picked_by_its_place_and_absent_where_there_is_none(making):
    release = making.full()
    chosen = pick(release, section="re_missing", measure="rate_ratio", group="contrast", days=182)
    assert chosen is primary(release)
    assert chosen.role == "primary"
    assert pick(release, section="re_missing", measure="rate_ratio", days=182) is None
    assert primary(making.empty()) is None
