"""The services that a body's providers tell of, each under its provider's own title."""

from __future__ import annotations

from dataclasses import replace

from analyses.services import SERVICES, Service
from evaluation.language import Text, _
from evaluation.nouns import Release
from reports.reading import read_body


def services(body: str) -> tuple[Service, ...]:
    """Those whose form one of the body's providers owes."""
    providers = read_body(body).providers.values()
    owing = {form: each.title for each in providers for form in each.forms}
    return tuple(replace(each, title=owing[each.form]) for each in SERVICES if each.form in owing)


def of_body(service: Service, release: Release) -> Service | None:
    """The service as the release's body has it; None where nobody owes its form."""
    return next((each for each in services(release.body) if each.name == service.name), None)


def every_service(release: Release) -> tuple[Service, ...]:
    """All that there are, under the titles by which the release's body knows them."""
    return tuple(replace(each, title=called(each, release)) for each in SERVICES)


def called(service: Service, release: Release) -> Text:
    """What the service is called in a sentence that has to speak of it, known or not."""
    own = of_body(service, release)
    return _("the service") if own is None else own.title
