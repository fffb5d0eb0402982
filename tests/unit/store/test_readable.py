from evaluation.store.readable import ALPHABET, code, identity


def test_a_code_is_the_leading_bits_of_the_digest_in_letters_that_read_aloud():
    assert code("f" * 64, 6) == "ZZZZZZ"
    assert code("0" * 64, 6) == "000000"
    assert code("08" + "0" * 62, 6) == "100000"
    assert not set("ILOU") & set(ALPHABET)


def test_a_longer_code_begins_with_the_shorter_one():
    digest = identity("team", "2025Q1", "abc")
    assert code(digest, 20).startswith(code(digest, 6))


def test_what_makes_an_identity_is_kept_apart():
    assert identity("ab", "c") != identity("a", "bc")
