"""A release leaves with its report and manifest, and is remembered; or not at all."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest

from evaluation.errors import RenderError, StoreError, WrongUse
from evaluation.store import Store, approvals, earlier_releases
from reports import leaving
from reports.leaving import again, leave, sign
from reports.manifest import read_manifest

NOW = datetime(2025, 4, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def pretended(monkeypatch):
    """A renderer that writes which languages were approved, and nothing of the release."""

    def make_reports(file, to, *, engine, formats, approved):
        del engine
        pages = {}
        for language in ("en", "cy"):
            pages[language] = {kind: to / f"report-{language}.{kind}" for kind in formats}
            for path in pages[language].values():
                path.write_text(f"{file.stat().st_size} {language in approved}")
        return pages

    monkeypatch.setattr(leaving, "make_reports", make_reports)


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


@pytest.fixture
def place(tmp_path):
    return tmp_path / "release" / "release.json"


def names(place):
    return {path.name for path in place.parent.iterdir()} if place.parent.exists() else set()


def test_it_leaves_whole_and_the_manifest_has_the_digest_of_each_file(making, store, place):
    pages = leave(store, making.full(), place, now=NOW, formats=("html", "pdf"))
    assert names(place) == {
        "release.json", "manifest.json",
        "report-en.html", "report-en.pdf", "report-cy.html", "report-cy.pdf",
    }  # fmt: skip
    assert pages["cy"]["pdf"] == place.with_name("report-cy.pdf")
    told = json.loads(place.with_name("manifest.json").read_text())
    for name, digest in {**told["files"], "release.json": told["release_sha256"]}.items():
        assert sha256(place.with_name(name).read_bytes()).hexdigest() == digest
    assert told["drafts"] == ["cy"]
    assert told["approved"] == {}
    assert told["corrects"] is None
    assert "pandoc" in told["engine"]
    assert [one.sha256 for one in earlier_releases(store)] == [told["release_sha256"]]


def test_what_cannot_be_rendered_has_not_left(making, store, place, monkeypatch):
    def fails(*_arguments, **_options):
        raise RenderError("no")

    monkeypatch.setattr(leaving, "make_reports", fails)
    with pytest.raises(RenderError):
        leave(store, making.full(), place, now=NOW)
    assert names(place) == set()
    assert earlier_releases(store) == ()


def test_what_cannot_be_recorded_has_not_left(making, store, place):
    with store.writing(), pytest.raises(StoreError, match="busy"):
        leave(_impatient(store), making.full(), place, now=NOW)
    assert names(place) == set()


def _impatient(store):
    from evaluation.store import open_store  # noqa: PLC0415

    return open_store(store.root, wait_seconds=0.1)


def test_what_cannot_be_put_in_place_is_not_remembered(making, store, place):
    place.mkdir(parents=True)  # a folder where the file should be
    with pytest.raises(RenderError):
        leave(store, making.full(), place, now=NOW)
    assert names(place) == {"release.json"}
    assert earlier_releases(store) == ()


def test_a_later_release_takes_the_place_of_all_that_the_first_one_left(making, store, place):
    leave(store, making.full(), place, now=NOW, formats=("html", "pdf"))
    leave(store, making.full(high=1.2), place, now=NOW, formats=("html",))
    assert names(place) == {"release.json", "manifest.json", "report-en.html", "report-cy.html"}
    assert len(earlier_releases(store)) == 2


def test_rendered_again_in_one_format_it_stays_as_it_is_in_the_others(making, store, place):
    leave(store, making.full(), place, now=NOW, formats=("html", "pdf"))
    before, stood = read_manifest(place), names(place)
    again(place, place.parent, formats=("html",))
    assert read_manifest(place) == before
    assert names(place) == stood


def test_what_was_approved_is_no_draft_any_more_and_stays_approved(making, store, place, tmp_path):
    leave(store, making.full(), place, now=NOW, formats=("html",))
    english = place.with_name("report-en.html").read_bytes()
    sign(store, place, "cy", by="A. Translator", now=NOW)
    assert place.with_name("report-cy.html").read_text().endswith("True")
    assert place.with_name("report-en.html").read_bytes() == english
    sign(store, place, "release", by="The Commissioner", now=NOW)
    told = read_manifest(place)
    assert told.drafts == ()
    assert told.approved == {
        "cy": {"by": "A. Translator", "on": "2025-04-30"},
        "release": {"by": "The Commissioner", "on": "2025-04-30"},
    }
    assert [one.what for one in approvals(store, told.release_sha256)] == ["cy", "release"]

    welsh = place.with_name("report-cy.html").read_bytes()
    again(place, tmp_path / "elsewhere", formats=("html",))
    assert (tmp_path / "elsewhere" / "report-cy.html").read_bytes() == welsh
    assert (tmp_path / "elsewhere" / "release.json").read_bytes() == place.read_bytes()
    leave(store, making.full(), place, now=NOW, formats=("html",))  # the same once more
    assert read_manifest(place) == told
    leave(store, making.full(high=1.2), place, now=NOW, formats=("html",))  # and another
    assert read_manifest(place).approved == {}


def test_nobody_can_approve_what_was_changed_or_is_not_there(making, store, place):
    with pytest.raises(WrongUse, match=r"no report beside release\.json"):
        sign(store, place, "release", by="The Commissioner", now=NOW)
    leave(store, making.full(), place, now=NOW, formats=("html", "csv"))
    place.with_name("report-cy.html").write_text("a child’s name")
    place.with_name("report-en.csv").unlink()
    with pytest.raises(WrongUse, match=r"report-cy\.html, report-en\.csv"):
        sign(store, place, "release", by="The Commissioner", now=NOW)
    assert read_manifest(place).approved == {}


def test_an_internal_release_has_a_manifest_of_its_own(making, store, tmp_path):
    place = tmp_path / "internal" / "annex.json"
    leave(store, making.full(), place, now=NOW, formats=("html",))
    assert "annex-manifest.json" in names(place)
