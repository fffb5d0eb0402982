"""The forms of one area: its own local authorities, of all that there are in Wales."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from evaluation.language import Text
from evaluation.nouns import CodeList, Field, Form
from evaluation.returns.declaring import answered
from schemas._codes import codes

_LISTED, _ELSEWHERE = codes("local_authority"), "other"

AUTHORITIES = tuple(code for code in _LISTED.values if code != _ELSEWHERE)
"""The codes of the local authorities that an area may be made of."""


def in_area(
    forms: Mapping[str, Form],
    authorities: Collection[str],
    called: Mapping[Text, Text] | None = None,
) -> dict[str, Form]:
    """The forms with these local authorities for answers, and 'other' for any that is not one.

    So a template offers the area's own, and a return that names another is told so. `called` has
    other words for titles, senders and answers that name a service of another area. Raises
    ValueError with the codes that are no authority's.
    """
    if strangers := sorted(set(authorities) - set(AUTHORITIES)):
        raise ValueError(", ".join(strangers))
    allowed = {*authorities, _ELSEWHERE}
    return {name: _own(form, allowed, called or {}) for name, form in forms.items()}


def words_of(forms: Mapping[str, Form]) -> frozenset[str]:
    """All that `called` may have other words for, in English."""
    told: set[Text | None] = set()
    for form in forms.values():
        told |= {form.title, form.sent_by}
        for field in form.fields:
            if field.codes:
                told |= {field.about, *(code.label for code in field.codes.codes)}
    return frozenset(text.message for text in told if text is not None)


def _own(form: Form, allowed: Collection[str], called: Mapping[Text, Text]) -> Form:
    coded = [(field, _answers(field, allowed, called)) for field in form.fields if field.codes]
    other = [
        replace(field, codes=answers, about=field.about and called.get(field.about, field.about))
        for field, answers in coded
        if answers != field.codes
    ]
    return replace(
        answered(form, other),
        title=called.get(form.title, form.title),
        sent_by=called.get(form.sent_by, form.sent_by),
    )


def _answers(field: Field, allowed: Collection[str], called: Mapping[Text, Text]) -> CodeList:
    """The field's answers in the area, in its words."""
    assert field.codes is not None
    kept = (
        each
        for each in field.codes.codes
        if field.codes.name != _LISTED.name or each.code in allowed
    )
    words = (replace(each, label=called.get(each.label, each.label)) for each in kept)
    return replace(field.codes, codes=tuple(words))


def area_of(forms: Mapping[str, Form]) -> tuple[str, ...]:
    """The local authorities that the forms allow, in the order of the list, 'other' last."""
    lists = (field.codes for form in forms.values() for field in form.fields if field.codes)
    return next((each.values for each in lists if each.name == _LISTED.name), ())
