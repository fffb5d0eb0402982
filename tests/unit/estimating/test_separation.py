import itertools

import numpy as np
import pytest

from evaluation.estimating.separation import endless


def rows(x, y):
    columns = np.column_stack([np.ones(len(y)), x])
    return np.where(np.asarray(y) == 1, 1.0, -1.0)[:, np.newaxis] * columns


@pytest.mark.parametrize("counts", list(itertools.product((0, 2), repeat=4)))
def test_two_groups_are_separated_where_a_cell_is_empty(counts):
    x = np.repeat([0, 0, 1, 1], counts)
    y = np.repeat([0, 1, 0, 1], counts)
    if len(set(x)) < 2:
        return  # the group says nothing beside the intercept
    assert endless(rows(x, y)).any() == (0 in counts)


def test_the_column_that_separates_is_named_alone():
    rng = np.random.default_rng(2)
    other = rng.normal(size=40)
    level = (np.arange(40) < 8).astype(float)
    y = np.where(level == 1, 1, rng.integers(0, 2, 40))
    assert endless(rows(np.column_stack([level, other]), y)).tolist() == [False, True, False]


def test_columns_that_separate_only_together_are_found():
    # Neither is separated by itself: y is 1 where their sum is above 0.
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 2))
    y = (x.sum(axis=1) > 0).astype(int)
    assert not endless(rows(x[:, 0], y)).any()
    assert endless(rows(x, y))[1:].all()


def test_many_rows_are_seen_in_turns():
    rng = np.random.default_rng(6)
    x = rng.normal(size=(20_000, 2))
    y = rng.integers(0, 2, len(x))
    assert not endless(rows(x, y)).any()
    assert endless(rows(x, (x[:, 0] > 1).astype(int)))[1]


def test_scale_does_not_matter():
    x = np.array([[1e9, 1e-9], [2e9, 3e-9], [3e9, 1e-9], [4e9, 2e-9]])
    assert endless(rows(x[:, :1], [0, 0, 1, 1])).tolist() == [True, True]
    assert not endless(rows(x[:, :1], [0, 1, 0, 1])).any()
