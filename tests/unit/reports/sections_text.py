"""What a section of the quarterly report says, as text."""

import re
from importlib import import_module
from pkgutil import iter_modules

from reports.quarterly import sections

SECTIONS = sorted(module.name for module in iter_modules(sections.__path__))


def as_written(name, release, language):
    return import_module(f"reports.quarterly.sections.{name}").section(release, language).data


def written(name, release, language):
    """A section's words, without the links that lead to the glossary."""
    return re.sub(r"\[([^\]]+)\]\(#word-[\w-]+\)", r"\1", as_written(name, release, language))


def numbers(markdown):
    """Every number that a reader meets, in order; months are words, and are not compared."""
    return re.findall(r"[−+]?\d+(?:,\d{3})*(?:\.\d+)?%?", markdown)
