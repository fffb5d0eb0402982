"""Awkward files as providers send them, each made by a small function named for what is awkward."""

from tests.corpus import (  # noqa: F401 (their cases are listed as they are read)
    cells,
    formats,
    hostile,
    layouts,
    people,
)
from tests.corpus.cases import CASES as CASES
from tests.corpus.cases import PROVIDERS as PROVIDERS
