import os
from hashlib import sha256
from pathlib import Path

import pytest
from store_toys import Q1, declared, visits

from evaluation.errors import StoreError
from evaluation.store import files
from evaluation.store.shapes import conform

TABLE = conform(visits("V-1"), declared(), "team", Q1)


def test_a_file_is_named_by_its_digest_and_read_back(tmp_path):
    digest = files.write(tmp_path / "files", TABLE)
    path = tmp_path / "files" / digest[:2] / f"{digest}.parquet"
    assert sha256(path.read_bytes()).hexdigest() == digest
    assert files.read(tmp_path / "files", digest).equals(TABLE)


def test_writing_again_leaves_the_file_alone(tmp_path):
    digest = files.write(tmp_path / "files", TABLE)
    path = files.path_of(tmp_path / "files", digest)
    before = path.stat()
    assert files.write(tmp_path / "files", TABLE) == digest
    assert path.stat().st_ino == before.st_ino
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_writing_mends_a_damaged_file_of_that_name(tmp_path):
    digest = files.write(tmp_path / "files", TABLE)
    files.path_of(tmp_path / "files", digest).write_bytes(b"")
    assert files.write(tmp_path / "files", TABLE) == digest
    assert files.read(tmp_path / "files", digest).equals(TABLE)


def test_the_content_is_on_the_disk_before_the_name_and_the_name_before_we_return(
    tmp_path, monkeypatch
):
    done = []
    sync, rename = os.fsync, Path.replace

    def fsync(handle):
        done.append(("sync", Path(f"/proc/self/fd/{handle}").readlink().name))
        sync(handle)

    def replace(self, target):
        done.append(("name", target.name))
        return rename(self, target)

    if not Path("/proc/self/fd").is_dir():
        pytest.skip("this system does not say which file a handle is of")
    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)
    digest = files.write(tmp_path / "files", TABLE)
    first, *rest = done
    assert first[0] == "sync"
    assert first[1].endswith(".part")
    assert rest == [
        ("name", f"{digest}.parquet"),
        ("sync", digest[:2]),
        ("sync", "files"),
        ("sync", tmp_path.name),
    ]


def test_a_lost_file_is_named(tmp_path):
    digest = files.write(tmp_path / "files", TABLE)
    files.path_of(tmp_path / "files", digest).unlink()
    with pytest.raises(StoreError, match=f"lost the file .*{digest}"):
        files.read(tmp_path / "files", digest)


@pytest.mark.parametrize("damage", [b"", b"PAR1", None])
def test_a_file_whose_content_does_not_match_its_name_is_named(tmp_path, damage):
    digest = files.write(tmp_path / "files", TABLE)
    path = files.path_of(tmp_path / "files", digest)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content if damage is None else damage)
    with pytest.raises(StoreError, match=f"{digest}.*damaged"):
        files.read(tmp_path / "files", digest)


def test_a_disk_that_refuses_is_a_sentence_and_leaves_no_part_behind(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="No space left on device"):
        files.write(tmp_path / "files", TABLE)
    assert [p for p in (tmp_path / "files").rglob("*") if p.is_file()] == []


def test_a_reader_that_keeps_the_file_open_on_windows_does_not_stop_a_second_writer(
    tmp_path, monkeypatch
):
    digest = files.write(tmp_path / "files", TABLE)
    path = files.path_of(tmp_path / "files", digest)
    content = path.read_bytes()
    path.unlink()

    def refused(self, target):
        path.write_bytes(content)  # another process came first, and somebody reads its file
        raise PermissionError(13, "Access is denied")

    monkeypatch.setattr(Path, "replace", refused)
    assert files.write(tmp_path / "files", TABLE) == digest
    path.unlink()
    content = b"something else"
    with pytest.raises(StoreError, match="Access is denied"):
        files.write(tmp_path / "files", TABLE)
