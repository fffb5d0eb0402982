"""A comparison that leans on one child is warned of, without a word of that child."""

import pandas as pd
import pytest

from analyses.quarterly.alike import leaning
from evaluation.wording import ASSUMPTIONS


def children(referred, others):
    return pd.DataFrame(
        {
            "arm": ["referred"] * len(referred) + ["not_referred"] * len(others),
            "events": [*referred, *others],
        }
    )


@pytest.mark.parametrize(
    ("referred", "others", "leans"),
    [
        ([2] * 10, [2] * 10, False),
        ([4, *[2] * 8], [2] * 10, True),  # 4 of 20 are a fifth
        ([4, *[2] * 9], [2] * 10, False),  # 4 of 22 are not
        ([2] * 10, [40, *[2] * 10], True),  # of the other arm too
        ([0] * 10, [2] * 10, False),  # an arm without any leans on nobody
        ([], [2] * 10, False),
    ],
)
def test_a_fifth_of_an_arms_events_is_a_large_part_for_one_child(referred, others, leans):
    assert leaning(children(referred, others)) == (("carried_by_few",) if leans else ())


def test_its_words_tell_no_number_and_no_single_child():
    words = str(ASSUMPTIONS["carried_by_few"])
    assert "one child" not in words.lower()
    assert not any(letter.isdigit() for letter in words)
