"""From what was accepted to a report, the demonstration, and the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

import typer

from evaluation import console
from evaluation.cli.front import (
    BodyOption,
    Engine,
    FormatOption,
    JsonOption,
    Lang,
    LangOption,
    PlanOption,
    QuarterArgument,
    StoreOption,
    app,
    content,
    formats_of,
    now,
    today,
)
from evaluation.cli.making import (
    REPORTS,
    BecauseOption,
    Report,
    ThresholdOption,
    folder_of,
    make_releases,
)
from evaluation.errors import WrongUse
from evaluation.language import Language, _
from evaluation.quarters import Quarter

if TYPE_CHECKING:
    from evaluation.rendering import Format


class How(TypedDict):
    """In what a report is written, and by whom."""

    engine: Literal["auto", "quarto", "builtin"] | None
    formats: tuple[Format, ...]


class Approves(StrEnum):
    """What a person can sign."""

    release = "release"
    en = "en"
    cy = "cy"


@app.command()
def analyse(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    export: Annotated[
        Path | None,
        typer.Option(
            help="A folder for the tables behind the figures, for the evaluator alone: they hold "
            "children's rows and must not leave."
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Write over an earlier export.")
    ] = False,
    internal: Annotated[
        bool,
        typer.Option(
            "--internal",
            help="Besides, the release files of the evaluator's annex and of each provider's "
            "report, in the folder 'internal'. They are not for publication.",
        ),
    ] = False,
    because: BecauseOption = None,
    threshold: ThresholdOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Make a quarter's figures and write those that may leave into one release file."""
    if export is not None:
        _export(quarter, export, to, store, body, plan, lang.value, replace=replace, quiet=as_json)
    from analyses.releasing import keep

    kept, releases = make_releases(
        quarter, to, store, body, plan, lang.value,
        reports=REPORTS if internal else ("quarterly",), threshold=threshold,
        because=because, quiet=as_json,
    )  # fmt: skip
    for made in releases:
        keep(kept, made.release, made.place, now=now(), counts=made.counts)
        if not as_json:
            console.show_release(made.release, made.place, lang.value)
    path, *inside = (made.place for made in releases)
    if as_json:
        exported = {} if export is None else {"internal": str(export)}
        within = {"internal_releases": [str(file) for file in inside]} if inside else {}
        console.print_json({"release": str(path)} | exported | within)


@app.command()
def report(
    quarter: QuarterArgument,
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    release: Annotated[
        Path | None, typer.Option(help="Render this release file again; the store is not opened.")
    ] = None,
    engine: Annotated[
        Engine | None, typer.Option(help="Who renders; by default as the body's file says.")
    ] = None,
    formats: FormatOption = "",
    which: Annotated[
        Report, typer.Option("--report", help="The public one, or an internal one.")
    ] = Report.quarterly,
    provider: Annotated[
        str | None,
        typer.Option(help="Whose report, with --report provider; everybody's if left out."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All three reports at once.")] = False,
    because: BecauseOption = None,
    threshold: ThresholdOption = 1,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse a quarter and write its report, in English and Welsh at the same moment.

    Its release file, its report in every format and its manifest leave together, or none of them.
    """
    from reports.leaving import again, leave

    if provider is not None and which is not Report.provider:
        raise WrongUse(_("A provider is named with --report provider only."))
    how: How = {"engine": engine.value if engine else None, "formats": formats_of(formats)}
    work: dict[Path, Callable[[], Mapping[Language, Mapping[str, Path]]]]
    if release:
        work = {release: partial(again, release, to or release.parent, **how)}
    else:
        kept, releases = make_releases(
            quarter, to, store, body, plan, lang.value,
            reports=REPORTS if every else (which.value,), provider=provider, threshold=threshold,
            because=because, quiet=as_json,
        )  # fmt: skip
        work = {
            one.place: partial(
                leave, kept, one.release, one.place, now=now(), counts=one.counts, **how
            )
            for one in releases
        }
    written: dict[str, dict[str, dict[str, str]]] = {}
    with console.progress(lang.value, quiet=as_json) as step:
        update = step(_("Writing the report in both languages"))
        for done, (path, write) in enumerate(work.items(), start=1):
            written[str(path)] = {
                language: {ending: str(file) for ending, file in files.items()}
                for language, files in write().items()
            }
            update(done, len(work))
    if not (release or as_json):
        for one in releases:
            console.show_release(one.release, one.place, lang.value)
    if as_json:
        first, *others = written
        inside = {"internal": {path: written[path] for path in others}} if others else {}
        console.print_json({"release": first} | written[first] | inside)
    else:
        for pages_of in written.values():
            for files in pages_of.values():
                for file in files.values():
                    console.say(_("Written: {file}", file=file), lang.value)


@app.command()
def approve(
    quarter: QuarterArgument,
    what: Annotated[
        Approves, typer.Option(help="The release as a whole, or its text in a language.")
    ],
    by: Annotated[str, typer.Option(help="Who approves it: a name, and in what office.")],
    to: Annotated[Path | None, typer.Option(help="The folder of the release.")] = None,
    release: Annotated[
        Path | None, typer.Option(help="Another release file, such as an internal one.")
    ] = None,
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    as_json: JsonOption = False,
) -> None:
    """Sign what stands in a release's folder: the ledger and the manifest say who did, and when.

    Welsh that a person has approved is no longer marked as a draft.
    """
    from evaluation.store import open_store
    from reports.leaving import sign

    file = release or folder_of(to, body, Quarter.parse(quarter)) / "release.json"
    with console.progress(lang.value, quiet=as_json) as step:
        update = step(_("Writing the report in both languages"))
        sign(open_store(store), file, what.value, by=by, now=now())
        update(1, 1)
    if as_json:
        console.print_json({"release": str(file), "approved": what.value, "by": by})
    else:
        console.say(
            _("Approved by {by}, and recorded: {what}.", by=by, what=console.APPROVED[what.value]),
            lang.value,
        )


@app.command()
def demo(
    to: Annotated[Path, typer.Option(help="The folder to make.")] = Path("demo"),
    effect: Annotated[
        float, typer.Option(help="What referral does to a child's risk: 1 is nothing, 0.7 a fall.")
    ] = 0.7,
    seed: Annotated[int, typer.Option(help="Another seed, other invented children.")] = 1,
    lang: LangOption = Lang.en,
) -> None:
    """Invent eight quarters of returns, take them in, and report on them: the whole road."""
    from reports.demo import make_demo

    with console.progress(lang.value) as step:
        page = make_demo(to, effect=effect, seed=seed, language=lang.value, step=step, now=now())
    console.say(_("Open {file} in a browser: it leads you through.", file=str(page)), lang.value)


@app.command()
def dictionary(
    to: Annotated[Path, typer.Option(help="The folder to write to.")] = Path("data_dictionary"),
    lang: LangOption = Lang.en,
    body: BodyOption = "gwent",
) -> None:
    """Write the data dictionary anew from the forms: pages for people, schemas for programs."""
    from evaluation.returns.dictionary import write_dictionary

    forms, _providers, _due_days = content(body)
    for path in write_dictionary(forms, to, lang.value):
        console.say(_("Written: {file}", file=str(path)), lang.value)


def _export(
    quarter: str,
    export: Path,
    to: Path | None,
    store: Path,
    body: str,
    plan: Path | None,
    language: Language,
    *,
    replace: bool,
    quiet: bool,
) -> None:
    from analyses.exporting import export as write_export
    from analyses.plan import read_plan
    from evaluation.store import open_store, take_snapshot
    from schemas import area_of

    forms, _providers, _due_days = content(body)
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    inside, released = export.resolve(), folder_of(to, body, when).resolve()
    if released in {inside, *inside.parents} or inside in released.parents:
        raise WrongUse(
            _(
                "{folder} lies where the release goes, which others are given. Name another "
                "folder for the children’s rows: --export",
                folder=str(export),
            )
        )
    snapshot = take_snapshot(kept, when, forms, area=area_of(forms))
    write_export(snapshot, rules, export, made_on=today(), replace=replace)
    if not quiet:
        console.show_export(export, language)
