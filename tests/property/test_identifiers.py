"""What fits a pattern of an identifier is always looked at: the quick look loses none."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.returns import identifiers
from evaluation.returns.identifiers import in_values
from evaluation.returns.layout import tidy

PATTERNS = {f"{item.fault.id}-{number}": item for number, item in enumerate(identifiers._PATTERNS)}
around = st.sampled_from(["", "see ", "(", "cân ", ": "])


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_fits_a_pattern_is_found(pattern, data):
    found = data.draw(st.from_regex(pattern.regex, fullmatch=True))
    text = tidy(data.draw(around) + found)
    match = pattern.regex.search(text)
    if match and pattern.holds(match[0]):
        assert text in in_values([text], "free")


@settings(max_examples=200, deadline=None)
@given(st.from_regex(identifiers._WORDS, fullmatch=True))
def test_what_reads_as_words_is_found_in_a_column_of_references(words):
    text = tidy(words)
    if identifiers._WORDS.fullmatch(text) and not identifiers._is_key(text):
        assert text in in_values([text, "SG1"], "ref")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=8))
def test_a_column_at_once_is_as_each_text_by_itself(texts):
    texts = [text for text in map(tidy, texts) if text]
    alone = {text: fault for text in texts for fault in in_values([text], "free").values()}
    assert in_values(texts, "free") == alone
    assert not any(re.fullmatch(r"\s*", text) for text in alone)
