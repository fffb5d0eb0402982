"""The outcomes: one file each. The folder is the list; a new file is a new outcome."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from evaluation.nouns import Outcome

OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        module.name: import_module(f"{__name__}.{module.name}").OUTCOME
        for module in iter_modules(__path__)
    }
)
