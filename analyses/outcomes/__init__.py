"""The outcomes: one file each. The folder is the list; a new file is a new outcome.

An evaluator without a checkout may keep outcomes in a folder of their own: where the environment
names it in EVALUATION_OUTCOMES, its files are outcomes as well. Those of the project go first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from evaluation.nouns import Outcome

__path__.extend(filter(None, [os.environ.get("EVALUATION_OUTCOMES")]))

OUTCOMES: Mapping[str, Outcome] = MappingProxyType(
    {
        module.name: import_module(f"{__name__}.{module.name}").OUTCOME
        for module in iter_modules(__path__)
    }
)
