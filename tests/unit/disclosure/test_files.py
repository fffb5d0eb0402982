"""The release file: the same bytes for the same release, whole or not at all."""

import json
from dataclasses import replace
from datetime import date

import pytest

from evaluation.disclosure import PUBLIC, read_release, release, write_release
from evaluation.errors import BrokenFile
from evaluation.nouns import Before, Claiming, Estimate
from evaluation.quarters import Quarter


@pytest.fixture
def made():
    return release(
        [
            Estimate("r", "accepted", children=33, of=58, value=33 / 58, low=0.4, high=0.7),
            Estimate("r", "waiting_now", children=3, unmet=("few_children",), method="a ŵ"),
        ],
        PUBLIC,
        body="gwent",
        quarter=Quarter(2024, 4),
        snapshot="s1",
        plan="p1",
        claim_quarter=Quarter(2025, 4),
        versions={"evaluation": "0.1.0"},
        made_on=date(2025, 4, 30),
    )


def test_what_is_written_is_read_back(made, tmp_path):
    assert read_release(write_release(made, tmp_path / "new" / "release.json")) == made


def test_whose_release_it_is_is_read_back_and_an_older_file_is_of_the_quarterly_report(
    made, tmp_path
):
    own = replace(made, report="provider", provider="st_giles")
    path = write_release(own, tmp_path / "release.json")
    assert read_release(path) == own
    held = json.loads(path.read_text(encoding="utf-8"))
    del held["report"], held["provider"]
    path.write_text(json.dumps(held), encoding="utf-8")
    assert (read_release(path).report, read_release(path).provider) == ("quarterly", None)


def test_what_the_plan_asks_of_a_claim_is_read_back(made, tmp_path):
    asked = Claiming(
        rule="by_spending", days=182, children=60, looks=(Quarter(2024, 4), Quarter(2025, 2)),
        information=0.45, agreement="both", blocked_by=("imbalance",), departs=("seed",),
    )  # fmt: skip
    for claim_quarter in (Quarter(2024, 4), None):
        told = replace(made, claim_quarter=claim_quarter, claiming=asked)
        assert read_release(write_release(told, tmp_path / "release.json")) == told
        assert told.is_claim == (claim_quarter is not None)


def test_a_file_of_the_first_format_is_read_as_what_it_was(made, tmp_path):
    path = write_release(made, tmp_path / "release.json")
    held = json.loads(path.read_text())
    del held["claiming"]
    path.write_text(json.dumps(held | {"format": 1}))
    assert read_release(path) == made
    assert read_release(path).claiming == Claiming(rule="by_date", blocked_by=())


@pytest.mark.parametrize("format_", [1, 3])
def test_a_file_whose_format_and_content_disagree_is_refused(made, tmp_path, format_):
    path = write_release(made, tmp_path / "release.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": format_}))
    with pytest.raises(BrokenFile):
        read_release(path)


def test_the_same_release_has_the_same_bytes(made, tmp_path):
    one, two = (write_release(made, tmp_path / name) for name in ("one.json", "two.json"))
    assert one.read_bytes() == two.read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["one.json", "two.json"]


def test_a_write_that_fails_leaves_the_old_file_as_it_was(made, tmp_path, monkeypatch):
    path = write_release(made, tmp_path / "release.json")
    before = path.read_bytes()

    def full(_handle):
        raise OSError("no space left")

    monkeypatch.setattr("evaluation.disclosure.files.os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_release(made, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": 2}', "PK\x03\x04", '{"format": 1, "figures": 3}']
)
def test_what_is_not_a_release_file_is_refused_in_one_sentence(text, tmp_path):
    path = tmp_path / "release.json"
    path.write_text(text)
    with pytest.raises(BrokenFile, match=r"release\.json is not a release file"):
        read_release(path)


def test_a_missing_release_file_says_how_to_make_one(tmp_path):
    with pytest.raises(BrokenFile, match="evaluation analyse"):
        read_release(tmp_path / "release.json")


def test_a_quarter_that_is_none_is_refused_as_a_file(made, tmp_path):
    path = write_release(made, tmp_path / "release.json")
    path.write_text(path.read_text().replace("2025Q4", "soon"))
    with pytest.raises(BrokenFile):
        read_release(path)


def test_what_the_last_quarter_told_comes_back_as_it_was(made, tmp_path):
    before = Before(Quarter(2024, 3), date(2025, 1, 31), "S-1", made.figures[:1])
    held = read_release(write_release(replace(made, before=before), tmp_path / "r.json"))
    assert held.before == before
    assert read_release(write_release(made, tmp_path / "s.json")).before is None
