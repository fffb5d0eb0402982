"""The forms of one area: its own local authorities, of all that there are in Wales."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from evaluation.nouns import Form
from evaluation.returns.declaring import narrowed
from schemas._codes import codes

_LISTED, _ELSEWHERE = codes("local_authority"), "other"

AUTHORITIES = tuple(code for code in _LISTED.values if code != _ELSEWHERE)
"""The codes of the local authorities that an area may be made of."""


def in_area(forms: Mapping[str, Form], authorities: Collection[str]) -> dict[str, Form]:
    """The forms with these local authorities for answers, and 'other' for any that is not one.

    So a template offers the area's own, and a return that names another is told so. Raises
    ValueError with the codes that are no authority's.
    """
    if strangers := sorted(set(authorities) - set(AUTHORITIES)):
        raise ValueError(", ".join(strangers))
    own = tuple(code for code in _LISTED.codes if code.code in {*authorities, _ELSEWHERE})
    here = replace(_LISTED, codes=own)
    return {
        name: narrowed(form, {each.name: here for each in form.fields if each.codes == _LISTED})
        for name, form in forms.items()
    }


def area_of(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """The local authorities that the forms allow, in the order of the list, 'other' last."""
    lists = (field.codes for form in forms.values() for field in form.fields if field.codes)
    return next((each.values for each in lists if each.name == _LISTED.name), ())
