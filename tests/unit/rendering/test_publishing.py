"""Files are put in place as one set, and what they stand instead of goes; or nothing changes."""

import pytest

from evaluation.errors import RenderError
from evaluation.rendering import publish


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_new_set_stands_instead_of_the_old_one(tmp_path):
    for name in ("a", "old", "mine"):
        (tmp_path / name).write_bytes(b"1")
    publish(
        {tmp_path / "a": b"2", tmp_path / "b": b"2"},
        instead_of=[tmp_path / "a", tmp_path / "old", tmp_path / "gone before"],
    )
    assert contents(tmp_path) == {"a": b"2", "b": b"2", "mine": b"1"}


def test_where_one_file_cannot_be_put_in_place_all_stay_as_they_were(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "b").mkdir()  # nothing can take its place
    (tmp_path / "old").write_bytes(b"1")
    with pytest.raises(RenderError, match="nothing was published"):
        publish(
            {tmp_path / "a": b"2", tmp_path / "b": b"2"},
            instead_of=[tmp_path / "old"],
        )
    assert contents(tmp_path) == {"a": b"1", "old": b"1"}


def test_what_cannot_go_keeps_the_new_set_out(tmp_path):
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / "old").mkdir()
    with pytest.raises(RenderError):
        publish({tmp_path / "a": b"2", tmp_path / "b": b"2"}, instead_of=[tmp_path / "old"])
    assert contents(tmp_path) == {"a": b"1"}
