"""However one child is written it has one key; every key is one that the forms take."""

import unicodedata
from datetime import date

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from evaluation.language import _
from evaluation.nouns import Field
from evaluation.returns import words
from evaluation.returns.keys.alike import look_alikes, one_edit
from evaluation.returns.keys.identity import dates, identity, name
from evaluation.returns.keys.making import keys_of
from evaluation.returns.keys.secret import Secret

FIELD = Field("child_key", "key", "must", _("Child key"))
TODAY = date(2025, 7, 1)
LETTERS = "abcdefghijklmnopqrstuvwxyzâêîôûŵŷáàäéèëïíóöúùüñçłøß"

one_word = st.text(alphabet=LETTERS, min_size=1, max_size=8)
some_names = st.lists(
    st.one_of(one_word, st.sampled_from(["ap", "ab", "ferch", "merch", "o", "mc", "van"])),
    min_size=1,
    max_size=4,
)
secrets = st.binary(min_size=32, max_size=32).map(Secret)


@st.composite
def written(draw, parts):
    """A name as somebody may write it."""
    between = st.sampled_from([" ", "-", "‑", "  ", "\xa0", "’", "'", ". "])
    text = parts[0] + "".join(draw(between) + part for part in parts[1:])
    text = draw(st.sampled_from([str.title, str.upper, str.lower, str]))(text)
    text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"])), text)
    return draw(st.sampled_from(["", " ", "\t"])) + text + draw(st.sampled_from(["", " ", "."]))


@st.composite
def two_ways(draw):
    parts = draw(some_names)
    return draw(written(parts)), draw(written(parts))


@given(two_ways(), two_ways(), st.dates(date(1990, 1, 1), TODAY), secrets)
def test_one_child_written_in_two_ways_has_one_key(surname, forename, born, secret):
    days = [f"{born:%d/%m/%Y}", f"{born.day}/{born.month}/{born.year}", born.isoformat()]
    read = dates(days, TODAY)
    assert set(read.values()) == {born.isoformat()}
    children = {
        identity([("name", name(last)), ("name", name(first)), ("date", read[day])])
        for last, first in zip(surname, forename, strict=True)
        for day in days
    }
    assert len(set(keys_of(children, secret))) == 1


@given(some_names.flatmap(written))
def test_a_normal_form_is_its_own(text):
    normal = name(text)
    assert normal
    assert name(normal) == normal


@given(st.text(max_size=12))
def test_any_text_has_a_normal_form_without_signs_or_none(text):
    normal = name(text)
    assert normal is None or normal == "" or normal.isalpha()


@given(
    st.lists(st.text(alphabet=LETTERS, max_size=9), min_size=1, max_size=20, unique=True), secrets
)
def test_every_key_passes_the_forms_own_check(identities, secret):
    keys = keys_of(identities, secret)
    column = words.keys(pd.Series(keys, dtype="str"), FIELD)
    assert column.typed.tolist() == keys
    assert not any(at.any() for at in column.faults.values())
    assert len(set(keys)) == len(identities)


@given(secrets, secrets, one_word)
def test_another_secret_gives_another_key(one, other, child):
    same = one.value == other.value
    assert (keys_of([child], one) == keys_of([child], other)) == same


@given(
    st.lists(
        st.tuples(st.text("abc", max_size=4), st.text("ab", max_size=2)), unique=True, max_size=12
    )
)
def test_look_alikes_are_those_that_comparing_each_with_each_would_find(children):
    def close(a, b):
        differ = [place for place in (0, 1) if a[place] != b[place]]
        return len(differ) == 1 and one_edit(a[differ[0]], b[differ[0]])

    slow = [
        (a, b)
        for a in range(len(children))
        for b in range(a + 1, len(children))
        if close(children[a], children[b])
    ]
    assert list(look_alikes(children, ("name", "name"))) == slow
