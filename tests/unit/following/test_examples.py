"""The examples in the docstrings run and give what they say."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["at_risk", "splitting", "recurring"])
def test_examples_run(name):
    found = doctest.testmod(importlib.import_module(f"evaluation.following.{name}"))
    assert (found.failed, found.attempted > 0) == (0, True)
