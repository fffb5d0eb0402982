"""Who approved a release: a line of the ledger, added when it is shown and not otherwise."""

from datetime import UTC, date, datetime

import pytest
from store_toys import NOW, Q1

from evaluation.errors import WrongUse
from evaluation.nouns import Release
from evaluation.store import approvals, approve, earlier_releases, record_release

LATER = datetime(2025, 5, 12, 9, tzinfo=UTC)


RELEASE = Release("gwent", Q1, "S-1", "plan", Q1, {}, {}, date(2025, 8, 1), ())


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "release.json"
    path.write_text("{}")
    return path


@pytest.fixture
def left(store, file):
    """The digest of a release that left."""
    return record_release(store, RELEASE, file, now=NOW).sha256


def test_each_approval_is_kept_in_its_order(store, left):
    approve(store, left, "cy", by="  A.  Translator ", now=LATER)
    approve(store, left, "release", by="The Commissioner", now=LATER)
    assert [(one.what, one.by, one.at) for one in approvals(store, left)] == [
        ("cy", "A. Translator", LATER), ("release", "The Commissioner", LATER),
    ]  # fmt: skip


def test_what_could_not_be_shown_was_not_approved(store, left):
    def fails():
        raise OSError

    with pytest.raises(OSError):
        approve(store, left, "cy", by="A. Translator", now=LATER, put_in_place=fails)
    assert approvals(store, left) == ()


@pytest.mark.parametrize("by", ["", "  ", "x" * 101])
def test_an_approval_needs_a_name(store, left, by):
    with pytest.raises(WrongUse, match="Say who approves it"):
        approve(store, left, "cy", by=by, now=LATER)


def test_a_release_of_another_store_cannot_be_approved(store):
    with pytest.raises(WrongUse, match="never recorded"):
        approve(store, "0" * 64, "release", by="The Commissioner", now=LATER)


def test_a_time_without_a_zone_is_refused(store, left):
    with pytest.raises(WrongUse, match="time zone"):
        approve(store, left, "cy", by="A. Translator", now=LATER.replace(tzinfo=None))


def test_a_release_that_could_not_be_put_in_place_never_left(store, file):
    def fails():
        raise OSError

    with pytest.raises(OSError):
        record_release(store, RELEASE, file, now=NOW, put_in_place=fails)
    assert earlier_releases(store) == ()
