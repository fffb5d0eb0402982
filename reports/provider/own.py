"""The figures of a provider's release, as its sections ask for them."""

from __future__ import annotations

from evaluation.nouns import Figure, Release
from evaluation.quarters import Quarter
from reports.reading import body_of, find, one
from schemas import FORMS


def forms(release: Release) -> tuple[str, ...]:
    """The forms that the provider owes, in the body's order."""
    known = body_of(release).providers
    whose = release.provider or ""
    return known[whose].forms if whose in known else ()


def of_return(release: Release, measure: str, form: str, quarter: Quarter) -> Figure | None:
    """A figure about the return of a form for a quarter."""
    group = f"{release.provider}/{form}/{quarter}"
    return one(release, measure, section="returns", group=group)


def has_come(release: Release, form: str) -> bool:
    """Whether a return of the form was accepted for the quarter."""
    found = of_return(release, "days_after_due", form, release.quarter)
    return found is not None and found.value is not None


def tells_of_children(form: str) -> bool:
    """Whether a row of the form is about a child."""
    return any(field.name == "child_key" for field in FORMS[form].fields)


def waiting_for_a_reason(release: Release) -> tuple[tuple[str, Quarter, Figure], ...]:
    """Rules with findings that have no reason yet: the rule, the quarter, and how many."""
    told = []
    for figure in find(release, "rule_to_explain", section="returns"):
        _provider, rule, quarter = figure.group.split("/")
        told.append((rule, Quarter.parse(quarter), figure))
    return tuple(told)


def blanks(release: Release) -> tuple[Figure, ...]:
    """Wanted fields with blanks in this quarter's return, the most blanks first."""
    held = (f for f in find(release, "blanks", section="own_records") if f.value)
    return tuple(sorted(held, key=lambda figure: (-(figure.value or 0), figure.group)))
