"""The example in the docstring of each public function runs and gives what it says."""

import doctest
import importlib
import pkgutil

import pytest

import evaluation.estimating

MODULES = [
    module.name
    for module in pkgutil.walk_packages(evaluation.estimating.__path__, "evaluation.estimating.")
    if not module.ispkg and not module.name.rpartition(".")[2].startswith("_")
]
WITHOUT_FUNCTIONS_OF_THEIR_OWN = {"limits", "design", "two_arms"}


@pytest.mark.parametrize("name", MODULES)
def test_examples_run(name):
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0
    assert found.attempted or name.rpartition(".")[2] in WITHOUT_FUNCTIONS_OF_THEIR_OWN
