"""The forms that providers send: one file each, found by their folder."""

from importlib import import_module
from pkgutil import iter_modules

from evaluation.nouns import Form
from schemas._area import AUTHORITIES as AUTHORITIES
from schemas._area import area_of as area_of
from schemas._area import in_area as in_area
from schemas._area import words_of as words_of


def _forms() -> dict[str, Form]:
    names = sorted(name for _, name, _ in iter_modules(__path__) if not name.startswith("_"))
    return {name: import_module(f"{__name__}.{name}").FORM for name in names}


FORMS: dict[str, Form] = _forms()
"""Every form by its name, for any area: a body's own are `in_area`. A new file here is a new form."""
