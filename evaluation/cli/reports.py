"""From what was accepted to a report, the demonstration, and the data dictionary."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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
from evaluation.language import Language, _
from evaluation.quarters import Quarter


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
    as_json: JsonOption = False,
) -> None:
    """Make a quarter's figures and write those that may leave into one release file."""
    if export is not None:
        _export(quarter, export, to, store, body, plan, lang.value, replace=replace, quiet=as_json)
    path = _analyse(quarter, to, store, body, plan, lang.value, quiet=as_json)
    if as_json:
        exported = {} if export is None else {"internal": str(export)}
        console.print_json({"release": str(path)} | exported)


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
    lang: LangOption = Lang.en,
    store: StoreOption = Path("store"),
    body: BodyOption = "gwent",
    plan: PlanOption = None,
    as_json: JsonOption = False,
) -> None:
    """Analyse a quarter and write its report, in English and Welsh at the same moment."""
    from reports.making import make_reports

    path = release or _analyse(quarter, to, store, body, plan, lang.value, quiet=as_json)
    with console.progress(lang.value, quiet=as_json) as step:
        update = step(_("Writing the report in both languages"))
        pages = make_reports(
            path,
            to or path.parent,
            engine=engine.value if engine else None,
            formats=formats_of(formats),
        )
        update(1, 1)
    if as_json:
        written: dict[str, object] = {
            language: {ending: str(file) for ending, file in files.items()}
            for language, files in pages.items()
        }
        console.print_json({"release": str(path)} | written)
    else:
        for file in (file for files in pages.values() for file in files.values()):
            console.say(_("Written: {file}", file=str(file)), lang.value)


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
) -> None:
    """Write the data dictionary anew from the forms: pages for people, schemas for programs."""
    from evaluation.returns.dictionary import write_dictionary
    from schemas import FORMS

    for path in write_dictionary(FORMS, to, lang.value):
        console.say(_("Written: {file}", file=str(path)), lang.value)


def _analyse(
    quarter: str,
    to: Path | None,
    store: Path,
    body: str,
    plan: Path | None,
    language: Language,
    *,
    quiet: bool,
) -> Path:
    from analyses.plan import read_plan
    from analyses.releasing import analyse as release_of
    from evaluation.disclosure import write_release
    from evaluation.store import open_store, record_release
    from reports.reading import read_body

    forms, providers, _due_days = content(body)
    told = read_body(body)
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    with console.progress(language, quiet=quiet) as step:
        release = release_of(
            kept,
            when,
            forms,
            body=body,
            providers=providers,
            contracts=told.contracts,
            events=told.events,
            plan=rules,
            made_on=today(),
            progress=step(_("Analysing {quarter}", quarter=str(when))),
        )
    folder = _folder(to, body, when)
    folder.mkdir(parents=True, exist_ok=True)
    path = write_release(release, folder / "release.json")
    record_release(kept, release, path, now=now())
    if not quiet:
        console.show_release(release, path, language)
    return path


def _folder(to: Path | None, body: str, quarter: Quarter) -> Path:
    return to or Path("releases") / f"{body}-{quarter}"


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
    from evaluation.errors import WrongUse
    from evaluation.store import open_store, take_snapshot

    forms, _providers, _due_days = content(body)
    when, kept, rules = Quarter.parse(quarter), open_store(store), read_plan(plan)
    inside, released = export.resolve(), _folder(to, body, when).resolve()
    if released in {inside, *inside.parents} or inside in released.parents:
        raise WrongUse(
            _(
                "{folder} lies where the release goes, which others are given. Name another "
                "folder for the children’s rows: --export",
                folder=str(export),
            )
        )
    snapshot = take_snapshot(kept, when, forms)
    write_export(snapshot, rules, export, made_on=today(), replace=replace)
    if not quiet:
        console.show_export(export, language)
