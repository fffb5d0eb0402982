"""Returns, forms, fields and rules in the words of a reader."""

from __future__ import annotations

from evaluation.language import Text, _, n_
from evaluation.nouns import Figure, Release
from evaluation.returns.faults import FAULTS
from reports.reading import body_of
from schemas import FORMS


def provider_title(release: Release, name: str) -> Text:
    """The provider's title in the body's file."""
    known = body_of(release).providers
    return known[name].title if name in known else Text(name)


def form_title(release: Release, name: str) -> Text:
    """What the form is called in the release's body."""
    return body_of(release).form_title(name)


def field_title(release: Release, group: str, *, alone: bool = False) -> Text:
    """'form.field' in the titles of the form and the field, or of the field alone."""
    form, _dot, field = group.partition(".")
    if form not in FORMS:
        return Text(group)
    title = FORMS[form].field(field).title
    return title if alone else _("{form}: {field}", form=form_title(release, form), field=title)


def rule_says(rule: str) -> Text:
    """What a rule asks, or what a fault of reading means, by its id."""
    asked = {each.id: each.says for form in FORMS.values() for each in form.rules}
    found = {each.id: each.message for each in FAULTS}
    return asked.get(rule) or found.get(rule) or Text(rule)


def came_on(figure: Figure | None) -> Text:
    """When a return came, against the day on which it was due."""
    if figure is None or figure.value is None:
        return _("Has not come")
    days = int(figure.value)
    if days > 0:
        return n_("{count} day late", "{count} days late", days)
    if days < 0:
        return n_("{count} day early", "{count} days early", -days)
    return _("On the day it was due")
