"""A secret is written once, for its owner alone, and damage to it is noticed."""

import os
import stat

import pytest

from evaluation.errors import BrokenFile, WrongUse
from evaluation.returns.keys import new_secret, read_secret
from evaluation.returns.keys.secret import others_may_read
from evaluation.store import Store

only_posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")


def test_a_secret_is_read_back(tmp_path):
    made = new_secret(tmp_path / "secret.txt")
    assert read_secret(tmp_path / "secret.txt") == made
    assert len(made.value) == 32
    assert [item.name for item in tmp_path.iterdir()] == ["secret.txt"]


def test_no_two_secrets_are_alike(tmp_path):
    one, other = (new_secret(tmp_path / name) for name in "ab")
    assert one.value != other.value
    assert one.check != other.check


@only_posix
def test_only_its_owner_may_read_it(tmp_path):
    old = os.umask(0)
    try:
        new_secret(tmp_path / "secret.txt")
    finally:
        os.umask(old)
    assert stat.S_IMODE((tmp_path / "secret.txt").stat().st_mode) == 0o600
    assert not others_may_read(tmp_path / "secret.txt")


def test_it_is_never_written_over(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text("something else")
    with pytest.raises(WrongUse, match="is there already"):
        new_secret(path)
    assert path.read_text() == "something else"
    assert [item.name for item in tmp_path.iterdir()] == ["secret.txt"]


def test_it_never_lies_in_a_store_not_even_by_a_link(tmp_path):
    store = Store.open(tmp_path / "store")
    (tmp_path / "link").symlink_to(store.root, target_is_directory=True)
    for folder in (store.root, tmp_path / "link", store.files):
        with pytest.raises(WrongUse, match="lies in a store"):
            new_secret(folder / "secret.txt")
        with pytest.raises(WrongUse, match="lies in a store"):
            read_secret(folder / "secret.txt")


def test_neither_the_secret_nor_its_value_is_shown(tmp_path):
    made = new_secret(tmp_path / "secret.txt")
    assert made.value.hex() not in f"{made!r} {made} {made.check}"
    assert repr(made.value) not in f"{made!r} {made}"


def test_any_change_of_a_character_is_noticed(tmp_path):
    new_secret(tmp_path / "secret.txt")
    whole = (tmp_path / "secret.txt").read_text()
    for at, letter in enumerate(whole):
        if not letter.isspace():
            (tmp_path / "damaged").write_text(
                whole[:at] + ("0" if letter != "0" else "1") + whole[at + 1 :]
            )
            with pytest.raises(BrokenFile):
                read_secret(tmp_path / "damaged")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"surname,forename\nJones,Gwen\n", b"child-key-secret 1\n\n"]
)
def test_something_else_is_no_secret_and_is_not_repeated(tmp_path, content):
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(BrokenFile) as caught:
        read_secret(path)
    assert "Jones" not in str(caught.value)


def test_a_cut_off_secret_is_damaged(tmp_path):
    new_secret(tmp_path / "secret.txt")
    whole = (tmp_path / "secret.txt").read_text()
    for length in range(20, len(whole) - 1):
        (tmp_path / "cut").write_text(whole[:length])
        with pytest.raises(BrokenFile, match="damaged"):
            read_secret(tmp_path / "cut")


def test_a_copy_by_another_editor_is_the_same_secret(tmp_path):
    made = new_secret(tmp_path / "secret.txt")
    words = (tmp_path / "secret.txt").read_text()
    (tmp_path / "copy").write_bytes(b"\xef\xbb\xbf" + words.replace("\n", "\r\n").encode())
    assert read_secret(tmp_path / "copy") == made


def test_a_secret_of_a_later_version_is_not_guessed_at(tmp_path):
    new_secret(tmp_path / "secret.txt")
    words = (tmp_path / "secret.txt").read_text()
    (tmp_path / "later").write_text(words.replace("secret 1", "secret 2", 1))
    with pytest.raises(BrokenFile, match="another version"):
        read_secret(tmp_path / "later")
