"""The example in the docstring of each public function runs and gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import evaluation.estimating

MODULES = [
    module.name
    for module in pkgutil.iter_modules(evaluation.estimating.__path__)
    if not module.name.startswith("_")
]
WITHOUT_FUNCTIONS_OF_THEIR_OWN = {"limits", "design", "two_arms"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    found = doctest.testmod(importlib.import_module(f"evaluation.estimating.{name}"))
    assert found.failed == 0
    assert found.attempted or name in WITHOUT_FUNCTIONS_OF_THEIR_OWN
