import json
from datetime import date, timedelta
from hashlib import sha256

import pytest
from store_toys import NOW, Q1

from evaluation.errors import BrokenFile, WrongUse
from evaluation.nouns import Release
from evaluation.store import earlier_releases, newest_releases, record_release


def release(body="gwent", quarter=Q1):
    return Release(
        body, quarter, "S-2025Q1-1-AAAAAAAAAAAA", "plan", Q1, {}, {}, date(2025, 8, 1), ()
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "release.json"
    path.write_bytes('{\r\n "body": "Llŷn"}'.encode())
    return path


def test_a_release_is_kept_with_the_text_of_its_file(store, file):
    kept = record_release(store, release(), file, now=NOW)
    assert kept.id.startswith("REL-2025Q1-")
    assert (kept.body, kept.quarter, kept.plan) == ("gwent", Q1, "plan")
    assert kept.snapshot == "S-2025Q1-1-AAAAAAAAAAAA"
    assert kept.made_at == NOW
    assert kept.sha256 == sha256(file.read_bytes()).hexdigest()
    assert kept.text.encode() == file.read_bytes()
    assert earlier_releases(store, "gwent") == (kept,)


def test_the_same_release_file_is_the_same_release(store, file):
    first = record_release(store, release(), file, now=NOW)
    assert record_release(store, release(), file, now=NOW + timedelta(days=1)) == first
    assert earlier_releases(store, "gwent") == (first,)


def test_releases_come_in_order_and_by_body(store, file):
    first = record_release(store, release(), file, now=NOW)
    other = record_release(store, release("south_wales"), file, now=NOW)
    file.write_text("{}")
    revised = record_release(store, release(), file, now=NOW)
    assert earlier_releases(store, "gwent") == (first, revised)
    assert earlier_releases(store, "nowhere") == ()
    assert earlier_releases(store) == (first, other, revised)


def test_a_release_file_that_cannot_be_read_is_not_recorded(store, file):
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenFile, match="cannot be read"):
        record_release(store, release(), file, now=NOW)
    file.unlink()
    with pytest.raises(BrokenFile):
        record_release(store, release(), file, now=NOW)
    with pytest.raises(WrongUse):
        record_release(store, release(), file, now=NOW.replace(tzinfo=None))
    assert earlier_releases(store) == ()


def test_an_internal_release_is_kept_and_does_not_count_as_published(store, file):
    published = record_release(store, release(), file, now=NOW)
    file.write_text('{"policy": {"name": "internal"}}')
    kept = record_release(store, release(), file, now=NOW)
    assert kept.profile == "internal"
    assert earlier_releases(store, "gwent") == (published,)
    assert earlier_releases(store, "gwent", profile="internal") == (kept,)
    assert earlier_releases(store, "gwent", profile=None) == (published, kept)


def test_what_stands_of_a_quarter_is_the_last_of_each_report(store, file):
    def left(**said):
        file.write_text(json.dumps({"policy": {"name": "internal"}, **said}))
        return record_release(store, release(), file, now=NOW)

    record_release(store, release(), file, now=NOW)
    file.write_text('{"policy": {"name": "public"}, "report": "quarterly"}')
    again = record_release(store, release(), file, now=NOW)
    annex = left(report="annex")
    one, other = (left(report="provider", provider=name) for name in ("one", "other"))
    record_release(store, release(quarter=Q1 + 1), file, now=NOW)
    record_release(store, release("south_wales"), file, now=NOW)
    assert newest_releases(store, "gwent", Q1) == (again, annex, one, other)
    assert (one.report, one.provider, again.provider) == ("provider", "one", None)
    assert newest_releases(store, "gwent", Q1 + 2) == ()


def test_the_counts_behind_a_release_stay_in_the_ledger(store, file):
    assert record_release(store, release(), file, now=NOW).counts is None
    kept = record_release(store, release(), file, now=NOW, counts="[1, 2]")
    assert kept.counts == "[1, 2]"
    again = record_release(store, release(), file, now=NOW, counts="[3]")
    assert again == kept  # what was true when it left
    assert earlier_releases(store, "gwent") == (kept,)
