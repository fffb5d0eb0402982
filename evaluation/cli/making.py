"""The release files of a quarter: the public one, and what is internal, each where it belongs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evaluation import console
from evaluation.cli.front import content, now, today
from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.quarters import Quarter


class Report(StrEnum):
    """The reports that there are."""

    quarterly = "quarterly"
    annex = "annex"
    provider = "provider"


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
    quiet: bool,
) -> list[Path]:
    """Analyse a quarter, write the release file of each of these reports, and record it.

    The quarterly one comes first. `provider` is the one whose data are given back; all of them
    without it.
    """
    from analyses.plan import read_plan
    from analyses.releasing import Analysed, annex, keep, look, own_data, public
    from evaluation.disclosure import INTERNAL
    from evaluation.nouns import Release
    from evaluation.returns.owing import read_state
    from evaluation.store import open_store
    from reports.reading import read_body

    forms, providers, due_days = content(body)
    told, day = read_body(body), today()
    asked = providers if provider is None else {provider: providers[_known(provider, providers)]}
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    policy = INTERNAL if threshold == 1 else replace(INTERNAL, fewest_children=threshold, base=5)
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
            made.append(public(found, made_on=day))
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
    folder, moment = folder_of(to, body, when), now()
    paths = []
    for release in made:
        paths.append(keep(kept, release, folder, now=moment, found=found))
        if not quiet:
            console.show_release(release, paths[-1], language)
    return paths


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
