"""The same question by other roads: one file each. The folder is the list; a new file is a new one.

Each file has `figures(cohort, at_risk, snapshot, plan) -> list[Estimate]`, every figure of section
're_missing' and role 'sensitivity'. None of them may carry a claim.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import TypeAlias

from analyses.plan import Plan
from evaluation.nouns import AtRisk, Cohort, Estimate, Snapshot

Figures: TypeAlias = Callable[[Cohort, AtRisk, Snapshot, Plan], list[Estimate]]

SENSITIVITY: Mapping[str, Figures] = MappingProxyType(
    {
        module.name: import_module(f"{__name__}.{module.name}").figures
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    }
)


def every(cohort: Cohort, at_risk: AtRisk, snapshot: Snapshot, plan: Plan) -> list[Estimate]:
    """The figures of every file of the folder, in the order of their names."""
    return [one for make in SENSITIVITY.values() for one in make(cohort, at_risk, snapshot, plan)]
