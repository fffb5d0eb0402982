"""The release files of a quarter: the public one, and what is internal, each where it belongs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evaluation import console
from evaluation.cli.front import content, today
from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.nouns import Release
from evaluation.quarters import Quarter

if TYPE_CHECKING:
    from evaluation.store import Store


class Report(StrEnum):
    """The reports that there are."""

    quarterly = "quarterly"
    annex = "annex"
    provider = "provider"


class Because(StrEnum):
    """Why a release takes the place of an earlier one: the codes of CORRECTIONS."""

    late_return = "late_return"
    corrected_return = "corrected_return"
    withdrawn_return = "withdrawn_return"
    analysis = "analysis"
    plan = "plan"


@dataclass(frozen=True)
class Made:
    """A release, where its file is to stand, and the exact counts behind it, for the ledger alone."""

    release: Release
    place: Path
    counts: str | None


BecauseOption = Annotated[
    Because | None,
    typer.Option(
        help="Where a release of the quarter has left before and this one differs: why. Readers "
        "are told."
    ),
]

REPORTS: tuple[str, ...] = tuple(Report)

ThresholdOption = Annotated[
    int,
    typer.Option(
        min=1,
        help="In internal reports, withhold figures from fewer children than this, and round "
        "counts to 5; 1 withholds and rounds nothing.",
    ),
]


def make_releases(
    quarter: str,
    to: Path | None,
    store: Path,
    body: str,
    plan: Path | None,
    language: Language,
    *,
    reports: Collection[str],
    provider: str | None = None,
    threshold: int = 1,
    because: str | None = None,
    quiet: bool,
) -> tuple[Store, list[Made]]:
    """Analyse a quarter, and make the release of each of these reports; none of them has left yet.

    The quarterly one comes first. `because` is why it corrects an earlier one. `provider` is the one whose data are given back; all of them
    without it.
    """
    from analyses.comparing import correcting
    from analyses.plan import read_plan
    from analyses.releasing import (
        Analysed,
        annex,
        counts_of,
        holds_invented,
        look,
        own_data,
        place_in,
        public,
    )
    from evaluation.disclosure import INTERNAL
    from evaluation.returns.owing import read_state
    from evaluation.store import open_store
    from reports.reading import read_body

    if because is not None and "quarterly" not in reports:
        raise WrongUse(_("Only the public report is corrected: leave --because out."))
    forms, providers, due_days = content(body)
    day = today()
    asked = providers if provider is None else {provider: providers[_known(provider, providers)]}
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    policy = INTERNAL if threshold == 1 else replace(INTERNAL, fewest_children=threshold, base=5)
    told = read_body(body, invented=holds_invented(kept))
    made: list[Release] = []
    found: Analysed | None = None
    with console.progress(language, quiet=quiet) as step:
        if {"quarterly", "annex"} & set(reports):
            found = look(
                kept, when, forms, body=body, providers=providers, contracts=told.contracts,
                events=told.events, plan=rules,
                progress=step(_("Analysing {quarter}", quarter=str(when))),
            )  # fmt: skip
        if found and "quarterly" in reports:
            made.append(correcting(kept, public(found, made_on=day), because))
        if found and "annex" in reports:
            state = read_state(kept, when, forms, providers, due_days=due_days, today=day)
            update = step(_("Asking the same question by other roads"))
            made.append(annex(found, state, providers, made_on=day, policy=policy, progress=update))
        if "provider" in reports:
            update = step(_("Giving providers their own data back"))
            made += own_data(
                kept, when, forms, body=body, providers=asked, due_days=due_days, plan=rules,
                made_on=day, policy=policy,
            ).values()  # fmt: skip
            update(1, 1)
    folder = folder_of(to, body, when)
    return kept, [
        Made(release, place_in(folder, release), counts_of(release, found)) for release in made
    ]


def folder_of(to: Path | None, body: str, quarter: Quarter) -> Path:
    """Where a quarter's releases and reports go."""
    return to or Path("releases") / f"{body}-{quarter}"


def _known(name: str, providers: Collection[str]) -> str:
    if name not in providers:
        raise WrongUse(
            _(
                "There is no provider ‘{name}’. Known are: {known}.",
                name=name[:40],
                known=", ".join(providers),
            )
        )
    return name
