"""The room's page names every estimator, and no other."""

import importlib
import inspect
import pkgutil
import re
from fnmatch import fnmatch

import evaluation.estimating
from evaluation.estimating.found import Found

PAGE = evaluation.estimating.__doc__.partition("`found.Found`")[0]
NAMED = set(re.findall(r"[a-z_*]*_[a-z_*]*|[a-z]+", PAGE))
STEPS_ON_THE_WAY = {"chart", "described", "hazard_ratios", "overdispersion", "ratios"}


def estimators() -> set[str]:
    """The public functions of public modules that give a `Found`."""
    found = set()
    for module in pkgutil.walk_packages(evaluation.estimating.__path__, "evaluation.estimating."):
        if "._" in module.name:
            continue
        made = importlib.import_module(module.name)
        for name, one in inspect.getmembers(made, inspect.isfunction):
            if name.startswith("_") or one.__module__ != module.name:
                continue
            given = inspect.signature(one, eval_str=False).return_annotation
            kind = getattr(made, str(given), None)
            if inspect.isclass(kind) and issubclass(kind, Found):
                found.add(name)
    return found


def test_every_estimator_is_on_the_page():
    missing = {
        name
        for name in estimators() - STEPS_ON_THE_WAY
        if not any(fnmatch(name, pattern) for pattern in NAMED)
    }
    assert missing == set()


def test_whatever_the_page_calls_is_there():
    calls = {name for name in NAMED if "_" in name and "*" not in name}
    there = set()
    for module in pkgutil.walk_packages(evaluation.estimating.__path__, "evaluation.estimating."):
        there |= {module.name.rpartition(".")[2], *vars(importlib.import_module(module.name))}
    known = {"at_risk_table", "child_key"}
    assert calls - there - known == set()
