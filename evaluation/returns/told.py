"""What is told beside a file that has no Cover: by its name, or by who checks it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evaluation.errors import WrongUse
from evaluation.language import _
from evaluation.nouns import Finding, Form, Provider
from evaluation.quarters import Quarter
from evaluation.returns import faults
from evaluation.returns.cover import Cover
from evaluation.returns.layout import COVER_LABELS, FORM, plain, spellings

_QUARTER = re.compile(r"(?<![0-9])(20[0-9]{2}) ?-? ?q([1-4])(?![0-9])")
_ADDED = re.compile(r"(?:[ -]+(?:\([0-9]+\)|findings|copy))+$")
"""What computers add to the name of a file: 'returns (1)', 'returns - Copy'."""


@dataclass(frozen=True, slots=True)
class Told:
    """Who sends which form for when; None where that is not told."""

    provider: Provider | None = None
    quarter: Quarter | None = None
    form: str | None = None

    def or_else(self, other: Told) -> Told:
        """What is told here, and where nothing is, what is told there."""
        return Told(
            self.provider or other.provider, self.quarter or other.quarter, self.form or other.form
        )


def told(
    forms: Mapping[str, Form],
    providers: Mapping[str, Provider],
    *,
    provider: str | None = None,
    quarter: str | None = None,
    form: str | None = None,
) -> Told:
    """What a person says of a file, by names or titles. Raises WrongUse for what there is not."""
    who, what = _spellings(forms, providers)
    for said, known, names in ((provider, who, tuple(providers)), (form, what, tuple(forms))):
        if said and plain(said) not in known:
            raise WrongUse(_("There is no ‘{name}’. There are: {names}.", name=said, names=names))
    return Told(
        providers[who[plain(provider)]] if provider else None,
        Quarter.parse(quarter) if quarter else None,
        what[plain(form)] if form else None,
    )


def by_its_name(stem: str, forms: Mapping[str, Form], providers: Mapping[str, Provider]) -> Told:
    """What a file's name tells: 'st_giles_2025Q1_referrals', in that order, as far as it does."""
    who, what = _spellings(forms, providers)
    words = _ADDED.sub("", plain(stem))
    found = _QUARTER.search(words)
    if found is None:
        return Told()
    before, after = (part.strip(" -,") for part in (words[: found.start()], words[found.end() :]))
    return Told(
        providers.get(who.get(before, "")), Quarter(int(found[1]), int(found[2])), what.get(after)
    )


def _spellings(
    forms: Mapping[str, Form], providers: Mapping[str, Provider]
) -> tuple[dict[str, str], dict[str, str]]:
    return (
        spellings({name: provider.title for name, provider in providers.items()}),
        spellings({name: form.title for name, form in forms.items()}),
    )


def cover_of(said: Told, providers: Mapping[str, Provider], *, needs_form: bool) -> Cover:
    """What would stand on a Cover; what is not told is a finding."""
    wanted = (
        (COVER_LABELS["provider"], said.provider),
        (COVER_LABELS["quarter"], said.quarter),
        (FORM, said.form or not needs_form),
    )
    missing = tuple(label for label, known in wanted if not known)
    if not missing:
        return Cover(said.provider, said.quarter)
    who = said.provider or next(iter(providers.values()), None)
    owed = who.forms[0] if who and who.forms else "form"
    example = (
        f"{who.name if who else 'provider'}_{said.quarter or '2025Q1'}_{said.form or owed}.csv"
    )
    finding = faults.NOT_TOLD.at(what=missing, example=example)
    return Cover(said.provider, said.quarter, findings=(finding,))


def contradictions(said: Told, cover: Cover, sheet: str) -> list[Finding]:
    """Where the Cover says otherwise than what was told beside the file."""
    pairs = (
        ("provider", said.provider and said.provider.name, cover.provider and cover.provider.name),
        ("quarter", said.quarter, cover.quarter),
    )
    return [
        faults.TOLD_OTHERWISE.at(sheet, label=COVER_LABELS[name])
        for name, told_so, written in pairs
        if told_so and written and told_so != written
    ]
